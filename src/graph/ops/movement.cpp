// Operators that move elements and compute nothing: Identity, MultiBroadcastTo, Reshape, Transpose, Concat, Slice,
// Tile, Resize and Remap. Shapes are static, so each is a fixed window onto its input or a fixed table of places.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Writer;

/// A list of integers as the shape of a tensor. errors: Fault::format for a negative extent.
Shape shape_attribute(const OpContext& ctx, const std::string& name) {
  Shape shape;
  for (std::int64_t extent : ctx.op.integers(name)) {
    require(ctx, extent >= 0, name + " holds the negative extent " + std::to_string(extent));
    shape.push_back(std::size_t(extent));
  }
  return shape;
}

// ---- Identity: the same integers, read at a scale `shift` larger, so the real number is divided by 2^shift

Shape first_shape(const OpContext& ctx) { return ctx.shapes[0]; }

/// `to_scale`, in place of `shift`, is the scale to be read at; quantization turns it into a shift.
constexpr AttributeRule identity_attributes[] = {attribute::integer("shift", -(1 << 20), 1 << 20).optional(),
                                                 attribute::integer("to_scale", -1000, 1000).optional()};

int identity_scale(const OpContext& ctx) { return ctx.scales[0] + int(ctx.op.integer("shift", 0)); }

FloatTensor identity_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  FloatTensor out = in[0];
  const int shift = int(ctx.op.integer("shift", 0));
  for (double& value : out.data) value = round_to(out.type, std::ldexp(value, -shift));
  return out;
}

Tensor identity_emit(Writer&, const OpContext&, std::span<const Tensor> in) { return in[0]; }

// ---- MultiBroadcastTo {shape}: numpy's rules, axes aligned on the right

constexpr AttributeRule shape_attributes[] = {attribute::integers("shape", 0)};

Window broadcast_window(const OpContext& ctx) {
  const Shape& from = ctx.shapes[0];
  const Shape to = shape_attribute(ctx, "shape");
  require(ctx, to.size() >= from.size(), "cannot broadcast " + to_string(from) + " to " + to_string(to));
  Window window{to, to, {}};
  for (std::size_t a = 0; a < from.size(); ++a) {
    const std::size_t out = a + to.size() - from.size();
    require(ctx, from[a] == 1 || from[a] == to[out], "cannot broadcast " + to_string(from) + " to " + to_string(to));
    window.axes.push_back({0, {}});
    if (from[a] != 1) window.axes.back().strides.emplace_back(std::uint32_t(out), 1);
  }
  return window;
}

// ---- Reshape {shape}

Shape reshape_shape(const OpContext& ctx) {
  const Shape to = shape_attribute(ctx, "shape");
  require(ctx, volume(to) == volume(ctx.shapes[0]),
          "cannot reshape " + to_string(ctx.shapes[0]) + " to " + to_string(to));
  return to;
}

FloatTensor reshape_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return {in[0].type, reshape_shape(ctx), in[0].data};
}

Tensor reshape_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return w.reshape(in[0], reshape_shape(ctx));
}

// ---- Transpose {perm}: output axis a is input axis perm[a]

constexpr AttributeRule transpose_attributes[] = {attribute::integers("perm", 0)};

Window transpose_window(const OpContext& ctx) {
  const Shape& from = ctx.shapes[0];
  const std::vector<std::int64_t>& perm = ctx.op.integers("perm");
  require(ctx, perm.size() == from.size(),
          "perm has " + std::to_string(perm.size()) + " entries for a tensor of rank " + std::to_string(from.size()));
  Window window{Shape(from.size()), {}, std::vector<claims::AxisMap>(from.size())};
  std::vector<bool> seen(from.size(), false);
  for (std::size_t out = 0; out < perm.size(); ++out) {
    const bool fresh = perm[out] >= 0 && perm[out] < std::int64_t(from.size()) && !seen[std::size_t(perm[out])];
    require(ctx, fresh, "perm is not a permutation of the axes");
    const auto source = std::size_t(perm[out]);
    seen[source] = true;
    window.shape[out] = from[source];
    window.axes[source].strides.emplace_back(std::uint32_t(out), 1);
  }
  window.loops = window.shape;
  return window;
}

