#include "graph/passes/merge_nodes.hpp"

#include <set>
#include <tuple>

#include "graph/passes/rewriter.hpp"

namespace ezkl {
namespace {

/// All that decides a node's result.
auto meaning(const Node& n) {
  return std::tie(n.op.kind, n.inputs, n.scale, n.rebase_divisor, n.type, n.shape, n.input_multipliers,
                  n.op.attributes);
}

struct ByMeaning {
  bool operator()(const Node* a, const Node* b) const { return meaning(*a) < meaning(*b); }
};

}  // namespace

Graph merge_equal_nodes(Graph merged) {
  std::vector<std::uint32_t> representative(merged.nodes.size());
  std::set<const Node*, ByMeaning> seen;
  for (std::uint32_t i = 0; i < merged.nodes.size(); ++i) {
    Node& node = merged.nodes[i];
    for (std::uint32_t& input : node.inputs) input = representative[input];
    representative[i] = i;
    if (node.inputs.empty()) continue;
    const auto [found, fresh] = seen.insert(&node);
    if (!fresh) representative[i] = static_cast<std::uint32_t>(*found - merged.nodes.data());
  }
  for (std::uint32_t& output : merged.outputs) output = representative[output];
  return remove_dead_nodes(std::move(merged));
}

}  // namespace ezkl
