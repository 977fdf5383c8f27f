// TreeEnsemble: the sum (or extreme) of what decision trees say of each row of x [samples, features].
// ONNX: ai.onnx.ml TreeEnsembleClassifier, TreeEnsembleRegressor (1, 3), TreeEnsemble (5). Attributes: tree_model.hpp.
#include <algorithm>
#include <cmath>

#include "ezkl/error.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/tree_model.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Writer;

constexpr AttributeRule attributes[] = {
    attribute::integers("features", -1),
    attribute::integers("modes"),
    attribute::reals("thresholds"),
    attribute::integers("trues"),
    attribute::integers("falses"),
    attribute::integers("roots", 0),
    attribute::integers("leaf_nodes", 0),
    attribute::integers("leaf_targets", 0),
    attribute::reals("leaf_weights"),
    attribute::integer("targets", 1, (std::int64_t{1} << 32) - 1),
    attribute::text("aggregate", "sum min max"),
};

/// A list attribute that has one entry for each of `count` things.
template <class List>
const List& counted(const OpContext& ctx, const List& list, std::size_t count, const std::string& name) {
  require(ctx, list.size() == count,
          name + " has " + std::to_string(list.size()) + " entries in place of " + std::to_string(count));
  return list;
}

std::size_t within(const OpContext& ctx, std::int64_t value, std::size_t first, std::size_t end,
                   const std::string& what) {
  require(
      ctx, value >= std::int64_t(first) && value < std::int64_t(end),
      what + " " + std::to_string(value) + " is outside [" + std::to_string(first) + ", " + std::to_string(end) + ")");
  return std::size_t(value);
}

Aggregate aggregate_of(const OpContext& ctx) {
  const std::string& name = ctx.op.text("aggregate");
  return name == "sum" ? Aggregate::sum : name == "min" ? Aggregate::min : Aggregate::max;
}

void read_roots(const OpContext& ctx, TreeModel& model) {
  std::vector<bool> taken(model.nodes.size(), false);
  for (const TreeNode& node : model.nodes) {
    if (node.leaf) continue;
    taken[node.when_true] = true;
    taken[node.when_false] = true;
  }
  for (std::int64_t root : ctx.op.integers("roots")) {
    const std::size_t at = within(ctx, root, 0, model.nodes.size(), "root");
    require(ctx, !taken[at], "node " + std::to_string(root) + " cannot be the root of a tree");
    taken[at] = true;
    model.roots.push_back(at);
  }
  require(ctx, !model.roots.empty(), "has no trees");
}

/// errors: Fault::format when two trees share a node.
void check_separate(const OpContext& ctx, const TreeModel& model) {
  const std::size_t none = model.roots.size();
  std::vector<std::size_t> tree(model.nodes.size(), none);
  for (std::size_t t = 0; t < none; ++t) tree[model.roots[t]] = t;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (model.nodes[i].leaf || tree[i] == none) continue;
    for (std::size_t child : {model.nodes[i].when_true, model.nodes[i].when_false}) {
      require(ctx, tree[child] == none || tree[child] == tree[i], "two trees share node " + std::to_string(child));
      tree[child] = tree[i];
    }
  }
}

void read_weights(const OpContext& ctx, TreeModel& model) {
  const auto& leaves = ctx.op.integers("leaf_nodes");
  const auto& targets = counted(ctx, ctx.op.integers("leaf_targets"), leaves.size(), "leaf_targets");
  const auto& weights = counted(ctx, ctx.op.reals("leaf_weights"), leaves.size(), "leaf_weights");
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    TreeNode& node = model.nodes[within(ctx, leaves[i], 0, model.nodes.size(), "leaf")];
    require(ctx, node.leaf, "node " + std::to_string(leaves[i]) + " has a weight but is not a leaf");
    require(ctx, std::isfinite(weights[i]), "a leaf weight is not finite");
    node.weights.emplace_back(within(ctx, targets[i], 0, model.targets, "target"), weights[i]);
  }
  if (model.aggregate == Aggregate::sum) return;
  for (TreeNode& node : model.nodes) {
    std::sort(node.weights.begin(), node.weights.end());
    bool complete = !node.leaf || node.weights.size() == model.targets;
    for (std::size_t t = 0; node.leaf && complete && t < model.targets; ++t) complete = node.weights[t].first == t;
    require(ctx, complete, "the minimum or maximum over trees needs one weight of each target at every leaf");
  }
}

