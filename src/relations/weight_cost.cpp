#include "relations/weight_cost.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "commit/rows.hpp"
#include "ezkl/error.hpp"
#include "relations/contraction.hpp"
#include "relations/plan_check.hpp"
#include "relations/plan_steps.hpp"
#include "relations/reshape.hpp"

namespace ezkl::relations {
namespace {

/// A tensor that is visited costs calls and lists, as much as some products of field elements.
constexpr std::uint64_t steps_of_a_visit = 8;

[[noreturn]] void too_much(const std::string& what) {
  throw Error(Fault::range, "checking a proof would take " + what);
}

std::uint64_t total_steps(const Weights& form, const Shape& shape) {
  std::uint64_t out = 0;
  for (const Component& c : form) out = saturating::plus(out, c.is_point ? Cube::largest_bits : entries_of(c, shape));
  return out;
}

std::vector<Component> picked(std::span<const Component> components, const std::vector<std::size_t>& which) {
  std::vector<Component> out;
  for (const std::size_t k : which) out.push_back({components[k].axes, components[k].is_point, {}});
  return out;
}

std::uint64_t extents(const Shape& shape, std::span<const std::size_t> axes) {
  std::uint64_t out = 1;
  for (const std::size_t axis : axes) out = saturating::times(out, shape[axis]);
  return out;
}

/// Work on what every reading leads to, told apart by tensor and form: a tensor that is read many ways costs each.
class Readings {
 public:
  explicit Readings(const Plan& plan) : plan_(plan) {}

  WeightWork run() {
    for (const Tree& tree : plan_.trees) add_tree(tree);
    for (const Constraint& constraint : plan_.constraints) add(constraint.expression, constraint.shaped_as);
    std::set<std::uint32_t> operands;
    for (const Square& square : plan_.squares) {
      add(square.tensor);
      operands.insert(square.tensor);
    }
    const std::vector<bool> needed = needed_tensors(plan_);
    for (std::uint32_t id = 0; id < needed.size(); ++id) {
      const PlanTensor& t = plan_.tensors[id];
      if (!needed[id]) continue;
      if (t.kind == TensorKind::product) operands.insert(t.sources.begin(), t.sources.end());
      if (t.kind == TensorKind::contraction) add_contraction(id);
    }
    for (const std::uint32_t id : operands) {
      if (plan_.tensors[id].kind != TensorKind::contraction || plan_.tensors[id].materialised) add(id);
    }
    return all_;
  }

 private:
  struct Cost {
    std::uint64_t steps = 0, kept = 0;
    unsigned depth = 0;  ///< of tensors below
  };

  void add(const Cost& cost) {
    all_.add_steps(cost.steps);
    all_.keep(cost.kept);
  }
  void add(std::uint32_t tensor) { add(cost(tensor, point_form(plan_.tensors[tensor].cube), 0)); }
  void add(const Expression& expression, std::uint32_t shaped_as) {
    const PlanTensor& t = plan_.tensors[shaped_as];
    add(terms_cost(expression, t.shape, point_form(t.cube), 0));
  }

  void add_tree(const Tree& tree) {
    for (const std::uint32_t k : tree.lookups) {
      const Lookup& lookup = plan_.lookups[k];
      for (const Expression& column : lookup.columns) add(column, lookup.shaped_as);
    }
    for (const auto& [table, counts] : tree.tables) {
      add(counts);
      if (plan_.tables[table].function) add(plan_.tables[table].values);
    }
    for (const std::uint32_t counts : tree.gather_counts) add(counts);
    for (const std::uint32_t k : tree.gathers) {
      for (const std::uint32_t id : {plan_.gathers[k].data, plan_.gathers[k].index, plan_.gathers[k].out}) add(id);
    }
    for (const std::uint32_t k : tree.permutes) {
      for (const auto* columns : {&plan_.permutes[k].ys, &plan_.permutes[k].xs}) {
        for (const std::uint32_t id : *columns) add(id);
      }
    }
  }

  void add_contraction(std::uint32_t id) {
    const std::vector<Fr> any(plan_.tensors[id].cube.bits());
    const ContractionAt contraction(plan_, id, any);
    add(contraction.x());
    if (const auto form = contraction.k_form(all_)) add(cost(contraction.k(), *form, 0));
  }

  Cost cost(std::uint32_t tensor, const Weights& form, unsigned depth) {
    std::vector<std::uint32_t> key{tensor};
    for (const Component& c : form) {
      for (const std::uint32_t axis : c.axes) key.push_back(2 * axis + 1);
      key.push_back(c.is_point ? 0 : 2);
    }
    auto found = known_.find(key);
    if (found == known_.end()) {
      if (depth >= WeightWork::most_depth || known_.size() >= WeightWork::most_readings) too_deep();
      const Cost made = make(tensor, form, depth);
      found = known_.emplace(std::move(key), made).first;
    }
    if (depth + found->second.depth > WeightWork::most_depth) too_deep();
    return found->second;
  }