// ---- Slice {starts, ends, steps, axes}: elements start, start + step, … before end (after it, for a negative step)

constexpr std::int64_t slice_limit = (std::int64_t{1} << 40) - 1;
constexpr AttributeRule slice_attributes[] = {
    attribute::integers("starts", -slice_limit, slice_limit), attribute::integers("ends", -slice_limit, slice_limit),
    attribute::integers("axes", 0), attribute::integers("steps", -slice_limit, slice_limit).optional()};

Window slice_window(const OpContext& ctx) {
  const Shape& from = ctx.shapes[0];
  const auto& starts = ctx.op.integers("starts");
  const auto& ends = ctx.op.integers("ends");
  const auto& axes = ctx.op.integers("axes");
  const std::vector<std::int64_t> steps = ctx.op.integers("steps", std::vector<std::int64_t>(axes.size(), 1));
  require(ctx, starts.size() == axes.size() && ends.size() == axes.size() && steps.size() == axes.size(),
          "starts, ends, steps and axes differ in length");
  Window window{from, {}, {}};
  for (std::size_t a = 0; a < from.size(); ++a) window.axes.push_back({0, {{std::uint32_t(a), 1}}});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    require(ctx, axes[i] >= 0 && axes[i] < std::int64_t(from.size()), "no axis " + std::to_string(axes[i]));
    const auto axis = std::size_t(axes[i]);
    const auto extent = std::int64_t(from[axis]);
    const std::int64_t step = steps[i];
    require(ctx, step != 0, "a step cannot be 0");
    const auto bounded = [](std::int64_t value) { return value >= -slice_limit && value <= slice_limit; };
    require(ctx, bounded(step) && bounded(starts[i]) && bounded(ends[i]), "start, end or step is out of bounds");
    const std::int64_t distance = step > 0 ? ends[i] - starts[i] : starts[i] - ends[i];
    const std::int64_t count = distance <= 0 ? 0 : (distance - 1) / std::abs(step) + 1;
    const std::int64_t last = starts[i] + (count - 1) * step;
    require(ctx, count == 0 || (std::min(starts[i], last) >= 0 && std::max(starts[i], last) < extent),
            "elements from " + std::to_string(starts[i]) + " to " + std::to_string(last) + " of an axis of " +
                std::to_string(extent));
    window.shape[axis] = std::size_t(count);
    window.axes[axis] = {starts[i], {{std::uint32_t(axis), step}}};
  }
  window.loops = window.shape;
  return window;
}

// ---- Tile {repeats} and Resize {scales}: loops (repeat, element) or (element, repeat) of each axis

constexpr AttributeRule tile_attributes[] = {attribute::integers("repeats", 0)};
constexpr AttributeRule resize_attributes[] = {attribute::integers("scales", 0)};

Window repeat_window(const OpContext& ctx, const std::string& attribute, bool element_first) {
  const Shape& from = ctx.shapes[0];
  const std::vector<std::int64_t>& repeats = ctx.op.integers(attribute);
  require(ctx, repeats.size() == from.size(),
          attribute + " has " + std::to_string(repeats.size()) + " entries for a tensor of rank " +
              std::to_string(from.size()));
  Window window;
  for (std::size_t a = 0; a < from.size(); ++a) {
    require(ctx, repeats[a] >= 0, attribute + " holds the negative number " + std::to_string(repeats[a]));
    const auto count = std::size_t(repeats[a]);
    window.shape.push_back(volume({from[a], count}));
    window.loops.insert(window.loops.end(), {element_first ? from[a] : count, element_first ? count : from[a]});
    window.axes.push_back({0, {{std::uint32_t(2 * a + (element_first ? 0 : 1)), 1}}});
  }
  return window;
}

Window tile_window(const OpContext& ctx) { return repeat_window(ctx, "repeats", false); }
Window resize_window(const OpContext& ctx) { return repeat_window(ctx, "scales", true); }

// ---- Concat {axis}

constexpr AttributeRule concat_attributes[] = {attribute::integer("axis", 0)};

