// ai.onnx.ml TreeEnsembleClassifier and TreeEnsembleRegressor (1, 3) and TreeEnsemble (5): node tables of any layout
// become one TreeEnsemble operator (graph/ops/tree_model.hpp); what follows the trees is ordinary arithmetic.
//
// Values that are missing (NaN) don't exist in fixed point, so missing_value_tracks_true has no effect. The trees are
// part of the circuit, whatever visibility parameters have.
#include <algorithm>
#include <cmath>
#include <map>

#include "graph/frontend/families.hpp"
#include "graph/frontend/ml_outputs.hpp"

namespace ezkl {
namespace {

constexpr std::int64_t equal_mode = 4;

/// Finding a node's place takes as long as making so many elements.
constexpr std::uint64_t tree_node_price = 16;

/// A node as the file has it. Leaves name their entries in the weight lists.
struct FileNode {
  bool leaf = false;
  std::int64_t feature = 0, mode = 0;
  double threshold = 0;
  std::size_t when_true = 0, when_false = 0;
  std::vector<std::pair<std::int64_t, double>> weights;
};

struct FileTrees {
  std::vector<FileNode> nodes;
  std::vector<std::size_t> roots;
};

/// Writes trees as the operator's attributes, children after their parents.
class TreeWriter {
 public:
  TreeWriter(Converter& c, const OnnxNode& n, const FileTrees& trees)
      : c_(c), n_(n), trees_(trees), state_(trees.nodes.size(), fresh), place_(trees.nodes.size()) {
    // One root may be named as often as a file likes: what all of them take is paid before anything is written.
    std::map<std::size_t, std::vector<std::size_t>> orders;
    for (const std::size_t root : trees.roots) {
      const auto [found, is_first] = orders.try_emplace(root);
      if (is_first) {
        found->second = ordered(root);
      } else {
        c_.charge(ModelBudget::Kind::make, tree_node_price * found->second.size());
      }
    }
    for (const std::size_t root : trees.roots) add_tree(orders.at(root));
  }

  Attributes attributes(std::size_t targets, const std::string& aggregate) && {
    return {{"features", std::move(features_)},
            {"modes", std::move(modes_)},
            {"thresholds", std::move(thresholds_)},
            {"trues", std::move(trues_)},
            {"falses", std::move(falses_)},
            {"roots", std::move(roots_)},
            {"leaf_nodes", std::move(leaf_nodes_)},
            {"leaf_targets", std::move(leaf_targets_)},
            {"leaf_weights", std::move(leaf_weights_)},
            {"targets", static_cast<std::int64_t>(targets)},
            {"aggregate", aggregate}};
  }

 private:
  enum State : std::uint8_t { fresh, open, closed };

  /// The nodes under `root`, parents first, each of them charged. errors: Fault::format when a node leads back to
  /// itself.
  std::vector<std::size_t> ordered(std::size_t root) {
    std::vector<std::size_t> stack{root};
    std::vector<std::size_t> order;
    while (!stack.empty()) {
      const std::size_t at = stack.back();
      const FileNode& node = trees_.nodes[at];
      if (state_[at] == fresh) {
        // A node here is far less than a node of the graph.
        c_.charge(ModelBudget::Kind::make, tree_node_price);
        state_[at] = open;
        if (node.leaf) continue;
        for (const std::size_t child : {node.when_true, node.when_false}) {
          if (state_[child] == open) n_.fail(Fault::format, "the nodes of a tree form a cycle");
          if (state_[child] == fresh) stack.push_back(child);
        }
        continue;
      }
      stack.pop_back();
      if (state_[at] == closed) continue;
      state_[at] = closed;
      order.push_back(at);
    }
    for (const std::size_t at : order) state_[at] = fresh;
    std::reverse(order.begin(), order.end());
    return order;
  }

  /// `order`: as ordered.
  void add_tree(const std::vector<std::size_t>& order) {
    const std::size_t first = features_.size();
    for (std::size_t i = 0; i < order.size(); ++i) place_[order[i]] = static_cast<std::int64_t>(first + i);
    roots_.push_back(place_[order.front()]);
    for (const std::size_t at : order) {
      const FileNode& node = trees_.nodes[at];
      features_.push_back(node.leaf ? -1 : node.feature);
      modes_.push_back(node.leaf ? 0 : node.mode);
      thresholds_.push_back(node.leaf ? 0 : node.threshold);
      trues_.push_back(node.leaf ? 0 : place_[node.when_true]);
      falses_.push_back(node.leaf ? 0 : place_[node.when_false]);
      for (const auto& [target, weight] : node.weights) {
        leaf_nodes_.push_back(place_[at]);
        leaf_targets_.push_back(target);
        leaf_weights_.push_back(weight);
      }
    }
  }

