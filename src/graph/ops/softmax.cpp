// Softmax over one or several axes, all elements of which form one line: e = Exp(x - max), e · (1 / Σe).
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/reciprocal.hpp"
#include "graph/ops/reduced_axes.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Writer;

int softmax_scale(const OpContext& ctx) { return ctx.scales[0] + reciprocal_scale(ctx); }

FloatTensor softmax_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const std::vector<std::int64_t>& axes = ctx.op.integers("axes");
  const DType type = in[0].type;
  const FloatTensor top = reduce_reals(in[0], axes, [](double a, double b) { return std::fmax(a, b); });
  const FloatTensor e =
      map_reals(in[0], top, type, [type](double x, double m) { return std::exp(round_to(type, x - m)); });
  const FloatTensor sums = reduce_reals(e, axes, [](double a, double b) { return a + b; });
  return map_reals(e, sums, type, [](double x, double sum) { return x / sum; });
}

Tensor softmax_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const std::vector<std::size_t> axes = reduced_axes(ctx);
  Shape kept;
  const Tensor x = lines_over(w, in[0], axes, kept);
  w.interval(x);  // what follows needs its bounds
  const auto n = static_cast<Int128>(w.shape(x)[1]);
  const Tensor below = w.sub(x, claims::maximum(w, x, 1));
  w.deduce(below, {w.interval(below).lo, 0}, {x});  // x - max x
  const Int128 one = power_of_two(ctx, ctx.scales[0]);
  // The single-precision number nearest to e, which the table's name asks for.
  const Tensor e = w.table(below, {"Exp", {{"scale", std::ldexp(1.0F, ctx.scales[0])}, {"base", 2.7182817F}}});
  const std::size_t line[] = {1};
  const Tensor total = w.sum(e, line);
  // The largest element of a line contributes Exp(0) = 2^scale, and no other more, as none is above 0.
  w.deduce(total, {one, n * one}, {below});
  return from_lines_over(w, w.mul(e, reciprocal_of(w, ctx, total)), axes, ctx.shapes[0]);
}

const OpEntry entries[] = {
    {"Softmax", {1, 1, axes_attribute}, shape_of_first, softmax_scale, no_positions, softmax_reference, softmax_emit},
};

}  // namespace

std::span<const OpEntry> softmax_ops() { return entries; }

}  // namespace ezkl::ops