Shape concat_shape(const OpContext& ctx) {
  Shape shape = ctx.shapes[0];
  const std::size_t axis = axis_of(ctx, "axis", shape.size());
  shape[axis] = 0;
  for (const Shape& part : ctx.shapes) {
    Shape like = part;
    require(ctx, part.size() == shape.size(), "operands differ in rank");
    like[axis] = shape[axis];
    require(ctx, like == shape,
            "operands " + to_string(ctx.shapes[0]) + " and " + to_string(part) + " differ outside axis " +
                std::to_string(axis));
    shape[axis] += part[axis];
  }
  return shape;
}

Placement concat_placement(const OpContext& ctx) {
  Placement placement{concat_shape(ctx), {}};
  charge(ctx, volume(placement.shape));
  const std::size_t axis = axis_of(ctx, "axis", placement.shape.size());
  std::size_t outer = 1;
  std::size_t inner = 1;
  for (std::size_t a = 0; a < placement.shape.size(); ++a) {
    if (a != axis) (a < axis ? outer : inner) *= placement.shape[a];
  }
  for (std::size_t o = 0; o < outer; ++o) {
    std::size_t start = 0;
    for (const Shape& part : ctx.shapes) {
      const std::size_t run = part[axis] * inner;
      for (std::size_t i = 0; i < run; ++i) placement.map.push_back(std::int64_t(start + o * run + i));
      start += outer * run;
    }
  }
  return placement;
}

// ---- Remap {shape, map, values}: output element i is input element map[i]; -1-k means the real number values[k]

constexpr AttributeRule remap_attributes[] = {attribute::integers("shape", 0), attribute::integers("map"),
                                              attribute::reals("values").optional()};

Placement remap_placement(const OpContext& ctx) {
  Placement placement{shape_attribute(ctx, "shape"), ctx.op.integers("map")};
  if (ctx.op.has("values")) placement.values = ctx.op.reals("values");
  require(ctx, placement.map.size() == volume(placement.shape),
          "map has " + std::to_string(placement.map.size()) + " entries for shape " + to_string(placement.shape));
  std::int64_t available = 0;
  for (const Shape& shape : ctx.shapes) available += std::int64_t(volume(shape));
  for (std::int64_t from : placement.map) {
    require(ctx, from < available && from >= -std::int64_t(placement.values.size()),
            "map points to element " + std::to_string(from) + ", there are " + std::to_string(available));
  }
  return placement;
}

Shape remap_shape(const OpContext& ctx) { return remap_placement(ctx).shape; }

template <Window (*window)(const OpContext&)>
constexpr OpEntry window_entry(std::string_view kind, std::span<const AttributeRule> attributes) {
  return {kind,
          {1, 1, attributes},
          [](const OpContext& ctx) { return window(ctx).shape; },
          scale_of_first,
          no_positions,
          [](const OpContext& ctx, std::span<const FloatTensor> in) { return look(window(ctx), in[0]); },
          [](Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
            return look(w, window(ctx), in[0], ctx.scales[0]);
          }};
}

template <Placement (*placement)(const OpContext&)>
constexpr OpEntry placement_entry(std::string_view kind, std::span<const AttributeRule> attributes,
                                  Shape (*shape)(const OpContext&)) {
  return {kind,
          {1, Signature::any_number, attributes},
          shape,
          scale_of_first,
          all_positions,
          [](const OpContext& ctx, std::span<const FloatTensor> in) { return place(placement(ctx), in); },
          [](Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
            return place(w, placement(ctx), in, ctx.scales[0]);
          }};
}

}  // namespace

std::span<const OpEntry> movement_ops() {
  static const OpEntry entries[] = {
      {"Identity",
       {1, 1, identity_attributes},
       first_shape,
       identity_scale,
       no_positions,
       identity_reference,
       identity_emit},
      {"Reshape",
       {1, 1, shape_attributes},
       reshape_shape,
       scale_of_first,
       no_positions,
       reshape_reference,
       reshape_emit},
      window_entry<broadcast_window>("MultiBroadcastTo", shape_attributes),
      window_entry<transpose_window>("Transpose", transpose_attributes),
      window_entry<slice_window>("Slice", slice_attributes),
      window_entry<tile_window>("Tile", tile_attributes),
      window_entry<resize_window>("Resize", resize_attributes),
      placement_entry<concat_placement>("Concat", concat_attributes, concat_shape),
      placement_entry<remap_placement>("Remap", remap_attributes, remap_shape),
  };
  return entries;
}

}  // namespace ezkl::ops
