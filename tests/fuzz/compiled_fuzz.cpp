// model.compiled with its checksum made right: what every command that takes one does with it first.
#include "artifact/compiled_file.hpp"
#include "circuit/configure.hpp"
#include "fuzz.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"
#include "tensor/shape.hpp"

namespace ezkl {
namespace {

constexpr std::size_t most_elements = 1 << 12;

/// What gen-witness does with small models, on one input.
void evaluate(const Graph& graph, const claims::Record& record) {
  std::vector<claims::Values> inputs;
  std::size_t elements = 0;
  for (const std::uint32_t i : graph.inputs) elements += volume(graph.nodes[i].shape);
  for (const Node& node : graph.nodes) elements += volume(node.shape);
  if (elements > most_elements) return;
  for (const std::uint32_t i : graph.inputs) {
    claims::Values& values = inputs.emplace_back(volume(graph.nodes[i].shape));
    for (std::size_t j = 0; j < values.size(); ++j) values[j] = static_cast<Int128>(j) - 2;
  }
  claims::Evaluation(record, std::move(inputs)).run();
}

}  // namespace
}  // namespace ezkl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ezkl;
  fuzz::takes([&] { parse_compiled({data, size}, "as it is"); });
  const std::vector<std::uint8_t> bytes = fuzz::resealed({data, size});
  fuzz::takes([&] {
    CompiledModel model = parse_compiled(bytes, "model");
    const std::vector<std::uint8_t> written = compiled_bytes(model);
    CompiledModel again = parse_compiled(written, "again");
    fuzz::require(compiled_bytes(again) == written, "another model after writing");
    fuzz::takes([&] { configure(model.settings); });
    const claims::Record record = ezkl::record(model.graph, model.settings.run_args);
    evaluate(model.graph, record);
  });
  return 0;
}
