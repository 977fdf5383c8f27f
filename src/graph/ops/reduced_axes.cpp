#include "graph/ops/reduced_axes.hpp"

#include <algorithm>

#include "graph/ops/placement.hpp"

namespace ezkl::ops {
namespace {

/// All axes of a tensor of `rank`, `axes` moved to the end.
std::vector<std::size_t> axes_last(std::size_t rank, const std::vector<std::size_t>& axes) {
  std::vector<std::size_t> order;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
  }
  order.insert(order.end(), axes.begin(), axes.end());
  return order;
}

bool in_order(const std::vector<std::size_t>& order) { return std::is_sorted(order.begin(), order.end()); }

}  // namespace

std::vector<std::size_t> reduced_axes(const OpContext& ctx) {
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : ctx.op.integers("axes")) {
    require(ctx, axis >= 0 && axis < static_cast<std::int64_t>(ctx.shapes[0].size()),
            "axis " + std::to_string(axis) + " of a tensor " + to_string(ctx.shapes[0]));
    axes.push_back(static_cast<std::size_t>(axis));
    require(ctx, ctx.shapes[0][axes.back()] > 0, "reduction over no elements");
  }
  std::sort(axes.begin(), axes.end());
  require(ctx, std::adjacent_find(axes.begin(), axes.end()) == axes.end(), "an axis is named twice");
  return axes;
}

Shape reduced_shape(const OpContext& ctx) {
  Shape shape = ctx.shapes[0];
  for (const std::size_t axis : reduced_axes(ctx)) shape[axis] = 1;
  return shape;
}

claims::Tensor lines_over(claims::Writer& w, claims::Tensor t, const std::vector<std::size_t>& axes, Shape& kept) {
  const Shape shape = w.shape(t);
  kept = shape;
  std::size_t n = 1;
  for (const std::size_t axis : axes) {
    n *= shape[axis];
    kept[axis] = 1;
  }
  const std::vector<std::size_t> order = axes_last(shape.size(), axes);
  if (!in_order(order)) t = w.transpose(t, order);
  return w.reshape(t, {volume(kept), n});
}

claims::Tensor from_lines_over(claims::Writer& w, claims::Tensor lines, const std::vector<std::size_t>& axes,
                               const Shape& shape) {
  const std::vector<std::size_t> order = axes_last(shape.size(), axes);
  if (in_order(order)) return w.reshape(lines, shape);
  Shape moved;
  std::vector<std::size_t> back(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    moved.push_back(shape[order[k]]);
    back[order[k]] = k;
  }
  return w.transpose(w.reshape(lines, moved), back);
}

}  // namespace ezkl::ops
