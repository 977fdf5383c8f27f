#include "relations/contraction.hpp"

#include <algorithm>
#include <bit>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "relations/plan_steps.hpp"

namespace ezkl::relations {
namespace {

Cube cube_of(const Shape& dims, const std::vector<std::uint32_t>& axes) {
  Shape extents;
  for (const std::uint32_t axis : axes) extents.push_back(dims[axis]);
  return Cube(extents);
}

/// A table with axes that have names, row-major.
struct Named {
  struct Axis {
    std::size_t name = 0, extent = 1;
  };
  std::vector<Axis> axes;
  std::vector<Fr> values;
};

/// The axes called `first` in front, in that order, the others behind as they are.
Named in_front(const Named& from, const std::vector<std::size_t>& first) {
  std::vector<std::size_t> order;  // places of the old axes
  const auto place = [&](std::size_t name) {
    const auto found =
        std::find_if(from.axes.begin(), from.axes.end(), [&](const Named::Axis& a) { return a.name == name; });
    EZKL_ENSURE(found != from.axes.end(), "an axis of the table");
    return static_cast<std::size_t>(found - from.axes.begin());
  };
  for (const std::size_t name : first) order.push_back(place(name));
  for (std::size_t a = 0; a < from.axes.size(); ++a) {
    if (std::find(order.begin(), order.end(), a) == order.end()) order.push_back(a);
  }
  if (std::is_sorted(order.begin(), order.end())) return from;
  std::vector<std::size_t> steps(from.axes.size(), 1);
  for (std::size_t a = steps.size(); a-- > 1;) steps[a - 1] = steps[a] * from.axes[a].extent;
  Named out;
  for (const std::size_t a : order) out.axes.push_back(from.axes[a]);
  out.values.resize(from.values.size());
  std::vector<std::size_t> at(order.size());
  std::size_t source = 0;
  for (Fr& value : out.values) {
    value = from.values[source];
    for (std::size_t a = order.size(); a-- > 0;) {
      source += steps[order[a]];
      if (++at[a] < out.axes[a].extent) break;
      source -= steps[order[a]] * out.axes[a].extent;
      at[a] = 0;
    }
  }
  return out;
}

}  // namespace

ContractionAt::ContractionAt(const Plan& plan, std::uint32_t tensor, std::span<const Fr> point)
    : plan_(plan), t_(plan.tensors[tensor]), out_cube_(t_.cube), point_(point.begin(), point.end()) {
  const std::vector<claims::AxisMap>&x_axes = t_.axes[0], &k_axes = t_.axes[1];
  const Shape& dims = plan.tensors[x()].shape;
  const std::size_t out_loops = t_.shape.size();
  std::vector<unsigned> in_x(t_.loops.size()), in_k(t_.loops.size());
  for (const claims::AxisMap& axis : x_axes) {
    for (const std::uint32_t loop : loops_of(axis)) ++in_x[loop];
  }
  for (const claims::AxisMap& axis : k_axes) {
    for (const std::uint32_t loop : loops_of(axis)) ++in_k[loop];
  }
  std::vector<bool> bound(t_.loops.size());
  for (std::uint32_t axis = 0; axis < dims.size(); ++axis) {
    bool free = is_plain(x_axes[axis], t_.loops, dims[axis]);
    if (free) {
      const std::uint32_t loop = x_axes[axis].strides[0].first;
      free = loop < out_loops && in_k[loop] == 0 && in_x[loop] == 1;
      if (free) bound[loop] = true;
    }
    free_.push_back(free);
    if (!free) residual_.push_back(axis);
  }
  residual_cube_ = cube_of(dims, residual_);
  for (std::uint32_t loop = 0; loop < t_.loops.size(); ++loop) {
    if (bound[loop]) continue;
    if (loop < out_loops) {
      const auto part = out_cube_.part(point_, loop);
      loops_.push_back({{loop}, true, {part.begin(), part.end()}});
    } else {
      loops_.push_back({{loop}, false, {}});
    }
  }
}

std::vector<ContractionAt::Part> ContractionAt::parts() const {
  std::vector<std::vector<std::uint32_t>> driving;
  for (const std::uint32_t axis : residual_) driving.push_back(loops_of(t_.axes[0][axis]));
  for (const claims::AxisMap& axis : t_.axes[1]) driving.push_back(loops_of(axis));
  std::vector<Part> out;
  for (const Connected& set : connected(loops_, driving)) {
    Part& part = out.emplace_back();
    for (const std::size_t k : set.components) part.loops.push_back(loops_[k]);
    for (const std::size_t axis : set.axes) {
      if (axis < residual_.size()) {
        part.x_axes.push_back(axis);
      } else {
        part.k_axes.push_back(axis - residual_.size());
      }
    }
  }
  return out;
}

std::vector<ContractionAt::Part> ContractionAt::weighted_parts() const {
  std::vector<Part> out = parts();
  for (Part& part : out) {
    for (Component& loop : part.loops) {
      if (!loop.is_point) loop.values.assign(t_.loops[loop.axes[0]], Fr::one());
    }
  }
  return out;
}

bool ContractionAt::k_is_fixed() const {
  const TensorKind kind = plan_.tensors[k()].kind;
  return kind == TensorKind::keyed || kind == TensorKind::known;
}

bool ContractionAt::reads_sigma(const Part& part) const {
  // An axis that is summed over may not read K outside its shape, where the prover may have put anything.
  return k_is_plain(part) && x_is_plain(part) && !part.loops[0].is_point &&
         (k_is_fixed() || std::has_single_bit(plan_.tensors[k()].shape[part.k_axes[0]]));
}

bool ContractionAt::k_is_plain(const Part& part) const {
  return part.loops.size() == 1 && part.k_axes.size() == 1 &&
         is_plain(t_.axes[1][part.k_axes[0]], t_.loops, plan_.tensors[k()].shape[part.k_axes[0]]);
}

bool ContractionAt::x_is_plain(const Part& part) const {
  if (part.loops.size() != 1 || part.x_axes.size() != 1) return false;
  const std::uint32_t axis = residual_[part.x_axes[0]];
  return is_plain(t_.axes[0][axis], t_.loops, plan_.tensors[x()].shape[axis]);
}

template <class Visit>
void ContractionAt::visit_part(const Part& part, Visit&& visit) const {
  const Shape &xs = plan_.tensors[x()].shape, &ks = plan_.tensors[k()].shape;
  std::vector<std::size_t> x_axes;
  for (const std::size_t a : part.x_axes) x_axes.push_back(residual_[a]);
  visit_assignments(part.loops, t_.loops, [&](std::span<const std::size_t> at, const Fr& weight) {
    const auto x_place = place_at(t_.axes[0], xs, x_axes, at), k_place = place_at(t_.axes[1], ks, part.k_axes, at);
    if (x_place && k_place) visit(*x_place, *k_place, weight);
  });
}

std::vector<Fr> ContractionAt::bound_x(const Witness& witness) const {
  // Residual axes are kept as they are: as if they had weights.
  Weights weights;
  for (std::uint32_t axis = 0; axis < free_.size(); ++axis) {
    if (!free_[axis]) {
      weights.push_back({{axis}, false, {}});
      continue;
    }
    const auto part = out_cube_.part(point_, t_.axes[0][axis].strides[0].first);
    weights.push_back({{axis}, true, {part.begin(), part.end()}});
  }
  return witness.bound(x(), weights);
}

std::vector<Fr> ContractionAt::table_a(const Witness& witness) const {
  const PlanTensor& kernel = plan_.tensors[k()];
  const std::size_t offset = residual_.size();  // names: residual axes of X, then axes of K
  // Axes of K that are a point are bound to it, on the cube; the real extents of the others are left.
  std::vector<Part> todo;
  Weights weights;
  std::vector<bool> taken(kernel.shape.size());
  for (Part& part : weighted_parts()) {
    if (k_is_plain(part) && part.x_axes.empty() && part.loops[0].is_point) {
      weights.push_back({{static_cast<std::uint32_t>(part.k_axes[0])}, true, part.loops[0].values});
      taken[part.k_axes[0]] = true;
    } else {
      todo.push_back(std::move(part));
    }
  }
  Named table;
  Shape kept;
  for (std::uint32_t axis = 0; axis < kernel.shape.size(); ++axis) {
    if (taken[axis]) continue;
    weights.push_back({{axis}, false, {}});
    table.axes.push_back({offset + axis, kernel.shape[axis]});
    kept.push_back(kernel.shape[axis]);
  }
  table.values = Cube(kept).gather(witness.bound(k(), weights));
  for (const Part& part : todo) {
    std::vector<std::size_t> k_names;
    for (const std::size_t a : part.k_axes) k_names.push_back(offset + a);
    // A summed loop that is plain in both: the axis of K is that of X.
    if (k_is_plain(part) && x_is_plain(part) && !part.loops[0].is_point) {
      for (Named::Axis& axis : table.axes) {
        if (axis.name == k_names[0]) axis.name = part.x_axes[0];
      }
      continue;
    }
    const Named front = in_front(table, k_names);
    const std::size_t rest = front.values.size() / extent_of(kernel.shape, part.k_axes);
    Named next;
    for (const std::size_t a : part.x_axes) next.axes.push_back({a, residual_cube_.extents()[a]});
    next.axes.insert(next.axes.end(), front.axes.begin() + std::ptrdiff_t(k_names.size()), front.axes.end());
    next.values.resize(extent_of(residual_cube_.extents(), part.x_axes) * rest);
    visit_part(part, [&](std::size_t x_place, std::size_t k_place, const Fr& weight) {
      fr_kernels().mul_scalar_add(&next.values[x_place * rest], &front.values[k_place * rest], weight,
                                  &next.values[x_place * rest], rest);
    });
    table = std::move(next);
  }
  std::vector<std::size_t> order(residual_.size());
  for (std::size_t a = 0; a < order.size(); ++a) order[a] = a;
  table = in_front(table, order);
  std::vector<Fr> out(residual_cube_.cells());
  residual_cube_.scatter(table.values, out);
  return out;
}

Weights ContractionAt::x_weights(std::span<const Fr> sigma) const {
  Weights out;
  std::size_t next = 0;
  for (std::uint32_t axis = 0; axis < free_.size(); ++axis) {
    const auto part =
        free_[axis] ? out_cube_.part(point_, t_.axes[0][axis].strides[0].first) : residual_cube_.part(sigma, next++);
    out.push_back({{axis}, true, {part.begin(), part.end()}});
  }
  return out;
}

Pushed ContractionAt::k_weights(std::span<const Fr> sigma) const {
  const PlanTensor& kernel = plan_.tensors[k()];
  Weights out;
  Fr factor = Fr::one();
  for (const Part& part : weighted_parts()) {
    const auto axis = static_cast<std::uint32_t>(part.k_axes.empty() ? 0 : part.k_axes[0]);
    if (k_is_plain(part) && part.x_axes.empty() && part.loops[0].is_point) {
      out.push_back({{axis}, true, part.loops[0].values});
      continue;
    }
    if (reads_sigma(part)) {
      const auto own = residual_cube_.part(sigma, part.x_axes[0]);
      out.push_back({{axis}, true, {own.begin(), own.end()}});
      continue;
    }
    Shape x_shape;
    Weights at_sigma;
    for (const std::size_t a : part.x_axes) {
      const auto own = residual_cube_.part(sigma, a);
      at_sigma.push_back({{static_cast<std::uint32_t>(x_shape.size())}, true, {own.begin(), own.end()}});
      x_shape.push_back(residual_cube_.extents()[a]);
    }
    const std::vector<Fr> eq = listed_weights(x_shape, at_sigma);
    const std::size_t size = extent_of(kernel.shape, part.k_axes);
    std::vector<Fr> table(size);
    visit_part(part, [&](std::size_t x_place, std::size_t k_place, const Fr& weight) {
      table[k_place] += weight * eq[x_place];
    });
    if (part.k_axes.empty()) {
      factor *= table[0];
    } else if (part.loops.empty()) {  // one index of an axis, or outside of it
      const std::int64_t base = t_.axes[1][axis].base;
      if (base < 0 || base >= static_cast<std::int64_t>(size)) return {{}, Fr::zero()};
      out.push_back({{axis}, true, corner(static_cast<std::uint64_t>(base), axis_bits(size))});
    } else {
      Component component{{}, false, std::move(table)};
      for (const std::size_t a : part.k_axes) component.axes.push_back(static_cast<std::uint32_t>(a));
      out.push_back(std::move(component));
    }
  }
  return tidy(kernel.shape, std::move(out), factor);
}

std::optional<Weights> ContractionAt::k_form(WeightWork& work) const {
  const Shape& shape = plan_.tensors[k()].shape;
  Weights out;
  for (const Part& part : parts()) {
    const auto axis = static_cast<std::uint32_t>(part.k_axes.empty() ? 0 : part.k_axes[0]);
    for (const Component& loop : part.loops) work.add_table(entries_of(loop, t_.loops));
    if ((k_is_plain(part) && part.x_axes.empty() && part.loops[0].is_point) || reads_sigma(part)) {
      out.push_back({{axis}, true, {}});
      continue;
    }
    Shape x_shape;
    for (const std::size_t a : part.x_axes) x_shape.push_back(residual_cube_.extents()[a]);
    work.add_table(volume(x_shape));
    add_assignments(work, point_form(Cube(x_shape)), x_shape);
    std::uint64_t size = 1;
    for (const std::size_t a : part.k_axes) size = saturating::times(size, shape[a]);
    work.add_table(size);
    add_assignments(work, part.loops, t_.loops);
    if (part.k_axes.empty()) continue;
    if (part.loops.empty()) {
      const std::int64_t base = t_.axes[1][axis].base;
      if (base < 0 || base >= static_cast<std::int64_t>(shape[axis])) return std::nullopt;
      out.push_back({{axis}, true, {}});
      continue;
    }
    Component component{{}, false, {}};
    for (const std::size_t a : part.k_axes) component.axes.push_back(static_cast<std::uint32_t>(a));
    out.push_back(std::move(component));
  }
  return tidy_form(shape, std::move(out));
}

}  // namespace ezkl::relations
