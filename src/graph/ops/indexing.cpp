// Gather {axis}, GatherElements {axis}, GatherND {batch_dims}: elements picked by index.
// Known indices are data movement; computed ones a lookup of (line, index, element), one line for each setting of the
// axes that are not indexed.
#include <algorithm>

#include "graph/ops/families.hpp"
#include "graph/ops/index_values.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Writer;

// ---- Gather: the axis is replaced by the axes of the indices

Shape gather_shape(const OpContext& ctx) {
  const Shape& data = ctx.shapes[0];
  const std::size_t axis = axis_of(ctx, "axis", data.size());
  check_index_operand(ctx, 1);
  Shape shape(data.begin(), data.begin() + std::ptrdiff_t(axis));
  const Shape picked = index_shape(ctx);
  shape.insert(shape.end(), picked.begin(), picked.end());
  shape.insert(shape.end(), data.begin() + std::ptrdiff_t(axis) + 1, data.end());
  return shape;
}

/// Extents before, at and after the axis.
struct Split {
  std::size_t outer = 1, extent = 1, inner = 1;
};

Split split_at(const Shape& shape, std::size_t axis) {
  Split split{1, shape[axis], 1};
  for (std::size_t a = 0; a < shape.size(); ++a) {
    if (a != axis) (a < axis ? split.outer : split.inner) *= shape[a];
  }
  return split;
}

Placement gather_placement(const OpContext& ctx, const std::vector<std::int64_t>& indices) {
  const Split split = split_at(ctx.shapes[0], axis_of(ctx, "axis", ctx.shapes[0].size()));
  Placement placement{gather_shape(ctx), {}};
  charge(ctx, volume(placement.shape));
  for (std::size_t o = 0; o < split.outer; ++o) {
    for (std::int64_t index : indices) {
      const std::size_t start = (o * split.extent + position(ctx, index, split.extent)) * split.inner;
      for (std::size_t i = 0; i < split.inner; ++i) placement.map.push_back(std::int64_t(start + i));
    }
  }
  return placement;
}

Tensor gather_computed(Writer& w, const OpContext& ctx, Tensor data, Tensor indices) {
  const std::size_t axis = axis_of(ctx, "axis", ctx.shapes[0].size());
  const Split split = split_at(ctx.shapes[0], axis);
  const std::size_t lines = split.outer * split.inner;
  const std::size_t count = volume(index_shape(ctx));
  const Tensor table = lines_of(w, w.reshape(data, {split.outer, split.extent, split.inner}), 1);
  const Tensor at = w.reshape(computed_positions(w, ctx, indices, split.extent), {1, count});
  const Tensor picked = w.gather(table, w.broadcast(at, {lines, count}));
  return w.reshape(from_lines(w, picked, {split.outer, count, split.inner}, 1), gather_shape(ctx));
}

// ---- GatherElements: as many axes as the data, out[…, i, …] = data[…, index[…, i, …], …]

Shape gather_elements_shape(const OpContext& ctx) {
  const Shape& data = ctx.shapes[0];
  const std::size_t axis = axis_of(ctx, "axis", data.size());
  check_index_operand(ctx, 1);
  const Shape shape = index_shape(ctx);
  require(ctx, shape.size() == data.size(), "indices and data differ in rank");
  for (std::size_t a = 0; a < shape.size(); ++a) {
    require(ctx, a == axis || shape[a] <= data[a],
            "indices " + to_string(shape) + " exceed data " + to_string(data) + " on axis " + std::to_string(a));
  }
  return shape;
}

Placement gather_elements_placement(const OpContext& ctx, const std::vector<std::int64_t>& indices) {
  const Shape& data = ctx.shapes[0];
  const std::size_t axis = axis_of(ctx, "axis", data.size());
  const std::vector<std::size_t> steps = strides(data);
  Placement placement{gather_elements_shape(ctx), {}};
  charge(ctx, volume(placement.shape));
  for_each_index(placement.shape, [&](std::span<const std::size_t> index) {
    const std::size_t at = position(ctx, indices[placement.map.size()], data[axis]);
    placement.map.push_back(std::int64_t(flat(index, steps) + (at - index[axis]) * steps[axis]));
  });
  return placement;
}

Tensor gather_elements_computed(Writer& w, const OpContext& ctx, Tensor data, Tensor indices) {
  const std::size_t axis = axis_of(ctx, "axis", ctx.shapes[0].size());
  const Shape shape = gather_elements_shape(ctx);
  Window box{shape, {}, {}};
  box.shape[axis] = ctx.shapes[0][axis];
  box.loops = box.shape;
  for (std::size_t a = 0; a < shape.size(); ++a) box.axes.push_back({0, {{std::uint32_t(a), 1}}});
  const Tensor table = lines_of(w, box.shape == ctx.shapes[0] ? data : look(w, box, data, ctx.scales[0]), axis);
  const Tensor at = lines_of(w, computed_positions(w, ctx, indices, ctx.shapes[0][axis]), axis);
  return from_lines(w, w.gather(table, at), shape, axis);
}

// ---- GatherND: the last axis of the indices holds positions on the axes after the batch axes