std::size_t features_of(const OpContext& ctx) {
  require(ctx, ctx.shapes[0].size() == 2, "needs input of shape [samples, features], not " + to_string(ctx.shapes[0]));
  return ctx.shapes[0][1];
}

Shape shape(const OpContext& ctx) {
  const TreeModel model = tree_model(ctx, features_of(ctx));
  return {ctx.shapes[0][0], model.targets};
}

/// Leaf weights carry bits beyond the common scale, so that rounding each of them does not show in the sum; the rebase
/// that follows takes the bits away.
int natural_scale(const OpContext& ctx) {
  if (ctx.op.text("aggregate") != "sum") return ctx.base_scale();
  int bits = 1;
  for (std::size_t trees = ctx.op.integers("roots").size(); trees > 1; trees /= 2) ++bits;
  return ctx.base_scale() + bits;
}

bool taken(const TreeNode& node, double x) {
  switch (node.mode) {
    case Branch::leq:
      return x <= node.threshold;
    case Branch::lt:
      return x < node.threshold;
    case Branch::gte:
      return x >= node.threshold;
    case Branch::gt:
      return x > node.threshold;
    case Branch::eq:
      return x == node.threshold;
    case Branch::neq:
      break;
  }
  return x != node.threshold;
}

FloatTensor reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const std::size_t features = features_of(ctx);
  const TreeModel model = tree_model(ctx, features);
  const DType type = is_float(in[0].type) ? in[0].type : DType::f32;
  FloatTensor out{type, shape(ctx), {}};
  for (std::size_t sample = 0; sample < out.shape[0]; ++sample) {
    std::vector<double> results(model.targets, 0.0);
    for (std::size_t tree = 0; tree < model.roots.size(); ++tree) {
      std::size_t at = model.roots[tree];
      while (!model.nodes[at].leaf) {
        const TreeNode& node = model.nodes[at];
        at = taken(node, in[0].data[sample * features + node.feature]) ? node.when_true : node.when_false;
      }
      for (const auto& [target, weight] : model.nodes[at].weights) {
        double& result = results[target];
        const bool replace = model.aggregate != Aggregate::sum &&
                             (tree == 0 || (model.aggregate == Aggregate::min ? weight < result : weight > result));
        if (replace) result = weight;
        if (model.aggregate == Aggregate::sum) result = round_to(type, result + weight);
      }
    }
    out.data.insert(out.data.end(), results.begin(), results.end());
  }
  return out;
}

Tensor emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const TreeModel model = tree_model(ctx, features_of(ctx));
  const IntegerTrees trees = integer_trees(model, ctx.scales[0], w.interval(in[0]));
  return lay_out_trees(w, ctx, model, trees, in[0], natural_scale(ctx));
}

}  // namespace

TreeModel tree_model(const OpContext& ctx, std::size_t features) {
  const auto& columns = ctx.op.integers("features");
  const std::size_t count = columns.size();
  const auto& modes = counted(ctx, ctx.op.integers("modes"), count, "modes");
  const auto& thresholds = counted(ctx, ctx.op.reals("thresholds"), count, "thresholds");
  const auto& trues = counted(ctx, ctx.op.integers("trues"), count, "trues");
  const auto& falses = counted(ctx, ctx.op.integers("falses"), count, "falses");
  TreeModel model;
  model.targets = std::size_t(ctx.op.integer("targets"));
  model.aggregate = aggregate_of(ctx);
  for (std::size_t i = 0; i < count; ++i) {
    TreeNode& node = model.nodes.emplace_back();
    node.leaf = columns[i] == -1;
    if (node.leaf) continue;
    node.feature = within(ctx, columns[i], 0, features, "feature");
    node.mode = Branch(within(ctx, modes[i], 0, std::size_t(Branch::neq) + 1, "mode"));
    node.threshold = thresholds[i];
    require(ctx, !std::isnan(node.threshold), "a threshold is not a number");
    node.when_true = within(ctx, trues[i], i + 1, count, "child");
    node.when_false = within(ctx, falses[i], i + 1, count, "child");
  }
  read_roots(ctx, model);
  check_separate(ctx, model);
  read_weights(ctx, model);
  return model;
}

std::span<const OpEntry> tree_ops() {
  static const OpEntry entries[] = {
      {"TreeEnsemble", {1, 1, attributes}, shape, natural_scale, no_positions, reference, emit}};
  return entries;
}

}  // namespace ezkl::ops