  [[noreturn]] static void too_deep() {
    too_much("more than " + std::to_string(WeightWork::most_depth) +
             " tensors made of each other, or more than 2^20 readings of them");
  }

  /// What is below `out` joins it.
  static void join(Cost& out, WeightWork& work, const Cost& below) {
    work.add_steps(below.steps);
    work.keep(below.kept);
    out.depth = std::max(out.depth, below.depth + 1);
  }
  static Cost finished(Cost out, const WeightWork& work) {
    out.steps = work.steps();
    out.kept = work.kept();
    return out;
  }

  Cost terms_cost(const Expression& expression, const Shape& shape, const Weights& form, unsigned depth) {
    Cost out;
    WeightWork work;
    work.add_steps(steps_of_a_visit + total_steps(form, shape));
    for (const Term& term : expression.terms) {
      const PlanTensor& t = plan_.tensors[term.tensor];
      join(out, work, cost(term.tensor, t.shape == shape ? form : point_form(t.cube), depth + 1));
    }
    return finished(out, work);
  }

  Cost make(std::uint32_t tensor, const Weights& form, unsigned depth) {
    const PlanTensor& t = plan_.tensors[tensor];
    if (t.kind == TensorKind::linear) return terms_cost(t.linear, t.shape, form, depth);
    Cost out;
    WeightWork work;
    work.add_steps(steps_of_a_visit);
    const auto shape_of = [&](std::uint32_t source) -> const Shape& { return plan_.tensors[source].shape; };
    const auto below = [&](std::uint32_t source, const Weights& weights) {
      join(out, work, cost(source, weights, depth + 1));
    };
    if (t.is_anchor()) {
      add_anchor(t, form, work);
      return finished(out, work);
    }
    switch (t.kind) {
      case TensorKind::view:
      case TensorKind::sum: {
        Weights loops = form;
        for (std::uint32_t l = static_cast<std::uint32_t>(t.shape.size()); l < t.loops.size(); ++l) {
          work.add_table(t.loops[l]);
          loops.push_back({{l}, false, {}});
        }
        if (t.kind == TensorKind::view && t.outside != 0) work.add_steps(total_steps(form, t.shape));
        const auto read = read_form(loops, t.loops, t.axes[0], shape_of(t.sources[0]), work);
        if (read) below(t.sources[0], *read);
        break;
      }
      case TensorKind::reshape:
        below(t.sources[0], reshape_form(form, t.shape, shape_of(t.sources[0]), work));
        break;
      case TensorKind::remap:
        add_assignments(work, form, t.shape);
        work.add_table(t.cube.elements());
        for (const std::uint32_t source : t.sources) {
          work.add_steps(t.cube.elements());
          work.add_table(plan_.tensors[source].cube.elements());
          Component all{{}, false, {}};
          for (std::uint32_t axis = 0; axis < shape_of(source).size(); ++axis) all.axes.push_back(axis);
          below(source, tidy_form(shape_of(source), {std::move(all)}));
        }
        break;
      default:  // a product, whose point is kept for each way to it
        work.add_steps(t.cube.bits());
        work.keep(4 + t.cube.bits());
        break;
    }
    return finished(out, work);
  }

  /// Tables of what is no point are kept, and evaluated on their cubes; then there is a point in any case.
  void add_anchor(const PlanTensor& t, const Weights& form, WeightWork& work) const {
    work.keep(4 + 2 * form.size() + t.cube.bits());  // itself, in units of an element
    for (const Component& c : form) {
      if (c.is_point) continue;
      work.keep(entries_of(c, t.shape));
      std::uint64_t cells = 1;
      for (const std::uint32_t axis : c.axes)
        cells = saturating::times(cells, std::uint64_t{1} << axis_bits(t.shape[axis]));
      work.add_table(cells);
    }
    if (t.kind == TensorKind::instance) {
      work.add_table(t.cube.cells());
    } else if (t.kind == TensorKind::known) {
      const claims::Values& values = *t.values;
      work.add_steps(values.size());
      if (std::any_of(values.begin(), values.end(), [&](Int128 v) { return v != values[0]; })) {
        work.add_table(t.cube.cells());
      }
    } else {
      work.add_steps(RowShape(t.cube, plan_.options.row_bits).rows());
    }
  }

