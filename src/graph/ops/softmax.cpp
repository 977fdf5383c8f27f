// Softmax over one or several axes, all elements of which form one line: e = Exp(x - max), e · (1 / Σe). A second
// operand of the same shape says which elements count (1); the others get 0, whatever they are. `scale` is that of the
// reciprocal.
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/claims/kept_maximum.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/flat_table.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/reciprocal.hpp"
#include "graph/ops/reduced_axes.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Writer;

int softmax_scale(const OpContext& ctx) { return ctx.scales[0] + reciprocal_scale(ctx); }

Shape softmax_shape(const OpContext& ctx) {
  require(ctx, ctx.shapes.size() < 2 || ctx.shapes[1] == ctx.shapes[0], "the mask has another shape than the scores");
  return ctx.shapes[0];
}

FloatTensor softmax_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const std::vector<std::int64_t>& axes = ctx.op.integers("axes");
  const DType type = in[0].type;
  FloatTensor x = in[0];
  for (std::size_t i = 0; in.size() > 1 && i < x.data.size(); ++i) {
    if (in[1].data[i] == 0) x.data[i] = -INFINITY;
  }
  const FloatTensor top = reduce_reals(x, axes, [](double a, double b) { return std::fmax(a, b); });
  const FloatTensor e = map_reals(
      x, top, type, [type](double v, double m) { return std::isinf(v) ? 0 : std::exp(round_to(type, v - m)); });
  const FloatTensor sums = reduce_reals(e, axes, [](double a, double b) { return a + b; });
  return map_reals(e, sums, type, [](double v, double sum) { return sum == 0 ? 0 : v / sum; });
}

/// How far each element stands below the largest of its line, as a number that is not positive.
Tensor below_maximum(Writer& w, Tensor x) {
  const Tensor below = w.sub(x, claims::maximum(w, x, 1));
  w.deduce(below, {w.interval(below).lo, 0}, {x});  // x - max x
  return below;
}

Tensor softmax_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const std::vector<std::size_t> axes = reduced_axes(ctx);
  Shape kept;
  const Tensor x = lines_over(w, in[0], axes, kept);
  w.interval(x);  // what follows needs its bounds
  const auto n = static_cast<Int128>(w.shape(x)[1]);
  // The single-precision number nearest to e, which the table's name asks for.
  const claims::TableId exponential{"Exp", {{"scale", std::ldexp(1.0F, ctx.scales[0])}, {"base", 2.7182817F}}};
  const Int128 one = power_of_two(ctx, ctx.scales[0]);
  const std::size_t line[] = {1};
  if (in.size() == 1) {
    const Tensor below = below_maximum(w, x);
    const Tensor e = flat_table(w, below, exponential);
    const Tensor total = w.sum(e, line);
    // The largest element of a line contributes Exp(0) = 2^scale, and no other more, as none is above 0.
    w.deduce(total, {one, n * one}, {below});
    return from_lines_over(w, w.mul(e, reciprocal_of(w, ctx, total)), axes, ctx.shapes[0]);
  }
  const Tensor keep = lines_over(w, in[1], axes, kept);
  const claims::Kept below = claims::below_kept_maximum(w, x, keep);
  const Tensor e = w.mul(keep, flat_table(w, w.scale(below.below, -1), exponential));
  // The largest kept element contributes Exp(0), no other more. Where none is kept all of the line is 0, and may be
  // divided by anything.
  const claims::Term terms[] = {{1, w.sum(e, line)}, {-one, below.any}};
  const Tensor total = w.linear(terms, one);
  w.deduce(total, {one, n * one}, {below.below, keep});
  return from_lines_over(w, w.mul(e, reciprocal_of(w, ctx, total)), axes, ctx.shapes[0]);
}

constexpr AttributeRule softmax_attributes[] = {axes_attribute[0], scale_attribute[0]};

const OpEntry entries[] = {
    {"Softmax",
     {1, 2, softmax_attributes},
     softmax_shape,
     softmax_scale,
     no_positions,
     softmax_reference,
     softmax_emit},
};

}  // namespace

std::span<const OpEntry> softmax_ops() { return entries; }

}  // namespace ezkl::ops
