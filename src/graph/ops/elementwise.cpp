#include "graph/ops/elementwise.hpp"

#include "ezkl/error.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

Shape broadcast_all(const OpContext& ctx) {
  Shape result = ctx.shapes[0];
  for (const Shape& shape : ctx.shapes) result = broadcast_shape(result, shape);
  return result;
}

Shape shape_of_first(const OpContext& ctx) { return ctx.shapes[0]; }

std::vector<std::size_t> first_two(const OpContext&) { return {0, 1}; }

FloatTensor map_reals(const FloatTensor& x, const std::function<double(double)>& function) {
  FloatTensor out{x.type, x.shape, std::vector<double>(x.data.size())};
  for (std::size_t i = 0; i < x.data.size(); ++i) out.data[i] = round_to(x.type, function(x.data[i]));
  return out;
}

FloatTensor broadcast_reals(const FloatTensor& x, const Shape& shape) {
  if (x.shape == shape) return x;
  FloatTensor out{x.type, shape, {}};
  out.data.reserve(volume(shape));
  const std::vector<std::size_t> steps = strides(x.shape);
  const std::size_t skip = shape.size() - x.shape.size();
  for_each_index(shape, [&](std::span<const std::size_t> index) {
    std::size_t at = 0;
    for (std::size_t axis = 0; axis < x.shape.size(); ++axis) {
      if (x.shape[axis] != 1) at += index[axis + skip] * steps[axis];
    }
    out.data.push_back(x.data[at]);
  });
  return out;
}

FloatTensor map_reals(const FloatTensor& a, const FloatTensor& b, DType type,
                      const std::function<double(double, double)>& function) {
  const Shape shape = broadcast_shape(a.shape, b.shape);
  const FloatTensor x = broadcast_reals(a, shape), y = broadcast_reals(b, shape);
  FloatTensor out{type, shape, std::vector<double>(x.data.size())};
  for (std::size_t i = 0; i < out.data.size(); ++i) out.data[i] = round_to(type, function(x.data[i], y.data[i]));
  return out;
}

FloatTensor reduce_reals(const FloatTensor& x, const std::vector<std::int64_t>& axes,
                         const std::function<double(double, double)>& step) {
  FloatTensor out{x.type, x.shape, {}};
  std::vector<bool> reduced(x.shape.size());
  for (const std::int64_t axis : axes) {
    reduced[static_cast<std::size_t>(axis)] = true;
    out.shape[static_cast<std::size_t>(axis)] = 1;
  }
  out.data.assign(volume(out.shape), 0);
  std::vector<bool> started(out.data.size());
  const std::vector<std::size_t> steps = strides(out.shape);
  std::size_t i = 0;
  for_each_index(x.shape, [&](std::span<const std::size_t> index) {
    std::size_t at = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis) at += reduced[axis] ? 0 : index[axis] * steps[axis];
    out.data[at] = started[at] ? round_to(x.type, step(out.data[at], x.data[i])) : x.data[i];
    started[at] = true;
    ++i;
  });
  return out;
}

int times_scale(const OpContext& ctx, int scale, std::int64_t count) {
  const Int128 product = static_cast<Int128>(scale) * count;
  constexpr Int128 limit = 1 << 20;
  if (product < -limit || product > limit) {
    refuse(ctx, Fault::range,
           "the result's scale would be " + std::to_string(scale) + " times " + std::to_string(count));
  }
  return static_cast<int>(product);
}

Int128 power_of_two(const OpContext& ctx, int exponent) {
  if (exponent < 0 || exponent > 62) {
    refuse(ctx, Fault::range, "needs a factor of 2^" + std::to_string(exponent) + "; scales are too far apart");
  }
  return Int128{1} << exponent;
}

}  // namespace ezkl::ops