  const Plan& plan_;
  WeightWork all_;
  std::map<std::vector<std::uint32_t>, Cost> known_;
};

}  // namespace

void WeightWork::add_steps(std::uint64_t count) {
  steps_ = saturating::plus(steps_, count);
  if (steps_ > most_steps) too_much("more than 2^28 steps over weights of tensors");
}

void WeightWork::add_table(std::uint64_t entries) {
  if (entries > most_entries) too_much("a table of more than 2^25 weights");
  add_steps(entries);
}

void WeightWork::keep(std::uint64_t entries) {
  kept_ = saturating::plus(kept_, entries);
  if (kept_ > most_entries) too_much("more than 2^25 weights of all tensors together");
}

Weights point_form(const Cube& cube) {
  Weights out;
  for (std::uint32_t axis = 0; axis < cube.extents().size(); ++axis) out.push_back({{axis}, true, {}});
  return out;
}

Weights form_of(Weights weights) {
  for (Component& c : weights) c.values.clear();
  return weights;
}

std::uint64_t entries_of(const Component& form, const Shape& loops) {
  std::uint64_t out = 1;
  for (const std::uint32_t loop : form.axes) {
    out = saturating::times(out, form.is_point ? std::uint64_t{1} << axis_bits(loops[loop]) : loops[loop]);
  }
  return out;
}

void add_assignments(WeightWork& work, std::span<const Component> forms, const Shape& loops) {
  std::uint64_t all = 1;
  for (const Component& c : forms) {
    work.add_table(entries_of(c, loops));
    for (const std::uint32_t loop : c.axes) all = saturating::times(all, loops[loop]);
  }
  work.add_steps(all);
}

Weights tidy_form(const Shape& shape, Weights form) {
  Weights out;
  for (Component& c : form) {
    if (!c.is_point) {
      std::erase_if(c.axes, [&](std::uint32_t axis) {
        if (shape[axis] != 1) return false;
        out.push_back({{axis}, true, {}});
        return true;
      });
      if (c.axes.empty()) continue;
    }
    out.push_back(std::move(c));
  }
  std::sort(out.begin(), out.end(), [](const Component& a, const Component& b) { return a.axes < b.axes; });
  return out;
}

std::optional<Weights> read_form(const Weights& form, const Shape& loops, std::span<const claims::AxisMap> axes,
                                 const Shape& source, WeightWork& work) {
  std::vector<std::vector<std::uint32_t>> driving;
  for (const claims::AxisMap& axis : axes) driving.push_back(loops_of(axis));
  Weights out;
  for (const Connected& part : connected(form, driving)) {
    const std::vector<Component> from = picked(form, part.components);
    if (part.axes.empty()) {
      work.add_steps(total_steps(from, loops));
      continue;
    }
    const auto axis = static_cast<std::uint32_t>(part.axes[0]);
    if (from.empty()) {
      const std::int64_t base = axes[axis].base;
      if (base < 0 || base >= static_cast<std::int64_t>(source[axis])) return std::nullopt;
      out.push_back({{axis}, true, {}});
      continue;
    }
    if (part.axes.size() == 1 && from.size() == 1 && from[0].is_point && is_plain(axes[axis], loops, source[axis])) {
      out.push_back({{axis}, true, {}});
      continue;
    }
    work.add_table(extents(source, part.axes));
    add_assignments(work, from, loops);
    Component table{{}, false, {}};
    for (const std::size_t a : part.axes) table.axes.push_back(static_cast<std::uint32_t>(a));
    out.push_back(std::move(table));
  }
  return tidy_form(source, std::move(out));
}

Weights reshape_form(const Weights& form, const Shape& shape, const Shape& source, WeightWork& work) {
  const std::vector<AxisGroup> groups = axis_groups(shape, source);
  std::vector<std::vector<std::uint32_t>> driving;
  for (const AxisGroup& group : groups) driving.emplace_back(group.from.begin(), group.from.end());
  Weights out;
  for (std::uint32_t axis = 0; axis < source.size(); ++axis) {
    if (source[axis] == 1) out.push_back({{axis}, true, {}});
  }
  for (const Connected& part : connected(form, driving)) {
    const std::vector<Component> from = picked(form, part.components);
    if (part.axes.empty()) {
      work.add_steps(total_steps(from, shape));
      continue;
    }
    const AxisGroup& first = groups[part.axes[0]];
    if (part.axes.size() == 1 && is_point(from) && is_aligned(shape, source, first)) {
      for (const std::size_t axis : first.to) out.push_back({{static_cast<std::uint32_t>(axis)}, true, {}});
      continue;
    }
    Component table{{}, false, {}};
    std::uint64_t size = 1;
    for (const std::size_t g : part.axes) {
      for (const std::size_t axis : groups[g].to) table.axes.push_back(static_cast<std::uint32_t>(axis));
      size = saturating::times(size, extents(source, groups[g].to));
    }
    work.add_table(size);
    add_assignments(work, from, shape);
    out.push_back(std::move(table));
  }
  return tidy_form(source, std::move(out));
}

WeightWork weight_work(const Plan& plan) { return Readings(plan).run(); }

}  // namespace ezkl::relations