  Converter& c_;
  const OnnxNode& n_;
  const FileTrees& trees_;
  std::vector<State> state_;         ///< by node of the file, while one tree is put in order
  std::vector<std::int64_t> place_;  ///< by node of the file, in the tree that was added last
  Integers features_, modes_, trues_, falses_, roots_, leaf_nodes_, leaf_targets_;
  std::vector<double> thresholds_, leaf_weights_;
};

/// A list of reals under `name`, or, for doubles, the tensor under `name`_as_tensor.
std::vector<double> reals_or_tensor(const OnnxNode& n, const std::string& name) {
  return n.has(name + "_as_tensor") ? n.tensor(name + "_as_tensor").data : n.reals(name);
}

template <class List>
const List& counted(const OnnxNode& n, const List& list, std::size_t count, const std::string& name) {
  if (list.size() != count) {
    n.fail(Fault::format,
           "'" + name + "' has " + std::to_string(list.size()) + " entries in place of " + std::to_string(count));
  }
  return list;
}

// ---- Versions 1 and 3: nodes named by (tree, node), in any order

using NodeName = std::pair<std::int64_t, std::int64_t>;

FileTrees read_named(const OnnxNode& n, const std::string& weight_prefix) {
  const Integers tree_ids = n.integers("nodes_treeids");
  const std::size_t count = tree_ids.size();
  const Integers node_ids = n.integers("nodes_nodeids");
  const Integers features = n.integers("nodes_featureids");
  const Integers trues = n.integers("nodes_truenodeids");
  const Integers falses = n.integers("nodes_falsenodeids");
  const std::vector<std::string> modes = n.texts("nodes_modes");
  const std::vector<double> values = reals_or_tensor(n, "nodes_values");
  counted(n, node_ids, count, "nodes_nodeids");
  counted(n, features, count, "nodes_featureids");
  counted(n, trues, count, "nodes_truenodeids");
  counted(n, falses, count, "nodes_falsenodeids");
  counted(n, modes, count, "nodes_modes");
  counted(n, values, count, "nodes_values");
  std::map<NodeName, std::size_t> by_name;
  for (std::size_t i = 0; i < count; ++i) {
    if (!by_name.emplace(NodeName{tree_ids[i], node_ids[i]}, i).second) n.fail(Fault::format, "a node occurs twice");
  }
  const auto find = [&](std::int64_t tree, std::int64_t node) {
    const auto found = by_name.find({tree, node});
    if (found == by_name.end()) {
      n.fail(Fault::format, "tree " + std::to_string(tree) + " has no node " + std::to_string(node));
    }
    return found->second;
  };
  const std::map<std::string, std::int64_t> known{{"BRANCH_LEQ", 0}, {"BRANCH_LT", 1}, {"BRANCH_GTE", 2},
                                                  {"BRANCH_GT", 3},  {"BRANCH_EQ", 4}, {"BRANCH_NEQ", 5}};
  FileTrees trees;
  std::vector<bool> is_child(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    FileNode& node = trees.nodes.emplace_back();
    node.leaf = modes[i] == "LEAF";
    if (node.leaf) continue;
    const auto mode = known.find(modes[i]);
    if (mode == known.end()) n.unsupported("node mode '" + modes[i] + "'");
    node.mode = mode->second;
    node.feature = features[i];
    node.threshold = values[i];
    node.when_true = find(tree_ids[i], trues[i]);
    node.when_false = find(tree_ids[i], falses[i]);
    is_child[node.when_true] = is_child[node.when_false] = true;
  }
  std::map<std::int64_t, std::size_t> roots;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_child[i]) continue;
    if (!roots.emplace(tree_ids[i], i).second) {
      n.fail(Fault::format, "tree " + std::to_string(tree_ids[i]) + " has two roots");
    }
    trees.roots.push_back(i);
  }
  const Integers weight_trees = n.integers(weight_prefix + "_treeids");
  const Integers weight_nodes = counted(n, n.integers(weight_prefix + "_nodeids"), weight_trees.size(), "nodeids");
  const Integers targets = counted(n, n.integers(weight_prefix + "_ids"), weight_trees.size(), "ids");
  const std::vector<double> weights =
      counted(n, reals_or_tensor(n, weight_prefix + "_weights"), weight_trees.size(), "weights");
  for (std::size_t i = 0; i < weight_trees.size(); ++i) {
    FileNode& node = trees.nodes[find(weight_trees[i], weight_nodes[i])];
    // Weights of branches have no effect.
    if (node.leaf) node.weights.emplace_back(targets[i], weights[i]);
  }
  return trees;
}

