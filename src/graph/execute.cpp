#include "graph/execute.hpp"

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "graph/compute.hpp"

namespace ezkl {

FloatTensor execute_node(const Node& node, std::span<const FloatTensor> operands, const RunArgs& args,
                         Semantics semantics) {
  std::vector<Shape> shapes;
  for (const FloatTensor& operand : operands) shapes.push_back(operand.shape);
  const std::vector<int> scales(operands.size(), 0);
  const OpContext context{node.op, shapes, scales, args, semantics, node.name};
  FloatTensor result = compute(op_entry(node.op.kind), context, {operands.begin(), operands.end()}, node.type);
  EZKL_ENSURE(result.data.size() == volume(result.shape), "an operator's reference fills its shape");
  return result;
}

void execute(const Graph& graph, std::span<const FloatTensor> inputs, const RunArgs& args,
             const std::function<void(std::uint32_t, const FloatTensor&)>& seen) {
  if (inputs.size() != graph.inputs.size()) {
    throw Error(Fault::format, "the model has " + std::to_string(graph.inputs.size()) + " inputs, not " +
                                   std::to_string(inputs.size()));
  }
  std::vector<FloatTensor> values(graph.nodes.size());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Node& node = graph.nodes[graph.inputs[k]];
    if (inputs[k].data.size() != volume(node.shape)) {
      throw Error(Fault::format, "input '" + node.name + "' has " + std::to_string(inputs[k].data.size()) +
                                     " elements, the model wants " + to_string(node.shape));
    }
    values[graph.inputs[k]] = {node.type, node.shape, inputs[k].data};
  }
  std::vector<std::size_t> last(graph.nodes.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::uint32_t source : graph.nodes[i].inputs) last[source] = i;
  }

  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.op.kind == "Constant") {
      values[i] = {node.type, node.shape, node.constant->floats};
    } else if (node.op.kind == "ForceScale") {
      values[i] = values[node.inputs[0]];  // a scale is nothing to real numbers
    } else if (node.op.kind != "Input") {
      std::vector<FloatTensor> operands;
      for (const std::uint32_t source : node.inputs) operands.push_back(values[source]);
      values[i] =
          in_context("node '" + node.name + "'", [&] { return execute_node(node, operands, args, graph.semantics); });
    }
    seen(static_cast<std::uint32_t>(i), values[i]);
    for (const std::uint32_t source : node.inputs) {
      if (last[source] == i) values[source] = {};
    }
  }
}

std::vector<FloatTensor> execute(const Graph& graph, std::span<const FloatTensor> inputs, const RunArgs& args) {
  std::vector<FloatTensor> outputs(graph.outputs.size());
  execute(graph, inputs, args, [&](std::uint32_t node, const FloatTensor& value) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (graph.outputs[i] == node) outputs[i] = value;
    }
  });
  return outputs;
}

}  // namespace ezkl
