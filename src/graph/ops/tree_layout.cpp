// The two ways to lay trees out as claims, and the choice between them.
#include <algorithm>
#include <map>
#include <optional>

#include "graph/claims/compound.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/tree_model.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {

using claims::Tensor;
using claims::Values;
using claims::Writer;

namespace {

/// Where results are added up: one group a target, or one a (tree, target) when the trees' extreme is wanted.
struct Groups {
  const TreeModel& model;

  bool by_tree() const { return model.aggregate != Aggregate::sum; }
  std::size_t count() const { return by_tree() ? model.roots.size() * model.targets : model.targets; }
  std::size_t of(std::size_t tree, std::size_t target) const {
    return by_tree() ? tree * model.targets + target : target;
  }
};

/// A column of a tensor [samples, n].
struct Column {
  std::size_t tensor = 0, column = 0;
};

/// A leaf's weight as an integer of which a sum may hold as many as there are leaves.
Int128 leaf_weight(const OpContext& ctx, double weight, int scale) {
  const Int128 value = quantize(weight, scale);
  constexpr Int128 largest = Int128{1} << 90;
  if (value < -largest || value > largest) refuse(ctx, Fault::range, "a leaf's weight is too large");
  return value;
}

/// Columns of several tensors side by side; where there is none, zeros.
Tensor pick(Writer& w, const OpContext& ctx, const std::vector<Tensor>& tensors,
            const std::vector<std::optional<Column>>& columns, std::size_t samples) {
  std::map<std::size_t, std::int64_t> starts;
  for (const auto& column : columns) {
    if (column) starts.emplace(column->tensor, 0);
  }
  std::vector<Tensor> sources;
  std::int64_t start = 0;
  for (auto& [tensor, at] : starts) {
    at = start;
    sources.push_back(tensors[tensor]);
    start += std::int64_t(volume(w.shape(tensors[tensor])));
  }
  std::vector<std::int64_t> map;
  charge(ctx, volume({samples, columns.size()}));
  for (std::size_t sample = 0; sample < samples; ++sample) {
    for (const auto& column : columns) {
      if (!column) {
        map.push_back(-1);
        continue;
      }
      const std::size_t width = w.shape(tensors[column->tensor])[1];
      map.push_back(starts[column->tensor] + std::int64_t(sample * width + column->column));
    }
  }
  return w.remap({samples, columns.size()}, sources, std::move(map), {0});
}

/// The trees' results [samples, groups] brought together: [samples, targets].
Tensor aggregated(Writer& w, const TreeModel& model, Tensor results) {
  if (model.aggregate == Aggregate::sum) return results;
  const std::size_t samples = w.shape(results)[0];
  const Tensor each = w.reshape(results, {samples, model.roots.size(), model.targets});
  const Tensor extreme = model.aggregate == Aggregate::max ? claims::maximum(w, each, 1) : claims::minimum(w, each, 1);
  return w.reshape(extreme, {samples, model.targets});
}

// ---- Layout 1: every node is compared, indicators are multiplied from the roots to the leaves

class IndicatorLayout {
 public:
  IndicatorLayout(Writer& w, const OpContext& ctx, const TreeModel& model, const IntegerTrees& trees, Tensor x,
                  int weight_scale)
      : w_(w), ctx_(ctx), model_(model), trees_(trees), samples_(w.shape(x)[0]), scale_(weight_scale) {
    settle_levels();
    compare_all(x);
  }

  Tensor run() {
    for (std::size_t level = 0; level < levels_.size(); ++level) descend(level);
    return add_leaves();
  }

 private:
  /// A node's level is its longest distance from a root, so that all its edges come from earlier levels.
  void settle_levels() {
    const std::size_t count = trees_.nodes.size();
    std::vector<std::size_t> level(count, 0);
    tree_.assign(count, 0);
    edges_.resize(count);
    for (std::size_t t = 0; t < trees_.roots.size(); ++t) tree_[trees_.roots[t]] = t;
    for (std::size_t i = 0; i < count; ++i) {
      const IntegerNode& node = trees_.nodes[i];
      if (node.leaf) continue;
      if (level[i] >= levels_.size()) levels_.resize(level[i] + 1);
      levels_[level[i]].push_back(i);
      for (std::size_t child : {node.greater, node.otherwise}) {
        level[child] = std::max(level[child], level[i] + 1);
        tree_[child] = tree_[i];
      }
    }
  }

