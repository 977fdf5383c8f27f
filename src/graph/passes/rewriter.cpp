#include "graph/passes/rewriter.hpp"

#include <algorithm>

namespace ezkl {

std::vector<std::size_t> count_uses(const Graph& graph) {
  std::vector<std::size_t> uses(graph.nodes.size(), 0);
  for (const Node& node : graph.nodes) {
    for (const std::uint32_t input : node.inputs) ++uses[input];
  }
  for (const std::uint32_t output : graph.outputs) ++uses[output];
  return uses;
}

Rewriter::Rewriter(const Graph& old, const RunArgs& args, const ModelBudget& budget)
    : old_(old), builder_(args, budget), uses_(count_uses(old)), mapped_(old.nodes.size(), 0) {}

std::optional<double> Rewriter::uniform(std::uint32_t index) const {
  if (!is_constant(index)) return std::nullopt;
  const std::vector<double>& values = node(index).constant->floats;
  if (values.empty()) return std::nullopt;
  const bool equal = std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); });
  return equal ? std::optional(values.front()) : std::nullopt;
}

Value Rewriter::copy(const Node& node) {
  if (node.op.kind == "Input") return builder_.input(node.name, node.type, node.shape);
  if (node.op.kind == "Constant") return builder_.share_constant(node);
  std::vector<Value> inputs;
  for (const std::uint32_t input : node.inputs) inputs.push_back(mapped_[input]);
  if (node.op.kind == "ForceScale") return builder_.force_scale(inputs[0], inputs[1]);
  return builder_.apply(node.op.kind, node.op.attributes, std::move(inputs), node.type);
}

Graph Rewriter::run(std::span<const Rule> rules, bool& changed) {
  changed = false;
  for (std::uint32_t i = 0; i < old_.nodes.size(); ++i) {
    const Node& current = old_.nodes[i];
    builder_.set_name(current.name);
    std::optional<Value> replacement;
    if (!current.inputs.empty()) {
      for (const Rule rule : rules) {
        replacement = rule(*this, i);
        if (replacement) break;
      }
    }
    changed = changed || replacement.has_value();
    mapped_[i] = replacement ? *replacement : copy(current);
  }
  for (std::size_t k = 0; k < old_.outputs.size(); ++k)
    builder_.add_output(mapped_[old_.outputs[k]], old_.output_names[k]);
  return builder_.take();
}

Graph remove_dead_nodes(Graph graph) {
  std::vector<bool> alive(graph.nodes.size(), false);
  for (const std::uint32_t output : graph.outputs) alive[output] = true;
  for (const std::uint32_t input : graph.inputs) alive[input] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (!alive[i]) continue;
    for (const std::uint32_t input : graph.nodes[i].inputs) alive[input] = true;
  }
  std::vector<std::uint32_t> moved(graph.nodes.size(), 0);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!alive[i]) continue;
    moved[i] = kept;
    if (kept != i) graph.nodes[kept] = std::move(graph.nodes[i]);
    for (std::uint32_t& input : graph.nodes[kept].inputs) input = moved[input];
    ++kept;
  }
  graph.nodes.resize(kept);
  for (std::uint32_t& input : graph.inputs) input = moved[input];
  for (std::uint32_t& output : graph.outputs) output = moved[output];
  return graph;
}

}  // namespace ezkl
