// Sum, Prod, MeanOfSquares, ReduceMax, ReduceMin: reduced axes stay, with extent 1.
#include <algorithm>

#include "graph/claims/compound.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/reduced_axes.hpp"

namespace ezkl::ops {
namespace {

using claims::Rounding;
using claims::Tensor;
using claims::Writer;

std::size_t reduced_count(const OpContext& ctx) {
  std::size_t count = 1;
  for (const std::size_t axis : reduced_axes(ctx)) count *= ctx.shapes[0][axis];
  return count;
}

Tensor sum_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) { return w.sum(in[0], reduced_axes(ctx)); }
FloatTensor sum_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return reduce_reals(in[0], ctx.op.integers("axes"), [](double a, double b) { return a + b; });
}

int prod_scale(const OpContext& ctx) {
  return times_scale(ctx, ctx.scales[0], static_cast<std::int64_t>(reduced_count(ctx)));
}
FloatTensor prod_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return reduce_reals(in[0], ctx.op.integers("axes"), [](double a, double b) { return a * b; });
}
Tensor prod_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  Shape kept;
  const Tensor x = lines_over(w, in[0], reduced_axes(ctx), kept);
  const std::size_t lines = w.shape(x)[0], n = w.shape(x)[1];
  const auto element = [&](std::size_t k) {
    return w.view({x, {lines}, {{0, {{0, 1}}}, {static_cast<std::int64_t>(k), {}}}, 0});
  };
  Tensor product = element(0);
  for (std::size_t k = 1; k < n; ++k) product = w.mul(product, element(k));
  return w.reshape(product, kept);
}

int twice_scale(const OpContext& ctx) { return 2 * ctx.scales[0]; }
FloatTensor mean_of_squares_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const FloatTensor squares = map_reals(in[0], [](double a) { return a * a; });
  const FloatTensor sums = reduce_reals(squares, ctx.op.integers("axes"), [](double a, double b) { return a + b; });
  const auto count = static_cast<double>(reduced_count(ctx));
  return map_reals(sums, [count](double a) { return a / count; });
}
Tensor mean_of_squares_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Tensor squares = w.mul(in[0], in[0]);
  return claims::divide(w, w.sum(squares, reduced_axes(ctx)), static_cast<Int128>(reduced_count(ctx)),
                        Rounding::half_away);
}

FloatTensor max_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return reduce_reals(in[0], ctx.op.integers("axes"), [](double a, double b) { return std::max(a, b); });
}
FloatTensor min_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  return reduce_reals(in[0], ctx.op.integers("axes"), [](double a, double b) { return std::min(a, b); });
}
Tensor max_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  Shape kept;
  const Tensor lines = lines_over(w, in[0], reduced_axes(ctx), kept);
  return w.reshape(claims::maximum(w, lines, 1), kept);
}
Tensor min_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  Shape kept;
  const Tensor lines = lines_over(w, in[0], reduced_axes(ctx), kept);
  return w.reshape(claims::minimum(w, lines, 1), kept);
}

constexpr Signature over_axes{1, 1, axes_attribute};

const OpEntry entries[] = {
    {"Sum", over_axes, reduced_shape, scale_of_first, no_positions, sum_reference, sum_emit},
    {"Prod", over_axes, reduced_shape, prod_scale, no_positions, prod_reference, prod_emit},
    {"MeanOfSquares", over_axes, reduced_shape, twice_scale, no_positions, mean_of_squares_reference,
     mean_of_squares_emit},
    {"ReduceMax", over_axes, reduced_shape, scale_of_first, no_positions, max_reference, max_emit},
    {"ReduceMin", over_axes, reduced_shape, scale_of_first, no_positions, min_reference, min_emit},
};

}  // namespace

std::span<const OpEntry> reduction_ops() { return entries; }

}  // namespace ezkl::ops