  /// [x > bound], once for each pair of feature and bound.
  void compare_all(Tensor x) {
    std::map<std::pair<std::size_t, Int128>, std::size_t> distinct;
    std::vector<std::optional<Column>> features;
    Values bounds;
    comparison_.resize(trees_.nodes.size());
    for (std::size_t i = 0; i < trees_.nodes.size(); ++i) {
      const IntegerNode& node = trees_.nodes[i];
      if (node.leaf) continue;
      const auto [found, fresh] = distinct.emplace(std::pair(node.feature, node.bound), features.size());
      comparison_[i] = found->second;
      if (!fresh) continue;
      features.push_back(Column{0, node.feature});
      bounds.push_back(node.bound);
    }
    if (features.empty()) return;
    const std::size_t count = features.size();
    greater_ = claims::greater(w_, pick(w_, ctx_, {x}, features, samples_), w_.constant({1, count}, std::move(bounds)));
  }

  void descend(std::size_t level) {
    const std::vector<std::size_t>& nodes = levels_[level];
    std::vector<std::optional<Column>> chosen;
    for (std::size_t node : nodes) chosen.push_back(Column{0, comparison_[node]});
    const Tensor greater = pick(w_, ctx_, {greater_}, chosen, samples_);
    Tensor yes = greater;
    Tensor no;
    if (level == 0) {
      no = w_.scale(greater, -1, 1);
    } else {
      const Tensor here = indicators(nodes);
      yes = w_.mul(here, greater);
      no = w_.sub(here, yes);
      // `yes` is proven where both factors are: `no` is 0 or 1 times 1 minus a flag.
      w_.deduce(no, {0, 1}, {yes});
    }
    indicators_.push_back(yes);
    indicators_.push_back(no);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const IntegerNode& node = trees_.nodes[nodes[i]];
      edges_[node.greater].push_back({indicators_.size() - 2, i});
      edges_[node.otherwise].push_back({indicators_.size() - 1, i});
    }
  }

  /// Whether a sample comes to each of these nodes: the sum of their edges.
  Tensor indicators(const std::vector<std::size_t>& nodes) {
    std::size_t most = 0;
    for (std::size_t node : nodes) most = std::max(most, edges_[node].size());
    std::vector<claims::Term> terms;
    for (std::size_t k = 0; k < most; ++k) {
      std::vector<std::optional<Column>> columns;
      for (std::size_t node : nodes) {
        columns.push_back(k < edges_[node].size() ? std::optional(edges_[node][k]) : std::nullopt);
      }
      terms.push_back({1, pick(w_, ctx_, indicators_, columns, samples_)});
    }
    if (most == 1) return terms[0].tensor;
    const Tensor sum = w_.linear(terms, 0);
    // A sample takes one way only; all indicators are products of the same comparisons, proven or not.
    w_.deduce(sum, {0, 1}, {indicators_.front()});
    return sum;
  }

  Tensor add_leaves() {
    const Groups groups{model_};
    std::vector<std::vector<std::optional<Column>>> columns(groups.count());
    std::vector<Values> weights(groups.count());
    Values constants(groups.count(), 0);
    std::vector<bool> is_root(trees_.nodes.size(), false);
    for (std::size_t root : trees_.roots) is_root[root] = true;
    for (std::size_t i = 0; i < trees_.nodes.size(); ++i) {
      if (!trees_.nodes[i].leaf) continue;
      for (const auto& [target, weight] : model_.nodes[trees_.nodes[i].source].weights) {
        const std::size_t group = groups.of(tree_[i], target);
        const Int128 value = leaf_weight(ctx_, weight, scale_);
        if (is_root[i]) constants[group] += value;
        for (const Column& edge : edges_[i]) {
          columns[group].push_back(edge);
          weights[group].push_back(value);
        }
      }
    }
    std::vector<Tensor> sums;
    for (std::size_t group = 0; group < groups.count(); ++group) {
      sums.push_back(weighted_sum(columns[group], std::move(weights[group]), constants[group]));
    }
    std::vector<std::optional<Column>> all;
    for (std::size_t group = 0; group < groups.count(); ++group) all.push_back(Column{group, 0});
    return aggregated(w_, model_, pick(w_, ctx_, sums, all, samples_));
  }

