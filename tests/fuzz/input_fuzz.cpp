// input.json, read and quantized for inputs of every type.
#include <algorithm>

#include "artifact/input_file.hpp"
#include "fuzz.hpp"

namespace ezkl {
namespace {

bool same(const InputValue& a, const InputValue& b) {
  return a.kind == b.kind && a.felt == b.felt &&
         (a.number == b.number || (a.number != a.number && b.number != b.number));
}

}  // namespace
}  // namespace ezkl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  const auto parsed = [](std::string_view text) { return parse_input_json(text, "input"); };
  fuzz::takes([&] {
    const InputData data = parsed(fuzz::text_of({bytes, size}));
    const InputData again = parsed(input_text(data.inputs));
    fuzz::require(data.inputs.size() == again.inputs.size(), "another number of lists after writing");
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
      fuzz::require(std::ranges::equal(data.inputs[i], again.inputs[i], same), "other values after writing");
    }
    for (const DType type : {DType::f16, DType::f32, DType::f64, DType::i64, DType::u8, DType::boolean}) {
      std::vector<InputSpec> specs;
      for (const auto& list : data.inputs) specs.push_back({"x", {list.size()}, type, size % 2 ? 7 : 100});
      fuzz::takes([&] { quantize_inputs(data, specs); });
      for (auto& spec : specs) spec.shape = {1 + size % 3};
      fuzz::takes([&] { split_samples(data, specs); });
    }
  });
  return 0;
}
