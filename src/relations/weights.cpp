#include "relations/weights.hpp"

#include <algorithm>
#include <bit>

#include "base/ensure.hpp"
#include "relations/plan_steps.hpp"
#include "relations/reshape.hpp"

namespace ezkl::relations {
namespace {

Fr component_total(const Shape& shape, const Component& c) {
  if (c.is_point) return multilinear::below(shape[c.axes[0]], c.values);
  Fr sum;
  for (const Fr& w : c.values) sum += w;
  return sum;
}

std::vector<Component> picked(std::span<const Component> components, const std::vector<std::size_t>& which) {
  std::vector<Component> out;
  for (const std::size_t k : which) out.push_back(components[k]);
  return out;
}

}  // namespace

Weights point_weights(const Cube& cube, std::span<const Fr> point) {
  Weights out;
  for (std::uint32_t axis = 0; axis < cube.extents().size(); ++axis) {
    const auto part = cube.part(point, axis);
    out.push_back({{axis}, true, {part.begin(), part.end()}});
  }
  return out;
}

bool is_point(const Weights& weights) {
  return std::all_of(weights.begin(), weights.end(), [](const Component& c) { return c.is_point; });
}

std::vector<Fr> coordinates(const Weights& weights) {
  std::vector<Fr> out;
  for (const Component& c : weights) {
    EZKL_ENSURE(c.is_point, "weights of a point");
    out.insert(out.end(), c.values.begin(), c.values.end());
  }
  return out;
}

Fr total(const Shape& shape, const Weights& weights) {
  Fr out = Fr::one();
  for (const Component& c : weights) out *= component_total(shape, c);
  return out;
}

std::vector<Connected> connected(std::span<const Component> components,
                                 const std::vector<std::vector<std::uint32_t>>& loops_of_axes) {
  struct Set {
    Connected members;
    std::vector<std::uint32_t> loops;
  };
  std::vector<Set> sets;
  const auto join = [&](Set next) {
    std::vector<Set> kept;
    for (Set& set : sets) {
      const bool touches = std::any_of(set.loops.begin(), set.loops.end(), [&](std::uint32_t loop) {
        return std::find(next.loops.begin(), next.loops.end(), loop) != next.loops.end();
      });
      if (!touches) {
        kept.push_back(std::move(set));
        continue;
      }
      const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
      append(next.members.components, set.members.components);
      append(next.members.axes, set.members.axes);
      append(next.loops, set.loops);
    }
    kept.push_back(std::move(next));
    sets = std::move(kept);
  };
  for (std::size_t k = 0; k < components.size(); ++k) join({{{k}, {}}, components[k].axes});
  for (std::size_t k = 0; k < loops_of_axes.size(); ++k) join({{{}, {k}}, loops_of_axes[k]});
  std::vector<Connected> out;
  for (Set& set : sets) {
    std::sort(set.members.components.begin(), set.members.components.end());
    std::sort(set.members.axes.begin(), set.members.axes.end());
    out.push_back(std::move(set.members));
  }
  return out;
}

std::vector<std::uint32_t> loops_of(const claims::AxisMap& axis) {
  std::vector<std::uint32_t> out;
  for (const auto& [loop, stride] : axis.strides) out.push_back(loop);
  return out;
}

std::optional<std::size_t> place_at(std::span<const claims::AxisMap> axes, const Shape& shape,
                                    std::span<const std::size_t> among, std::span<const std::size_t> loops) {
  std::size_t place = 0;
  for (const std::size_t axis : among) {
    std::int64_t index = axes[axis].base;
    for (const auto& [loop, stride] : axes[axis].strides) index += stride * static_cast<std::int64_t>(loops[loop]);
    if (index < 0 || index >= static_cast<std::int64_t>(shape[axis])) return std::nullopt;
    place = place * shape[axis] + static_cast<std::size_t>(index);
  }
  return place;
}

std::size_t extent_of(std::span<const std::size_t> extents, std::span<const std::size_t> axes) {
  std::size_t out = 1;
  for (const std::size_t axis : axes) out *= extents[axis];
  return out;
}

std::vector<Fr> corner(std::uint64_t index, unsigned bits) {
  std::vector<Fr> out;
  for (unsigned k = bits; k-- > 0;) out.push_back(Fr::from_u64(index >> k & 1));
  return out;
}

Pushed tidy(const Shape& shape, Weights weights, const Fr& factor) {
  Pushed out{{}, factor};
  for (Component& c : weights) {
    if (!c.is_point) {
      std::vector<std::uint32_t> wide;
      for (const std::uint32_t axis : c.axes) {
        if (shape[axis] == 1) {
          out.weights.push_back({{axis}, true, {}});
        } else {
          wide.push_back(axis);
        }
      }
      c.axes = std::move(wide);
      if (c.axes.empty()) {
        out.factor *= c.values[0];
        continue;
      }
    }
    out.weights.push_back(std::move(c));
  }
  std::sort(out.weights.begin(), out.weights.end(),
            [](const Component& a, const Component& b) { return a.axes < b.axes; });
  return out;
}

ReadThrough read_through(const Weights& weights, const Shape& loops, std::span<const claims::AxisMap> axes,
                         const Shape& source) {
  std::vector<std::vector<std::uint32_t>> driving;
  for (const claims::AxisMap& axis : axes) driving.push_back(loops_of(axis));
  Weights out;
  Fr factor = Fr::one(), inside = Fr::one();
  for (const Connected& part : connected(weights, driving)) {
    const std::vector<Component> from = picked(weights, part.components);
    if (part.axes.empty()) {
      for (const Component& c : from) factor *= component_total(loops, c);
      continue;
    }
    const auto axis = static_cast<std::uint32_t>(part.axes[0]);
    if (from.empty()) {
      const std::int64_t base = axes[axis].base;
      if (base < 0 || base >= static_cast<std::int64_t>(source[axis])) return {std::nullopt, Fr::zero()};
      out.push_back({{axis}, true, corner(static_cast<std::uint64_t>(base), axis_bits(source[axis]))});
      continue;
    }
    if (part.axes.size() == 1 && from.size() == 1 && from[0].is_point && is_plain(axes[axis], loops, source[axis])) {
      out.push_back({{axis}, true, from[0].values});
      inside *= multilinear::below(source[axis], from[0].values);
      continue;
    }
    Component table{{}, false, std::vector<Fr>(extent_of(source, part.axes))};
    for (const std::size_t a : part.axes) table.axes.push_back(static_cast<std::uint32_t>(a));
    Fr sum;
    visit_assignments(from, loops, [&](std::span<const std::size_t> at, const Fr& weight) {
      const auto place = place_at(axes, source, part.axes, at);
      if (!place) return;
      table.values[*place] += weight;
      sum += weight;
    });
    inside *= sum;
    out.push_back(std::move(table));
  }
  return {tidy(source, std::move(out), factor), inside * factor};
}

Pushed reshape_weights(const Weights& weights, const Shape& shape, const Shape& source) {
  const std::vector<AxisGroup> groups = axis_groups(shape, source);
  std::vector<std::vector<std::uint32_t>> driving;
  for (const AxisGroup& group : groups) driving.emplace_back(group.from.begin(), group.from.end());
  Weights out;
  Fr factor = Fr::one();
  for (std::uint32_t axis = 0; axis < source.size(); ++axis) {
    if (source[axis] == 1) out.push_back({{axis}, true, {}});
  }
  for (const Connected& part : connected(weights, driving)) {
    const std::vector<Component> from = picked(weights, part.components);
    if (part.axes.empty()) {
      for (const Component& c : from) factor *= component_total(shape, c);
      continue;
    }
    const AxisGroup& first = groups[part.axes[0]];
    if (part.axes.size() == 1 && is_point(from) && is_aligned(shape, source, first)) {
      const std::vector<Fr> point = coordinates(from);
      auto next = point.begin();
      for (const std::size_t axis : first.to) {
        const auto bits = static_cast<std::ptrdiff_t>(axis_bits(source[axis]));
        out.push_back({{static_cast<std::uint32_t>(axis)}, true, {next, next + bits}});
        next += bits;
      }
      continue;
    }
    Component table{{}, false, {}};
    std::size_t size = 1;
    for (const std::size_t g : part.axes) {
      for (const std::size_t axis : groups[g].to) table.axes.push_back(static_cast<std::uint32_t>(axis));
      size *= extent_of(source, groups[g].to);
    }
    table.values.resize(size);
    visit_assignments(from, shape, [&](std::span<const std::size_t> at, const Fr& weight) {
      std::size_t place = 0;
      for (const std::size_t g : part.axes) {
        for (const std::size_t axis : groups[g].from) place = place * shape[axis] + at[axis];
      }
      table.values[place] += weight;
    });
    out.push_back(std::move(table));
  }
  return tidy(source, std::move(out), factor);
}

std::vector<Fr> listed_weights(const Shape& shape, const Weights& weights) {
  std::vector<Fr> out(volume(shape));
  const std::vector<std::size_t> steps = strides(shape);
  visit_assignments(weights, shape, [&](std::span<const std::size_t> at, const Fr& weight) {
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) place += steps[axis] * at[axis];
    out[place] = weight;
  });
  return out;
}

