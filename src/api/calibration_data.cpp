#include "api/calibration_data.hpp"

#include "api/loaded_model.hpp"
#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {

std::vector<FloatTensor> float_inputs(const Graph& graph, const InputData& sample) {
  std::vector<std::string> names;
  for (const InputSpec& spec : input_specs(graph)) names.push_back(spec.name);
  const auto lists = lists_of(sample, names);
  EZKL_ENSURE(lists.size() >= graph.inputs.size(), "a sample holds a list for each input");
  std::vector<FloatTensor> out;
  for (std::size_t k = 0; k < graph.inputs.size(); ++k) {
    const Node& node = graph.nodes[graph.inputs[k]];
    FloatTensor t{node.type, node.shape, {}};
    const std::string place = "an input of type " + std::string(name(node.type));
    for (const InputValue& value : *lists[k]) {
      in_context(sample.source + ": input '" + node.name + "': element " + std::to_string(t.data.size()),
                 [&] { check_kind(value, node.type, place); });
      const bool felt = value.kind == InputValue::Kind::felt;
      if (felt && !claims::is_integer(value.felt)) {
        throw Error(Fault::unsupported, "inputs are field elements: element " + std::to_string(t.data.size()) +
                                            " of input '" + node.name + "' is no number of the float model");
      }
      t.data.push_back(round_to(node.type, felt ? dequantize(value.felt.to_int128_lossy(), node.scale) : value.number));
    }
    out.push_back(std::move(t));
  }
  return out;
}

}  // namespace ezkl