  Tensor weighted_sum(const std::vector<std::optional<Column>>& columns, Values weights, Int128 constant) {
    if (columns.empty()) return w_.constant({samples_, 1}, Values(samples_, constant));
    const std::size_t count = columns.size();
    const Tensor indicators = pick(w_, ctx_, indicators_, columns, samples_);
    const Shape loops{samples_, 1, count};
    const claims::View factors[] = {{indicators, loops, {{0, {{0, 1}}}, {0, {{2, 1}}}}, 0},
                                    {w_.constant({count}, std::move(weights)), loops, {{0, {{2, 1}}}}, 0}};
    return w_.scale(w_.contract({samples_, 1}, {count}, factors), 1, constant);
  }

  Writer& w_;
  const OpContext& ctx_;
  const TreeModel& model_;
  const IntegerTrees& trees_;
  std::size_t samples_;
  int scale_;
  std::vector<std::vector<std::size_t>> levels_;  ///< branches by level
  std::vector<std::size_t> tree_;                 ///< of each node
  std::vector<std::size_t> comparison_;           ///< of each branch: column of greater_
  Tensor greater_;
  std::vector<Tensor> indicators_;
  std::vector<std::vector<Column>> edges_;  ///< into each node
};

// ---- Layout 2: all trees are walked down together, level by level, nodes looked up in tables of the circuit

/// A tree's nodes in an order where the two children of a branch are neighbours, `otherwise` first, so that the next
/// node is first_child + [x > bound]. Leaves lead back to themselves: they look at a column of zeros that x is given
/// for them, which is not above 0.
struct WalkTable {
  std::vector<std::size_t> node;  ///< position -> IntegerNode
  std::vector<std::size_t> first_child;
  std::size_t depth = 0;
};

WalkTable walk_table(const IntegerTrees& trees, std::size_t root) {
  WalkTable table{{root}, {0}, 0};
  std::vector<std::size_t> depth{0};
  for (std::size_t at = 0; at < table.node.size(); ++at) {
    const IntegerNode& node = trees.nodes[table.node[at]];
    table.first_child[at] = node.leaf ? at : table.node.size();
    table.depth = std::max(table.depth, depth[at]);
    if (node.leaf) continue;
    for (std::size_t child : {node.otherwise, node.greater}) {
      table.node.push_back(child);
      table.first_child.push_back(0);
      depth.push_back(depth[at] + 1);
    }
  }
  return table;
}

class WalkLayout {
 public:
  WalkLayout(Writer& w, const OpContext& ctx, const TreeModel& model, const IntegerTrees& trees, Tensor x,
             int weight_scale)
      : w_(w),
        ctx_(ctx),
        model_(model),
        trees_(trees),
        zeros_(w.shape(x)[1]),
        x_(with_zeros(w, x)),
        samples_(w.shape(x)[0]),
        scale_(weight_scale) {
    for (std::size_t root : trees.roots) {
      tables_.push_back(walk_table(trees, root));
      length_ = std::max(length_, tables_.back().node.size());
      depth_ = std::max(depth_, tables_.back().depth);
    }
  }

