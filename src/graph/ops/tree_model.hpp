#pragma once

#include <cstdint>
#include <vector>

#include "graph/op_table.hpp"

/// Decision trees as the operator TreeEnsemble stores and lays them out.
///
/// Attributes, one entry a node, children after their parents:
///   features    ints   column of x that a branch looks at; -1 marks a leaf
///   modes       ints   Branch of the node; unread at leaves
///   thresholds  reals  what x[feature] is compared with
///   trues, falses  ints   node to go to; unread at leaves
/// one entry a tree:
///   roots       ints   distinct, and nobody's children
/// one entry a leaf weight (a leaf may have several, or none):
///   leaf_nodes, leaf_targets  ints; leaf_weights  reals
/// and:
///   targets     int    number of results a sample has
///   aggregate   text   sum, min or max over the trees; min and max want a weight of every target at every leaf
/// Nodes may share children (how a test for membership in a set is written).
namespace ezkl::ops {

/// When a branch goes to its `true` child.
enum class Branch : std::int64_t { leq, lt, gte, gt, eq, neq };

enum class Aggregate : std::uint8_t { sum, min, max };

struct TreeNode {
  bool leaf = false;
  std::size_t feature = 0;
  Branch mode = Branch::leq;
  double threshold = 0;
  std::size_t when_true = 0, when_false = 0;
  std::vector<std::pair<std::size_t, double>> weights;  ///< (target, weight) of a leaf
};

struct TreeModel {
  std::vector<TreeNode> nodes;
  std::vector<std::size_t> roots;
  std::size_t targets = 0;
  Aggregate aggregate = Aggregate::sum;
};

/// errors: Fault::format when the attributes contradict each other or a child does not come after its parent.
TreeModel tree_model(const OpContext& ctx, std::size_t features);

/// A node on integers: goes to `greater` when x[feature] > bound, else to `otherwise`.
struct IntegerNode {
  bool leaf = false;
  std::size_t feature = 0;
  Int128 bound = 0;
  std::size_t greater = 0, otherwise = 0;
  std::size_t source = 0;  ///< the TreeNode a leaf is
};

/// The branches of a model as comparisons of integers at `scale`. Thresholds are rounded the way x was, so that x equal
/// to a threshold takes the branch it should; at scale 0 the comparison of whole numbers with real thresholds is exact.
/// Equality becomes two comparisons. Branches that no number within `x` decides are left out.
struct IntegerTrees {
  std::vector<IntegerNode> nodes;  ///< children after parents; some may be unreachable
  std::vector<std::size_t> roots;
};

IntegerTrees integer_trees(const TreeModel& model, int scale, claims::Interval x);

/// Results of the trees for x [samples, features]: [samples, targets], leaf weights quantized at `weight_scale`.
/// Chooses the cheaper of two layouts: comparing every node and multiplying indicators down to the leaves, or walking
/// down from the roots with nodes looked up in fixed tables.
claims::Tensor lay_out_trees(claims::Writer& w, const OpContext& ctx, const TreeModel& model, const IntegerTrees& trees,
                             claims::Tensor x, int weight_scale);

}  // namespace ezkl::ops
