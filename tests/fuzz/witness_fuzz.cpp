// witness.json.
#include "artifact/witness_file.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace ezkl;
  fuzz::takes([&] {
    const std::string text = witness_text(parse_witness(fuzz::text_of({bytes, size}), "witness"));
    fuzz::require(witness_text(parse_witness(text, "again")) == text, "another witness after writing");
  });
  return 0;
}
