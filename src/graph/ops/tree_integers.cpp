// Tree branches on real thresholds as comparisons of integers.
#include <algorithm>
#include <cmath>

#include "graph/ops/tree_model.hpp"

namespace ezkl::ops {

namespace {

/// floor(value), saturated far beyond any tensor's bounds.
Int128 floor_of(double value) {
  const double limit = std::ldexp(1.0, 120);
  return Int128(std::floor(std::clamp(value, -limit, limit)));
}

/// A threshold among integers at `scale`. Rounded as x was when it was quantized, so that x equal to a threshold stays
/// equal to it; whole numbers (scale 0 and below) are compared exactly.
double scaled_threshold(double threshold, int scale) {
  const double scaled = std::ldexp(threshold, scale);
  return scale > 0 ? std::round(scaled) : scaled;
}

/// A branch as [X > bound] and which child that means.
struct Comparison {
  Int128 bound;
  bool greater_is_true;
};

Comparison comparison_of(Branch mode, double threshold) {
  const Int128 floor = floor_of(threshold);
  const Int128 below_ceiling = -floor_of(-threshold) - 1;
  switch (mode) {
    case Branch::leq:
      return {floor, false};
    case Branch::lt:
      return {below_ceiling, false};
    case Branch::gte:
      return {below_ceiling, true};
    default:
      return {floor, true};
  }
}

/// Copies reachable nodes only, in their order, and sends edges past nodes that decide nothing.
class Pruner {
 public:
  Pruner(const std::vector<IntegerNode>& nodes, claims::Interval x) : nodes_(nodes), target_(nodes.size()) {
    // Children come after their parents, so backwards every child is settled first.
    for (std::size_t i = nodes.size(); i-- > 0;) {
      const IntegerNode& node = nodes[i];
      target_[i] = i;
      if (node.leaf) continue;
      const std::size_t greater = target_[node.greater];
      const std::size_t otherwise = target_[node.otherwise];
      if (node.bound >= x.hi || greater == otherwise) {
        target_[i] = otherwise;
      } else if (node.bound < x.lo) {
        target_[i] = greater;
      }
    }
  }

  IntegerTrees run(const std::vector<std::size_t>& roots) {
    std::vector<bool> reached(nodes_.size(), false);
    for (std::size_t root : roots) reached[target_[root]] = true;
    IntegerTrees result;
    std::vector<std::size_t> place(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!reached[i]) continue;
      place[i] = result.nodes.size();
      result.nodes.push_back(nodes_[i]);
      if (nodes_[i].leaf) continue;
      reached[target_[nodes_[i].greater]] = true;
      reached[target_[nodes_[i].otherwise]] = true;
    }
    for (IntegerNode& node : result.nodes) {
      if (node.leaf) continue;
      node.greater = place[target_[node.greater]];
      node.otherwise = place[target_[node.otherwise]];
    }
    for (std::size_t root : roots) result.roots.push_back(place[target_[root]]);
    return result;
  }

 private:
  const std::vector<IntegerNode>& nodes_;
  std::vector<std::size_t> target_;
};

}  // namespace

IntegerTrees integer_trees(const TreeModel& model, int scale, claims::Interval x) {
  std::vector<std::size_t> place;
  std::size_t next = 0;
  for (const TreeNode& node : model.nodes) {
    place.push_back(next);
    next += !node.leaf && (node.mode == Branch::eq || node.mode == Branch::neq) ? 2 : 1;
  }
  std::vector<IntegerNode> nodes;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const TreeNode& node = model.nodes[i];
    if (node.leaf) {
      nodes.push_back({true, 0, 0, 0, 0, i});
      continue;
    }
    const double threshold = scaled_threshold(node.threshold, scale);
    const std::size_t yes = place[node.when_true];
    const std::size_t no = place[node.when_false];
    if (node.mode == Branch::eq || node.mode == Branch::neq) {
      // X = t: not above t, and above t - 1. Where t is no integer, nothing lies between.
      const std::size_t same = node.mode == Branch::eq ? yes : no;
      const std::size_t different = node.mode == Branch::eq ? no : yes;
      const Int128 floor = floor_of(threshold);
      const Int128 below = -floor_of(-threshold) - 1;
      nodes.push_back({false, node.feature, floor, different, nodes.size() + 1, i});
      nodes.push_back({false, node.feature, below, below < floor ? same : different, different, i});
      continue;
    }
    const Comparison comparison = comparison_of(node.mode, threshold);
    nodes.push_back({false, node.feature, comparison.bound, comparison.greater_is_true ? yes : no,
                     comparison.greater_is_true ? no : yes, i});
  }
  std::vector<std::size_t> roots;
  for (std::size_t root : model.roots) roots.push_back(place[root]);
  return Pruner(nodes, x).run(roots);
}

}  // namespace ezkl::ops