struct TupleSplit {
  std::size_t batch = 1;      ///< elements of the batch axes
  std::size_t per_batch = 1;  ///< index tuples of one batch element
  Shape indexed;              ///< extents that a tuple leads into
  std::size_t tail = 1;       ///< elements behind one tuple
  Shape shape;                ///< of the result
};

TupleSplit gather_nd_split(const OpContext& ctx) {
  const Shape& data = ctx.shapes[0];
  check_index_operand(ctx, 1);
  const Shape indices = index_shape(ctx);
  require(ctx, !indices.empty(), "indices need a last axis");
  const std::size_t batch_axes = axis_of(ctx, "batch_dims", std::min(data.size(), indices.size()));
  const std::size_t length = indices.back();
  require(
      ctx, length >= 1 && batch_axes + length <= data.size(),
      "index tuples of length " + std::to_string(length) + " do not fit data of rank " + std::to_string(data.size()));
  TupleSplit split;
  for (std::size_t a = 0; a < data.size(); ++a) {
    if (a < batch_axes) {
      require(ctx, data[a] == indices[a], "indices and data differ on batch axis " + std::to_string(a));
      split.batch *= data[a];
      split.shape.push_back(data[a]);
    } else if (a < batch_axes + length) {
      split.indexed.push_back(data[a]);
    } else {
      split.tail *= data[a];
    }
  }
  for (std::size_t a = batch_axes; a + 1 < indices.size(); ++a) {
    split.per_batch *= indices[a];
    split.shape.push_back(indices[a]);
  }
  split.shape.insert(split.shape.end(), data.begin() + std::ptrdiff_t(batch_axes + length), data.end());
  return split;
}

Shape gather_nd_shape(const OpContext& ctx) { return gather_nd_split(ctx).shape; }

Placement gather_nd_placement(const OpContext& ctx, const std::vector<std::int64_t>& indices) {
  const TupleSplit split = gather_nd_split(ctx);
  const std::vector<std::size_t> steps = strides(split.indexed);
  const std::size_t length = split.indexed.size();
  Placement placement{split.shape, {}};
  charge(ctx, volume(placement.shape));
  for (std::size_t tuple = 0; tuple < split.batch * split.per_batch; ++tuple) {
    std::size_t at = tuple / split.per_batch * volume(split.indexed);
    for (std::size_t j = 0; j < length; ++j) {
      at += position(ctx, indices[tuple * length + j], split.indexed[j]) * steps[j];
    }
    for (std::size_t i = 0; i < split.tail; ++i) placement.map.push_back(std::int64_t(at * split.tail + i));
  }
  return placement;
}

Tensor gather_nd_computed(Writer& w, const OpContext& ctx, Tensor data, Tensor indices) {
  const TupleSplit split = gather_nd_split(ctx);
  const std::size_t lines = split.batch * split.tail;
  const Tensor table = lines_of(w, w.reshape(data, {split.batch, volume(split.indexed), split.tail}), 1);
  const Tensor at = linear_positions(w, ctx, indices, split.indexed);
  const Tensor each =
      w.broadcast(w.reshape(at, {split.batch, 1, split.per_batch}), {split.batch, split.tail, split.per_batch});
  const Tensor picked = w.gather(table, w.reshape(each, {lines, split.per_batch}));
  return w.reshape(from_lines(w, picked, {split.batch, split.per_batch, split.tail}, 1), split.shape);
}

using Known = Placement (*)(const OpContext&, const std::vector<std::int64_t>&);
using Computed = Tensor (*)(Writer&, const OpContext&, Tensor, Tensor);

constexpr AttributeRule gather_attributes[] = {attribute::integer("axis", 0), indices_attribute,
                                               indices_shape_attribute};
constexpr AttributeRule gather_nd_attributes[] = {attribute::integer("batch_dims", 0), indices_attribute,
                                                  indices_shape_attribute};

template <Known known, Computed computed>
constexpr OpEntry entry(std::string_view kind, std::span<const AttributeRule> attributes,
                        Shape (*shape)(const OpContext&)) {
  return {kind,
          {1, 2, attributes},
          shape,
          scale_of_first,
          no_positions,
          [](const OpContext& ctx, std::span<const FloatTensor> in) {
            return place(known(ctx, raw_indices(ctx, in)), in.first(1));
          },
          [](Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
            if (const auto indices = fixed_indices(w, ctx, in)) {
              return place(w, known(ctx, *indices), in.first(1), ctx.scales[0]);
            }
            require(ctx, volume(ctx.shapes[0]) > 0 && volume(ctx.shapes[1]) > 0,
                    "computed indices need data and indices with elements");
            return computed(w, ctx, in[0], in[1]);
          }};
}

}  // namespace

std::span<const OpEntry> indexing_ops() {
  static const OpEntry entries[] = {
      entry<gather_placement, gather_computed>("Gather", gather_attributes, gather_shape),
      entry<gather_elements_placement, gather_elements_computed>("GatherElements", gather_attributes,
                                                                 gather_elements_shape),
      entry<gather_nd_placement, gather_nd_computed>("GatherND", gather_nd_attributes, gather_nd_shape),
  };
  return entries;
}

}  // namespace ezkl::ops
