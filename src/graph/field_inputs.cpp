#include "graph/field_inputs.hpp"

#include <string>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr const char* mark = "field";

}  // namespace

void mark_field_inputs(Graph& graph, const std::vector<std::size_t>& inputs) {
  for (const std::size_t i : inputs) {
    if (i >= graph.inputs.size()) {
      throw Error(Fault::format, "field elements in input " + std::to_string(i) + " of a model that has " +
                                     std::to_string(graph.inputs.size()) + " inputs, numbered from 0");
    }
    graph.nodes[graph.inputs[i]].op.attributes[mark] = std::int64_t{1};
  }
}

std::vector<std::size_t> field_inputs(const Graph& graph) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    if (is_field_input(graph.nodes[graph.inputs[i]])) out.push_back(i);
  }
  return out;
}

bool is_field_input(const Node& input) { return input.op.has(mark); }

}  // namespace ezkl