void divide_weights(FileTrees& trees, double count) {
  for (FileNode& node : trees.nodes) {
    for (auto& [target, weight] : node.weights) weight = round_to(DType::f32, weight / count);
  }
}

Value run_trees(Converter& c, const OnnxNode& n, const FileTrees& trees, std::size_t targets,
                const std::string& aggregate) {
  const Value x = rows_of(c, n, n.input(0));
  return c.apply("TreeEnsemble", TreeWriter(c, n, trees).attributes(targets, aggregate), {x}, DType::f32);
}

Value with_base(Converter& c, const OnnxNode& n, Value scores, const std::vector<double>& base) {
  if (base.empty() || std::all_of(base.begin(), base.end(), [](double b) { return b == 0; })) return scores;
  counted(n, base, c.shape(scores)[1], "base_values");
  return c.add(scores, c.constant(FloatTensor{DType::f32, {base.size()}, base}));
}

/// SUM, AVERAGE, MIN or MAX as the operator's aggregate; an average is a sum of smaller weights.
std::string aggregate_name(const OnnxNode& n, const std::string& name, FileTrees& trees) {
  if (name == "SUM") return "sum";
  if (name == "MIN") return "min";
  if (name == "MAX") return "max";
  if (name != "AVERAGE") n.fail(Fault::format, "unknown aggregate_function '" + name + "'");
  divide_weights(trees, static_cast<double>(trees.roots.size()));
  return "sum";
}

std::vector<Value> convert_tree_regressor(Converter& c, const OnnxNode& n) {
  FileTrees trees = read_named(n, "target");
  const std::string aggregate = aggregate_name(n, n.text("aggregate_function", "SUM"), trees);
  const std::int64_t targets = n.integer("n_targets");
  if (targets < 1 || targets > (1 << 20)) n.fail(Fault::format, "n_targets is " + std::to_string(targets));
  const Value scores = with_base(c, n, run_trees(c, n, trees, static_cast<std::size_t>(targets), aggregate),
                                 reals_or_tensor(n, "base_values"));
  return {transformed(c, scores, post_transform(n, n.text("post_transform", "NONE")))};
}

// ---- Classifiers: one score a class, or one score for two classes when every weight names the first class

struct ClassWeights {
  bool only_first_class = true, all_positive = true;
};

ClassWeights look_at_weights(const FileTrees& trees) {
  ClassWeights result;
  for (const FileNode& node : trees.nodes) {
    for (const auto& [target, weight] : node.weights) {
      result.only_first_class = result.only_first_class && target == 0;
      result.all_positive = result.all_positive && weight >= 0;
    }
  }
  return result;
}

std::vector<Value> convert_tree_classifier(Converter& c, const OnnxNode& n) {
  const FileTrees trees = read_named(n, "class");
  const ClassLabels labels = class_labels(n, "classlabels_int64s");
  if (labels.count() == 0) n.fail(Fault::format, "there are no class labels");
  const PostTransform transform = post_transform(n, n.text("post_transform", "NONE"));
  std::vector<double> base = reals_or_tensor(n, "base_values");
  const ClassWeights weights = look_at_weights(trees);
  if (labels.count() != 2 || !weights.only_first_class) {
    const Value scores = with_base(c, n, run_trees(c, n, trees, labels.count(), "sum"), base);
    return {label_of_largest(c, scores, labels), transformed(c, scores, transform)};
  }
  if (base.size() == 2) base = {base[1]};
  const Value score = with_base(c, n, run_trees(c, n, trees, 1, "sum"), base);
  const Value threshold = c.scalar_like(score, weights.all_positive ? 0.5 : 0.0);
  const Value positive = c.reshape(c.compare("Greater", score, threshold), {c.shape(score)[0]});
  const SecondClass second = weights.all_positive ? SecondClass::complement : SecondClass::opposite;
  return {label_if(c, positive, labels), two_classes(c, score, transform, second)};
}

// ---- Version 5: branches and leaves in lists of their own, membership in sets