Pushed table_weights(const Shape& shape, std::vector<Fr> table) {
  Component all{{}, false, std::move(table)};
  for (std::uint32_t axis = 0; axis < shape.size(); ++axis) all.axes.push_back(axis);
  return tidy(shape, {std::move(all)}, Fr::one());
}

std::vector<const Component*> by_axis(const Weights& weights, std::size_t axes) {
  std::vector<const Component*> out(axes);
  for (const Component& c : weights) {
    for (const std::uint32_t axis : c.axes) out[axis] = &c;
  }
  return out;
}

unsigned free_bits(const Shape& shape, const Weights& weights) {
  unsigned bits = 0;
  for (const Component& c : weights) {
    if (c.is_point) continue;
    for (const std::uint32_t axis : c.axes) bits += axis_bits(shape[axis]);
  }
  return bits;
}

std::vector<Fr> weight_table(const Shape& shape, const Weights& weights) {
  Weights tables;
  Shape extents;
  std::vector<std::uint32_t> axes;
  for (const Component& c : weights) {
    if (c.is_point) continue;
    tables.push_back(c);
    axes.insert(axes.end(), c.axes.begin(), c.axes.end());
  }
  std::sort(axes.begin(), axes.end());
  for (const std::uint32_t axis : axes) extents.push_back(shape[axis]);
  const Cube cube(extents);
  std::vector<Fr> out(cube.cells());
  visit_assignments(tables, shape, [&](std::span<const std::size_t> at, const Fr& weight) {
    std::uint64_t cell = 0;
    for (const std::uint32_t axis : axes) cell = cell << axis_bits(shape[axis]) | at[axis];
    out[cell] = weight;
  });
  return out;
}