  Tensor run() {
    const auto node = [&](std::size_t t, std::size_t at) -> const IntegerNode& {
      return trees_.nodes[tables_[t].node[at]];
    };
    const Tensor features =
        table([&](std::size_t t, std::size_t at) { return Int128(node(t, at).leaf ? zeros_ : node(t, at).feature); });
    const Tensor bounds =
        table([&](std::size_t t, std::size_t at) { return node(t, at).leaf ? Int128(0) : node(t, at).bound; });
    const Tensor children = table([&](std::size_t t, std::size_t at) { return Int128(tables_[t].first_child[at]); });
    const std::size_t trees = tables_.size();
    Tensor position = w_.constant({trees, samples_}, Values(trees * samples_, 0));
    for (std::size_t step = 0; step < depth_; ++step) {
      const Tensor seen = value_of(looked_up(features, position));
      const Tensor greater = claims::greater(w_, seen, looked_up(bounds, position));
      position = w_.add(looked_up(children, position), greater);
    }
    return add_leaves(position);
  }

 private:
  static Tensor with_zeros(Writer& w, Tensor x) {
    const std::size_t samples = w.shape(x)[0];
    const std::size_t width = w.shape(x)[1];
    return w.view({x, {samples, width + 1}, {{0, {{0, 1}}}, {0, {{1, 1}}}}, 0});
  }

  /// A table [trees, length]; positions past a tree's end repeat its root, and no walk comes there.
  template <class Entry>
  Tensor table(Entry entry) {
    Values values;
    charge(ctx_, volume({tables_.size(), length_}));
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      for (std::size_t at = 0; at < length_; ++at) values.push_back(entry(t, at < tables_[t].node.size() ? at : 0));
    }
    return w_.constant({tables_.size(), length_}, std::move(values));
  }

  /// Entries of a table at `position` [trees, samples]; where positions are known, no lookup is needed.
  Tensor looked_up(Tensor table, Tensor position) {
    if (!w_.is_fixed(position)) return w_.gather(table, position);
    const Values& at = w_.fixed_values(position);
    std::vector<std::int64_t> map;
    for (std::size_t i = 0; i < at.size(); ++i) {
      map.push_back(std::int64_t(i / samples_ * length_) + std::int64_t(at[i]));
    }
    return w_.remap(w_.shape(position), std::span(&table, 1), std::move(map), {});
  }

  /// x[sample, feature] for features [trees, samples].
  Tensor value_of(Tensor features) {
    const std::size_t width = w_.shape(x_)[1];
    if (w_.is_fixed(features)) {
      const Values& columns = w_.fixed_values(features);
      std::vector<std::int64_t> map;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        map.push_back(std::int64_t(i % samples_ * width) + std::int64_t(columns[i]));
      }
      return w_.remap(w_.shape(features), std::span(&x_, 1), std::move(map), {});
    }
    const std::size_t swap[] = {1, 0};
    return w_.transpose(w_.gather(x_, w_.transpose(features, swap)), swap);
  }

  /// One lookup for each (tree, target) that has a weight at all.
  Tensor add_leaves(Tensor position) {
    const Groups groups{model_};
    std::vector<std::vector<std::int64_t>> members(groups.count());
    std::vector<std::int64_t> lines;
    Values weights;
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      std::map<std::size_t, Values> by_target;
      for (std::size_t at = 0; at < tables_[t].node.size(); ++at) {
        const IntegerNode& node = trees_.nodes[tables_[t].node[at]];
        if (!node.leaf) continue;
        for (const auto& [target, weight] : model_.nodes[node.source].weights) {
          if (by_target.count(target) == 0) charge(ctx_, length_);
          Values& column = by_target.emplace(target, Values(length_, 0)).first->second;
          column[at] += leaf_weight(ctx_, weight, scale_);
        }
      }
      for (const auto& [target, column] : by_target) {
        members[groups.of(t, target)].push_back(std::int64_t(lines.size()));
        lines.push_back(std::int64_t(t));
        weights.insert(weights.end(), column.begin(), column.end());
      }
    }
    if (lines.empty()) return w_.constant({samples_, model_.targets}, Values(samples_ * model_.targets, 0));
    std::vector<std::int64_t> map;
    for (std::int64_t line : lines) {
      charge(ctx_, samples_);
      for (std::size_t s = 0; s < samples_; ++s) map.push_back(line * std::int64_t(samples_) + std::int64_t(s));
    }
    const Tensor at = w_.remap({lines.size(), samples_}, std::span(&position, 1), std::move(map), {});
    return results(w_.gather(w_.constant({lines.size(), length_}, std::move(weights)), at), members);
  }

  /// Leaf weights [lines, samples] added up by group.
  Tensor results(Tensor weights, const std::vector<std::vector<std::int64_t>>& members) {
    std::vector<Tensor> sums;
    std::vector<std::optional<Column>> all;
    for (std::size_t group = 0; group < members.size(); ++group) {
      all.push_back(Column{group, 0});
      const std::size_t count = members[group].size();
      if (count == 0) {
        sums.push_back(w_.constant({samples_, 1}, Values(samples_, 0)));
        continue;
      }
      std::vector<std::int64_t> map;
      for (std::size_t s = 0; s < samples_; ++s) {
        for (std::int64_t line : members[group]) map.push_back(line * std::int64_t(samples_) + std::int64_t(s));
      }
      const Tensor own = w_.remap({samples_, count}, std::span(&weights, 1), std::move(map), {});
      const std::size_t axes[] = {1};
      sums.push_back(count == 1 ? own : w_.sum(own, axes));
    }
    return aggregated(w_, model_, pick(w_, ctx_, sums, all, samples_));
  }

  Writer& w_;
  const OpContext& ctx_;
  const TreeModel& model_;
  const IntegerTrees& trees_;
  std::size_t zeros_;  ///< number of the column of zeros
  Tensor x_;           ///< [samples, features + 1]
  std::size_t samples_;
  int scale_;
  std::vector<WalkTable> tables_;
  std::size_t length_ = 0, depth_ = 0;
};