class TableReader {
 public:
  explicit TableReader(const OnnxNode& n) : n_(n) {
    const Integers features = n.integers("nodes_featureids");
    const std::size_t count = features.size();
    const std::vector<double> modes = counted(n, n.tensor("nodes_modes").data, count, "nodes_modes");
    const std::vector<double> splits = counted(n, n.tensor("nodes_splits").data, count, "nodes_splits");
    trues_ = counted(n, n.integers("nodes_truenodeids"), count, "nodes_truenodeids");
    falses_ = counted(n, n.integers("nodes_falsenodeids"), count, "nodes_falsenodeids");
    true_leaves_ = counted(n, n.integers("nodes_trueleafs"), count, "nodes_trueleafs");
    false_leaves_ = counted(n, n.integers("nodes_falseleafs"), count, "nodes_falseleafs");
    const Integers targets = n.integers("leaf_targetids");
    const std::vector<double> weights = counted(n, n.tensor("leaf_weights").data, targets.size(), "leaf_weights");
    trees_.nodes.resize(count);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      trees_.nodes.push_back({true, 0, 0, 0, 0, 0, {{targets[i], weights[i]}}});
    }
    branches_ = count;
    leaves_ = targets.size();
    read_branches(features, modes, splits);
    for (const std::int64_t root : n.integers("tree_roots")) trees_.roots.push_back(branch(root));
  }

  FileTrees take() && { return std::move(trees_); }

 private:
  std::size_t branch(std::int64_t i) const {
    if (i < 0 || i >= static_cast<std::int64_t>(branches_)) n_.fail(Fault::format, "no node " + std::to_string(i));
    return static_cast<std::size_t>(i);
  }

  std::size_t child(std::int64_t i, std::int64_t is_leaf) const {
    if (is_leaf == 0) return branch(i);
    if (i < 0 || i >= static_cast<std::int64_t>(leaves_)) n_.fail(Fault::format, "no leaf " + std::to_string(i));
    return branches_ + static_cast<std::size_t>(i);
  }

  void read_branches(const Integers& features, const std::vector<double>& modes, const std::vector<double>& splits) {
    const std::vector<double> members =
        n_.has("membership_values") ? n_.tensor("membership_values").data : std::vector<double>();
    std::size_t next_member = 0;
    for (std::size_t i = 0; i < branches_; ++i) {
      const std::size_t yes = child(trues_[i], true_leaves_[i]);
      const std::size_t no = child(falses_[i], false_leaves_[i]);
      if (modes[i] != 6) {
        if (!(modes[i] >= 0 && modes[i] <= 5)) n_.fail(Fault::format, "unknown node mode " + std::to_string(modes[i]));
        trees_.nodes[i] = {false, features[i], static_cast<std::int64_t>(modes[i]), splits[i], yes, no, {}};
        continue;
      }
      // Membership in a set, whose values end with NaN: a chain of equalities that share both children.
      std::vector<double> set;
      while (next_member < members.size() && !std::isnan(members[next_member])) set.push_back(members[next_member++]);
      ++next_member;
      if (set.empty()) n_.fail(Fault::format, "a set has no members");
      std::size_t at = i;
      for (std::size_t k = 0; k < set.size(); ++k) {
        const bool last = k + 1 == set.size();
        const std::size_t otherwise = last ? no : trees_.nodes.size();
        trees_.nodes[at] = {false, features[i], equal_mode, set[k], yes, otherwise, {}};
        if (last) break;
        at = trees_.nodes.size();
        trees_.nodes.emplace_back();
      }
    }
  }

  const OnnxNode& n_;
  FileTrees trees_;
  std::size_t branches_ = 0, leaves_ = 0;
  Integers trues_, falses_, true_leaves_, false_leaves_;
};

std::vector<Value> convert_tree_ensemble(Converter& c, const OnnxNode& n) {
  FileTrees trees = TableReader(n).take();
  const std::vector<std::string> aggregates{"AVERAGE", "SUM", "MIN", "MAX"};
  const std::vector<std::string> transforms{"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"};
  const std::int64_t aggregate = n.integer("aggregate_function", 1);
  const std::int64_t transform = n.integer("post_transform", 0);
  const std::int64_t targets = n.integer("n_targets");
  if (aggregate < 0 || aggregate > 3 || transform < 0 || transform > 4 || targets < 1 || targets > (1 << 20)) {
    n.fail(Fault::format, "aggregate_function, post_transform or n_targets is out of bounds");
  }
  const std::string name = aggregate_name(n, aggregates[static_cast<std::size_t>(aggregate)], trees);
  const Value scores = run_trees(c, n, trees, static_cast<std::size_t>(targets), name);
  return {transformed(c, scores, post_transform(n, transforms[static_cast<std::size_t>(transform)]))};
}

constexpr ConverterEntry entries[] = {
    {"ai.onnx.ml", "TreeEnsemble", convert_tree_ensemble},
    {"ai.onnx.ml", "TreeEnsembleClassifier", convert_tree_classifier},
    {"ai.onnx.ml", "TreeEnsembleRegressor", convert_tree_regressor},
};

}  // namespace

std::span<const ConverterEntry> tree_converters() { return entries; }

}  // namespace ezkl
