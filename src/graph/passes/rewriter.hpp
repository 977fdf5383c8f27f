#pragma once

#include <optional>
#include <span>
#include <vector>

#include "graph/frontend/builder.hpp"

namespace ezkl {

/// One sweep over a graph: every node of the old graph is either copied or replaced by what a rule builds. Rules match
/// on the old graph and build in the new one.
class Rewriter {
 public:
  /// `budget` bounds what one sweep may make.
  Rewriter(const Graph& old, const RunArgs& args, const ModelBudget& budget);

  /// Builds what replaces old node `index`, or nothing when the rule does not apply.
  using Rule = std::optional<Value> (*)(Rewriter&, std::uint32_t index);

  /// The new graph. `changed` tells whether a rule applied.
  Graph run(std::span<const Rule> rules, bool& changed);

  Builder& out() { return builder_; }
  const Node& node(std::uint32_t index) const { return old_.nodes[index]; }
  /// Operand k of an old node.
  std::uint32_t operand(std::uint32_t index, std::size_t k) const { return node(index).inputs[k]; }
  bool is(std::uint32_t index, std::string_view kind) const { return node(index).op.kind == kind; }
  bool is_constant(std::uint32_t index) const { return is(index, "Constant"); }
  /// How often old node `index` is read, as an output of the graph included.
  std::size_t uses(std::uint32_t index) const { return uses_[index]; }
  /// The element an old constant has everywhere.
  std::optional<double> uniform(std::uint32_t index) const;
  /// What old node `index` has become.
  Value mapped(std::uint32_t index) const { return mapped_[index]; }
  Value mapped_operand(std::uint32_t index, std::size_t k) const { return mapped_[operand(index, k)]; }

 private:
  Value copy(const Node& node);

  const Graph& old_;
  Builder builder_;
  std::vector<std::size_t> uses_;
  std::vector<Value> mapped_;
};

/// The graph without nodes that no output needs; inputs stay.
Graph remove_dead_nodes(Graph graph);

/// How often each node is read, as an output included.
std::vector<std::size_t> count_uses(const Graph& graph);

}  // namespace ezkl
