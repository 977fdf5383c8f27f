// TopK {k, axis, largest}, TopKIndex {k, axis, largest}, ReduceArgMax and ReduceArgMin {axis, select_last}, OneHot
// {depth, axis}: order along one axis.
#include <algorithm>
#include <numeric>

#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/sort.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Order;
using claims::Tensor;
using claims::Writer;

/// The lines of a real tensor along `axis`, [lines][length].
std::vector<std::vector<double>> real_lines(const FloatTensor& x, std::size_t axis) {
  const std::size_t step = strides(x.shape)[axis];
  const std::size_t length = x.shape[axis];
  std::vector<std::vector<double>> lines;
  const std::size_t blocks = x.data.empty() ? 0 : x.data.size() / (length * step);
  for (std::size_t outer = 0; outer < blocks; ++outer) {
    for (std::size_t inner = 0; inner < step; ++inner) {
      std::vector<double>& line = lines.emplace_back();
      for (std::size_t i = 0; i < length; ++i) line.push_back(x.data[(outer * length + i) * step + inner]);
    }
  }
  return lines;
}

/// Undoes `real_lines` for lines of the extent that `shape` has at `axis`.
FloatTensor from_real_lines(const std::vector<std::vector<double>>& lines, DType type, Shape shape, std::size_t axis) {
  FloatTensor out{type, std::move(shape), {}};
  out.data.resize(volume(out.shape));
  const std::size_t step = strides(out.shape)[axis];
  const std::size_t length = out.shape[axis];
  for (std::size_t l = 0; l < lines.size(); ++l) {
    for (std::size_t i = 0; i < length; ++i) out.data[(l / step * length + i) * step + l % step] = lines[l][i];
  }
  return out;
}

// ---- TopK and TopKIndex: the first k of each line in order, equal values in the order they had

constexpr AttributeRule top_attributes[] = {attribute::integer("k", 0), attribute::integer("axis", 0),
                                            attribute::integer("largest").optional()};

struct Top {
  std::size_t axis, k;
  Order order;
  Shape shape;
};

Top top_of(const OpContext& ctx) {
  Top top{axis_of(ctx, "axis", ctx.shapes[0].size()), 0, Order::descending, ctx.shapes[0]};
  const std::int64_t k = ctx.op.integer("k");
  require(ctx, k >= 0 && k <= std::int64_t(top.shape[top.axis]),
          "k = " + std::to_string(k) + " of " + std::to_string(top.shape[top.axis]) + " elements");
  top.k = std::size_t(k);
  if (ctx.op.integer("largest", 1) == 0) top.order = Order::ascending;
  top.shape[top.axis] = top.k;
  return top;
}

Shape top_shape(const OpContext& ctx) { return top_of(ctx).shape; }

template <bool indices>
FloatTensor top_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Top top = top_of(ctx);
  std::vector<std::vector<double>> lines = real_lines(in[0], top.axis);
  for (std::vector<double>& line : lines) {
    std::vector<std::size_t> order(line.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return top.order == Order::ascending ? line[a] < line[b] : line[a] > line[b];
    });
    std::vector<double> first;
    for (std::size_t i = 0; i < top.k; ++i) first.push_back(indices ? double(order[i]) : line[order[i]]);
    line = std::move(first);
  }
  return from_real_lines(lines, indices ? DType::i64 : in[0].type, top.shape, top.axis);
}

template <bool indices>
Tensor top_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Top top = top_of(ctx);
  const Tensor lines = lines_of(w, in[0], top.axis);
  const claims::Sorted sorted = claims::sort(w, lines, top.order, indices);
  const claims::View first{
      indices ? sorted.indices : sorted.values, {w.shape(lines)[0], top.k}, {{0, {{0, 1}}}, {0, {{1, 1}}}}, 0};
  return from_lines(w, w.view(first), top.shape, top.axis);
}

// ---- ReduceArgMax, ReduceArgMin: the axis kept with extent 1; select_last prefers the last of equal extremes

constexpr AttributeRule extreme_attributes[] = {attribute::integer("axis", 0),
                                                attribute::integer("select_last").optional()};

struct Extreme {
  std::size_t axis, length;
  Shape shape;
  bool last;
};

Extreme extreme_of(const OpContext& ctx) {
  const std::size_t axis = axis_of(ctx, "axis", ctx.shapes[0].size());
  Extreme extreme{axis, ctx.shapes[0][axis], ctx.shapes[0], ctx.op.integer("select_last", 0) != 0};
  require(ctx, extreme.length > 0, "an axis without elements has no extreme");
  extreme.shape[axis] = 1;
  return extreme;
}

Shape extreme_shape(const OpContext& ctx) { return extreme_of(ctx).shape; }

