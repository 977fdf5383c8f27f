// Recip, Sqrt, Rsqrt, and Quotient of two tensors, which keeps the digits that a product with a reciprocal loses.
#include "graph/ops/reciprocal.hpp"

#include <algorithm>
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/claims/quotient.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {

int reciprocal_scale(const OpContext& ctx) {
  return static_cast<int>(ctx.op.integer("scale", std::max(ctx.base_scale(), ctx.scales[0])));
}

claims::Tensor reciprocal_of(claims::Writer& w, const OpContext& ctx, claims::Tensor x) {
  constexpr double published_epsilon = 0x1p-52;
  const int out = reciprocal_scale(ctx);
  const Int128 largest = power_of_two(ctx, ctx.scales[0] + out);  // of x one step from 0
  const bool by_epsilon = ctx.args.epsilon || ctx.semantics == Semantics::published;
  // Infinity is no integer. The stand-in must not depend on how many digits ranges have, or a proof's numbers would; it
  // is finite so that a variance whose epsilon quantizes to 0 can be multiplied by a deviation of 0.
  const Int128 at_zero =
      by_epsilon ? round_half_away(std::ldexp(1.0 / ctx.args.epsilon.value_or(published_epsilon), out)) : largest;
  return claims::reciprocal(w, x, largest, at_zero);
}

namespace {

using claims::Tensor;
using claims::Writer;

FloatTensor recip_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return 1 / x; });
}
FloatTensor sqrt_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return std::sqrt(x); });
}
FloatTensor rsqrt_reference(const OpContext&, std::span<const FloatTensor> in) {
  const FloatTensor roots = map_reals(in[0], [](double x) { return std::sqrt(x); });
  return map_reals(roots, [](double x) { return 1 / x; });
}

Tensor recip_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) { return reciprocal_of(w, ctx, in[0]); }

/// Negative numbers give 0.
Tensor sqrt_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return claims::root(w, w.scale(claims::relu(w, in[0]), power_of_two(ctx, ctx.scales[0])));
}

Tensor rsqrt_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  return reciprocal_of(w, ctx, sqrt_emit(w, ctx, in));
}

FloatTensor quotient_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], in[0].type, [](double a, double b) { return a / b; });
}

int quotient_scale(const OpContext& ctx) { return static_cast<int>(ctx.op.integer("scale", ctx.base_scale())); }

Tensor quotient_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const int shift = quotient_scale(ctx) + ctx.scales[1] - ctx.scales[0];
  if (shift >= 0) return claims::quotient(w, in[0], in[1], power_of_two(ctx, shift));
  return claims::quotient(w, in[0], w.scale(in[1], power_of_two(ctx, -shift)), 1);
}

const OpEntry entries[] = {
    {"Quotient",
     {2, 2, scale_attribute},
     broadcast_all,
     quotient_scale,
     no_positions,
     quotient_reference,
     quotient_emit},
    {"Recip", {1, 1, scale_attribute}, shape_of_first, reciprocal_scale, no_positions, recip_reference, recip_emit},
    {"Sqrt", {1, 1}, shape_of_first, scale_of_first, no_positions, sqrt_reference, sqrt_emit},
    {"Rsqrt", {1, 1, scale_attribute}, shape_of_first, reciprocal_scale, no_positions, rsqrt_reference, rsqrt_emit},
};

}  // namespace

std::span<const OpEntry> reciprocal_ops() { return entries; }

}  // namespace ezkl::ops
