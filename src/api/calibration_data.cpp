#include "api/calibration_data.hpp"

#include "ezkl/error.hpp"

namespace ezkl {

std::vector<FloatTensor> float_inputs(const Graph& graph, const InputData& sample) {
  if (sample.inputs.size() < graph.inputs.size()) {
    throw Error(Fault::format, sample.source + ": " + std::to_string(sample.inputs.size()) + " lists for a model with " +
                                   std::to_string(graph.inputs.size()) + " inputs");
  }
  std::vector<FloatTensor> out;
  for (std::size_t k = 0; k < graph.inputs.size(); ++k) {
    const Node& node = graph.nodes[graph.inputs[k]];
    FloatTensor t{node.type, node.shape, {}};
    for (const InputValue& value : sample.inputs[k]) {
      if (value.kind == InputValue::Kind::felt) {
        throw Error(Fault::format, sample.source + ": input " + std::to_string(k) +
                                       " holds field elements; comparing with the float model needs numbers");
      }
      t.data.push_back(round_to(node.type, value.number));
    }
    if (t.data.size() != volume(node.shape)) {
      throw Error(Fault::format, sample.source + ": input " + std::to_string(k) + " has " + std::to_string(t.data.size()) +
                                     " elements, the model wants " + to_string(node.shape));
    }
    out.push_back(std::move(t));
  }
  return out;
}

}  // namespace ezkl