template <bool maximum>
FloatTensor extreme_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Extreme extreme = extreme_of(ctx);
  std::vector<std::vector<double>> lines = real_lines(in[0], extreme.axis);
  for (std::vector<double>& line : lines) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
      const bool beyond = maximum ? line[i] > line[best] : line[i] < line[best];
      if (beyond || (extreme.last && line[i] == line[best])) best = i;
    }
    line = {double(best)};
  }
  return from_real_lines(lines, DType::i64, extreme.shape, extreme.axis);
}

template <bool maximum>
Tensor extreme_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Extreme extreme = extreme_of(ctx);
  const Tensor x = maximum ? in[0] : w.scale(in[0], -1);
  return claims::argmax(w, x, extreme.axis, extreme.last);
}

// ---- OneHot: an axis of extent depth is inserted before `axis`, 1 where it equals the index

constexpr AttributeRule one_hot_attributes[] = {attribute::integer("depth", 1), attribute::integer("axis", 0)};

struct Classes {
  std::size_t axis, depth;
  Shape shape;
};

Classes classes_of(const OpContext& ctx) {
  Classes classes{axis_of(ctx, "axis", ctx.shapes[0].size() + 1), 0, ctx.shapes[0]};
  const std::int64_t depth = ctx.op.integer("depth");
  require(ctx, depth >= 1, "depth is " + std::to_string(depth));
  classes.depth = std::size_t(depth);
  classes.shape.insert(classes.shape.begin() + std::ptrdiff_t(classes.axis), classes.depth);
  volume(classes.shape);
  return classes;
}

Shape one_hot_shape(const OpContext& ctx) { return classes_of(ctx).shape; }

FloatTensor one_hot_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Classes classes = classes_of(ctx);
  const auto depth = double(classes.depth);
  std::vector<std::vector<double>> lines;
  for (double index : in[0].data) {
    std::vector<double>& line = lines.emplace_back(classes.depth, 0.0);
    const double at = index < 0 && ctx.semantics == Semantics::onnx ? index + depth : index;
    if (at >= 0 && at < depth) line[std::size_t(at)] = 1;
  }
  return from_real_lines(lines, in[0].type, classes.shape, classes.axis);
}

/// ONNX counts negative indices from the end and answers an index outside [-depth, depth) with zeros, so every class
/// tests for itself: h_k = [i = k] + [i = k - depth], whose second part only indices that may be negative need.
Tensor open_one_hot(Writer& w, Tensor indices, std::size_t depth) {
  const Shape shape{volume(w.shape(indices)), depth};
  const Tensor each = w.broadcast(w.reshape(indices, {shape[0], 1}), shape);
  const auto hits = [&](Int128 shift) {
    claims::Values targets(depth);
    for (std::size_t k = 0; k < depth; ++k) targets[k] = Int128(k) + shift;
    return w.is_zero(w.sub(each, w.constant({1, depth}, std::move(targets))));
  };
  const Tensor positive = hits(0);
  return w.nonnegative(indices) ? positive : w.add(positive, hits(-Int128(depth)));
}

Tensor one_hot_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Classes classes = classes_of(ctx);
  if (ctx.scales[0] != 0) {
    refuse(ctx, Fault::unsupported,
           "the indices have scale " + std::to_string(ctx.scales[0]) + ", only integers (scale 0) can be indices");
  }
  const bool inside = w.nonnegative(in[0]) && w.interval(in[0]).hi < Int128(classes.depth);
  const bool open = ctx.semantics == Semantics::onnx && !inside;
  const Tensor lines =
      open ? open_one_hot(w, in[0], classes.depth)
           : w.reshape(claims::one_hot(w, in[0], classes.depth), {volume(ctx.shapes[0]), classes.depth});
  return from_lines(w, lines, classes.shape, classes.axis);
}

}  // namespace

std::span<const OpEntry> sorting_ops() {
  static const OpEntry entries[] = {
      {"TopK", {1, 1, top_attributes}, top_shape, scale_of_first, no_positions, top_reference<false>, top_emit<false>},
      {"TopKIndex", {1, 1, top_attributes}, top_shape, scale_zero, no_positions, top_reference<true>, top_emit<true>},
      {"ReduceArgMax",
       {1, 1, extreme_attributes},
       extreme_shape,
       scale_zero,
       no_positions,
       extreme_reference<true>,
       extreme_emit<true>},
      {"ReduceArgMin",
       {1, 1, extreme_attributes},
       extreme_shape,
       scale_zero,
       no_positions,
       extreme_reference<false>,
       extreme_emit<false>},
      {"OneHot", {1, 1, one_hot_attributes}, one_hot_shape, scale_zero, no_positions, one_hot_reference, one_hot_emit},
  };
  return entries;
}

}  // namespace ezkl::ops
