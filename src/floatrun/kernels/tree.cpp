// ai.onnx.ml TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble, walked node by node.
#include <algorithm>
#include <cmath>
#include <map>

#include "floatrun/ml_scores.hpp"

namespace ezkl::floatrun {
namespace {

enum class Mode : std::uint8_t { leq, lt, gte, gt, eq, neq, member, leaf };

struct TreeNode {
  Mode mode = Mode::leaf;
  std::size_t feature = 0;
  double threshold = 0;
  std::size_t when_true = 0, when_false = 0;
  bool missing_is_true = false;
  std::vector<double> members;
  std::vector<std::pair<std::size_t, double>> weights;  ///< target, weight
};

struct Forest {
  std::vector<TreeNode> nodes;
  std::vector<std::size_t> roots;
};

std::vector<double> reals_or_tensor(const Call& c, const std::string& name) {
  return c.has(name + "_as_tensor") ? c.tensor(name + "_as_tensor").data : c.reals(name);
}

std::size_t feature_of(const Call& c, Int feature) {
  c.require(feature >= 0 && feature < (Int{1} << 40), "a feature is out of bounds");
  return static_cast<std::size_t>(feature);
}

/// Versions 1 and 3: nodes named by tree and number, in any order.
Forest read_named(const Call& c, const std::string& prefix, std::size_t targets) {
  const Ints trees = c.integers("nodes_treeids"), numbers = c.integers("nodes_nodeids"),
             features = c.integers("nodes_featureids"), yes = c.integers("nodes_truenodeids"),
             no = c.integers("nodes_falsenodeids"), missing = c.integers("nodes_missing_value_tracks_true");
  const std::vector<std::string> modes = c.texts("nodes_modes");
  const std::vector<double> values = reals_or_tensor(c, "nodes_values");
  const std::size_t count = trees.size();
  c.require(numbers.size() == count && features.size() == count && yes.size() == count && no.size() == count &&
                modes.size() == count && values.size() == count && (missing.empty() || missing.size() == count),
            "the lists of nodes differ in length");
  c.spend(count * 16);
  std::map<std::pair<Int, Int>, std::size_t> names;
  for (std::size_t i = 0; i < count; ++i) names[{trees[i], numbers[i]}] = i;
  const auto find = [&](Int tree, Int number) {
    const auto found = names.find({tree, number});
    c.require(found != names.end(), "a tree leads to a node that is not there");
    return found->second;
  };
  const std::map<std::string, Mode> known{{"BRANCH_LEQ", Mode::leq}, {"BRANCH_LT", Mode::lt}, {"BRANCH_GTE", Mode::gte},
                                          {"BRANCH_GT", Mode::gt},   {"BRANCH_EQ", Mode::eq}, {"BRANCH_NEQ", Mode::neq},
                                          {"LEAF", Mode::leaf}};
  Forest forest;
  forest.nodes.resize(count);
  std::vector<bool> is_child(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    TreeNode& node = forest.nodes[i];
    const auto mode = known.find(modes[i]);
    if (mode == known.end()) c.unsupported("the node mode '" + modes[i] + "'");
    node.mode = mode->second;
    if (node.mode == Mode::leaf) continue;
    node.feature = feature_of(c, features[i]);
    node.threshold = values[i];
    node.missing_is_true = !missing.empty() && missing[i] != 0;
    node.when_true = find(trees[i], yes[i]);
    node.when_false = find(trees[i], no[i]);
    is_child[node.when_true] = is_child[node.when_false] = true;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_child[i]) forest.roots.push_back(i);
  }
  const Ints weight_trees = c.integers(prefix + "_treeids"), weight_nodes = c.integers(prefix + "_nodeids"),
             ids = c.integers(prefix + "_ids");
  const std::vector<double> weights = reals_or_tensor(c, prefix + "_weights");
  c.require(weight_nodes.size() == weight_trees.size() && ids.size() == weight_trees.size() &&
                weights.size() == weight_trees.size(),
            "the lists of weights differ in length");
  for (std::size_t i = 0; i < weights.size(); ++i) {
    TreeNode& node = forest.nodes[find(weight_trees[i], weight_nodes[i])];
    c.require(ids[i] >= 0 && ids[i] < static_cast<Int>(targets), "a weight's target is out of bounds");
    if (node.mode == Mode::leaf) node.weights.emplace_back(static_cast<std::size_t>(ids[i]), weights[i]);
  }
  return forest;
}

/// Version 5: branches and leaves in lists of their own.
Forest read_tables(const Call& c, std::size_t targets) {
  const Ints features = c.integers("nodes_featureids"), yes = c.integers("nodes_truenodeids"),
             no = c.integers("nodes_falsenodeids"), yes_leaf = c.integers("nodes_trueleafs"),
             no_leaf = c.integers("nodes_falseleafs"), missing = c.integers("nodes_missing_value_tracks_true");
  const std::vector<double>&modes = c.tensor("nodes_modes").data, &splits = c.tensor("nodes_splits").data;
  const Ints ids = c.integers("leaf_targetids");
  const std::vector<double>& weights = c.tensor("leaf_weights").data;
  const std::size_t count = features.size();
  c.require(yes.size() == count && no.size() == count && yes_leaf.size() == count && no_leaf.size() == count &&
                modes.size() == count && splits.size() == count && (missing.empty() || missing.size() == count) &&
                weights.size() == ids.size(),
            "the lists of nodes differ in length");
  const auto child = [&](Int place, Int leaf) {
    const std::size_t most = leaf != 0 ? ids.size() : count;
    c.require(place >= 0 && place < static_cast<Int>(most), "a tree leads to a node that is not there");
    return static_cast<std::size_t>(place) + (leaf != 0 ? count : 0);
  };
  const std::vector<double> members =
      c.has("membership_values") ? c.tensor("membership_values").data : std::vector<double>();
  Forest forest;
  forest.nodes.resize(count + ids.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    TreeNode& node = forest.nodes[i];
    c.require(modes[i] >= 0 && modes[i] <= 6, "an unknown node mode");
    node.mode = static_cast<Mode>(static_cast<int>(modes[i]));
    node.feature = feature_of(c, features[i]);
    node.threshold = splits[i];
    node.missing_is_true = !missing.empty() && missing[i] != 0;
    node.when_true = child(yes[i], yes_leaf[i]);
    node.when_false = child(no[i], no_leaf[i]);
    if (node.mode == Mode::member) {
      while (next < members.size() && !std::isnan(members[next])) node.members.push_back(members[next++]);
      ++next;
    }
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    c.require(ids[i] >= 0 && ids[i] < static_cast<Int>(targets), "a weight's target is out of bounds");
    forest.nodes[count + i].weights.emplace_back(static_cast<std::size_t>(ids[i]), weights[i]);
  }
  for (const Int root : c.integers("tree_roots")) forest.roots.push_back(child(root, 0));
  return forest;
}

bool takes_true(const TreeNode& node, double x) {
  if (std::isnan(x) && node.missing_is_true) return true;
  switch (node.mode) {
    case Mode::leq:
      return x <= node.threshold;
    case Mode::lt:
      return x < node.threshold;
    case Mode::gte:
      return x >= node.threshold;
    case Mode::gt:
      return x > node.threshold;
    case Mode::eq:
      return x == node.threshold;
    case Mode::neq:
      return x != node.threshold;
    default:
      return std::find(node.members.begin(), node.members.end(), x) != node.members.end();
  }
}

/// What a row's leaves say for each target, put together by `aggregate`: SUM, AVERAGE, MIN or MAX.
std::vector<double> run_row(const Call& c, const Forest& forest, const double* x, std::size_t features,
                            std::size_t targets, const std::string& aggregate) {
  std::vector<double> scores(targets, 0);
  std::vector<bool> seen(targets, false);
  for (const std::size_t root : forest.roots) {
    std::size_t at = root, steps = 0;
    while (forest.nodes[at].mode != Mode::leaf) {
      const TreeNode& node = forest.nodes[at];
      c.require(++steps <= forest.nodes.size(), "the nodes of a tree form a cycle");
      c.require(node.feature < features, "a feature is out of bounds");
      at = takes_true(node, x[node.feature]) ? node.when_true : node.when_false;
    }
    c.spend(steps + 1);
    for (const auto& [target, weight] : forest.nodes[at].weights) {
      double& score = scores[target];
      if (aggregate == "MIN" || aggregate == "MAX") {
        const bool better = !seen[target] || (aggregate == "MIN" ? weight < score : weight > score);
        score = better ? weight : score;
      } else {
        score += weight;
      }
      seen[target] = true;
    }
  }
  if (aggregate == "AVERAGE") {
    for (double& score : scores) score /= static_cast<double>(forest.roots.size());
  }
  return scores;
}

std::size_t target_count(const Call& c) {
  const Int targets = c.integer("n_targets");
  c.require(targets > 0 && targets < (1 << 24), "n_targets is out of bounds");
  return static_cast<std::size_t>(targets);
}

Outputs regress(const Call& c, const Forest& forest, std::size_t targets, const std::string& aggregate,
                const std::string& transform, const std::vector<double>& base) {
  const Rows x = rows_of(c, c.in(0));
  c.require(base.empty() || base.size() == targets, "base_values do not go with the targets");
  std::vector<std::vector<double>> rows;
  c.spend(x.samples * targets);
  for (std::size_t i = 0; i < x.samples; ++i) {
    std::vector<double> scores = run_row(c, forest, x.row(i), x.features, targets, aggregate);
    for (std::size_t k = 0; k < base.size(); ++k) scores[k] += base[k];
    rows.push_back(transformed(c, transform, scores));
  }
  Tensor out = matrix(c, rows);
  if (rows.empty()) out.shape = {0, targets};
  if (c.in(0).type == DType::f64 && c.node().op_type == "TreeEnsemble") out.type = DType::f64;
  return {std::move(out)};
}

Outputs tree_regressor(const Call& c) {
  const std::size_t targets = target_count(c);
  const std::string aggregate = c.text("aggregate_function", "SUM");
  c.require(aggregate == "SUM" || aggregate == "AVERAGE" || aggregate == "MIN" || aggregate == "MAX",
            "unknown aggregate_function");
  return regress(c, read_named(c, "target", targets), targets, aggregate, c.text("post_transform", "NONE"),
                 reals_or_tensor(c, "base_values"));
}

Outputs tree_ensemble(const Call& c) {
  const std::size_t targets = target_count(c);
  const std::vector<std::string> aggregates{"AVERAGE", "SUM", "MIN", "MAX"};
  const std::vector<std::string> transforms{"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"};
  const Int aggregate = c.integer("aggregate_function", 1), transform = c.integer("post_transform", 0);
  c.require(aggregate >= 0 && aggregate < 4 && transform >= 0 && transform < 5, "an attribute is out of bounds");
  return regress(c, read_tables(c, targets), targets, aggregates[static_cast<std::size_t>(aggregate)],
                 transforms[static_cast<std::size_t>(transform)], {});
}

Outputs tree_classifier(const Call& c) {
  const Labels labels = labels_of(c, "classlabels_int64s");
  const std::string transform = c.text("post_transform", "NONE");
  const Forest forest = read_named(c, "class", labels.count());
  const std::vector<double> base = reals_or_tensor(c, "base_values");
  bool only_one = true, all_positive = true;
  const Ints ids = c.integers("class_ids");
  for (const TreeNode& node : forest.nodes) {
    for (const auto& [target, weight] : node.weights) {
      only_one = only_one && static_cast<Int>(target) == ids[0];
      all_positive = all_positive && weight >= 0;
    }
  }
  const bool binary = labels.count() == 2 && only_one;
  const Rows x = rows_of(c, c.in(0));
  std::vector<std::vector<double>> rows;
  std::vector<std::size_t> places;
  c.spend(x.samples * labels.count());
  for (std::size_t i = 0; i < x.samples; ++i) {
    std::vector<double> scores = run_row(c, forest, x.row(i), x.features, labels.count(), "SUM");
    if (binary) {
      double score = scores[ids.empty() ? 0 : static_cast<std::size_t>(ids[0])];
      if (!base.empty()) score += base[base.size() - 1];
      places.push_back(score > (all_positive ? 0.5 : 0) ? 1 : 0);
      rows.push_back(two_columns(c, transform, score, all_positive && transform != "LOGISTIC"));
      continue;
    }
    c.require(base.empty() || base.size() == scores.size(), "base_values do not go with the classes");
    for (std::size_t k = 0; k < base.size(); ++k) scores[k] += base[k];
    places.push_back(place_of_largest(scores));
    rows.push_back(transformed(c, transform, scores));
  }
  return classified(c, labels, places, rows);
}

constexpr KernelEntry entries[] = {
    {"ai.onnx.ml", "TreeEnsemble", tree_ensemble},
    {"ai.onnx.ml", "TreeEnsembleClassifier", tree_classifier},
    {"ai.onnx.ml", "TreeEnsembleRegressor", tree_regressor},
};

}  // namespace

std::span<const KernelEntry> tree_kernels() { return entries; }

}  // namespace ezkl::floatrun