// ---- The choice

/// Cells of one comparison: the difference, the flag and its check, and the digits of a range.
std::size_t comparison_cost(const RunArgs& args) { return 6 + args.decomp_legs; }

std::size_t indicator_cost(const RunArgs& args, const TreeModel& model, const IntegerTrees& trees,
                           std::size_t samples) {
  std::map<std::pair<std::size_t, Int128>, bool> distinct;
  std::size_t branches = 0;
  std::size_t weights = 0;
  for (const IntegerNode& node : trees.nodes) {
    if (node.leaf) {
      weights += model.nodes[node.source].weights.size();
    } else {
      distinct[{node.feature, node.bound}] = true;
      ++branches;
    }
  }
  return samples * (distinct.size() * comparison_cost(args) + 2 * branches + weights);
}

/// Nothing when some node has two parents, so that its table would hold copies of it.
std::optional<std::size_t> walk_cost(const RunArgs& args, const TreeModel& model, const IntegerTrees& trees,
                                     std::size_t samples) {
  std::vector<std::size_t> parents(trees.nodes.size(), 0);
  for (const IntegerNode& node : trees.nodes) {
    if (!node.leaf && (++parents[node.greater] > 1 || ++parents[node.otherwise] > 1)) return std::nullopt;
  }
  std::size_t depth = 0;
  std::size_t length = 0;
  for (std::size_t root : trees.roots) {
    const WalkTable table = walk_table(trees, root);
    depth = std::max(depth, table.depth);
    length = std::max(length, table.node.size());
  }
  const std::size_t count = trees.roots.size();
  // The argument that proves lookups costs its columns even for one of them.
  const std::size_t lookup_argument = 2000;
  const std::size_t tables = count * length * (3 + model.targets);
  return lookup_argument + tables + samples * count * (depth * (comparison_cost(args) + 6) + 2 * model.targets);
}

}  // namespace

Tensor lay_out_trees(Writer& w, const OpContext& ctx, const TreeModel& model, const IntegerTrees& trees, Tensor x,
                     int weight_scale) {
  // A target without a weight has a column too.
  charge(ctx, Groups{model}.count());
  const std::size_t samples = w.shape(x)[0];
  const std::optional<std::size_t> walk = walk_cost(w.args(), model, trees, samples);
  if (walk && *walk < indicator_cost(w.args(), model, trees, samples)) {
    return WalkLayout(w, ctx, model, trees, x, weight_scale).run();
  }
  return IndicatorLayout(w, ctx, model, trees, x, weight_scale).run();
}

}  // namespace ezkl::ops