Fr weights_at(const Shape& shape, const Weights& weights, std::span<const Fr> point) {
  const std::vector<const Component*> of = by_axis(weights, shape.size());
  std::vector<std::span<const Fr>> parts(shape.size());
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (of[axis]->is_point) continue;
    const unsigned bits = axis_bits(shape[axis]);
    parts[axis] = point.first(bits);
    point = point.subspan(bits);
  }
  Fr out = Fr::one();
  for (const Component& c : weights) {
    if (c.is_point) continue;
    Shape extents;
    std::vector<Fr> own;
    for (const std::uint32_t axis : c.axes) {
      extents.push_back(shape[axis]);
      own.insert(own.end(), parts[axis].begin(), parts[axis].end());
    }
    const Cube cube(extents);
    std::vector<Fr> table(cube.cells());
    cube.scatter(c.values, table);
    out *= multilinear::evaluate(std::move(table), own);
  }
  return out;
}

std::vector<Fr> completed(const Shape& shape, const Weights& weights, std::span<const Fr> bound) {
  const std::vector<const Component*> of = by_axis(weights, shape.size());
  std::vector<Fr> out;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (of[axis]->is_point) {
      out.insert(out.end(), of[axis]->values.begin(), of[axis]->values.end());
      continue;
    }
    const unsigned bits = axis_bits(shape[axis]);
    out.insert(out.end(), bound.begin(), bound.begin() + bits);
    bound = bound.subspan(bits);
  }
  return out;
}

}  // namespace ezkl::relations
