// Floor, Ceil, Round, RoundHalfToEven (results stay at the operand's scale), CastInt (ONNX cast to an integer type:
// truncation, scale 0), Div by a constant, and ONNX's division and remainders of two tensors: IntDiv, Mod, FMod.
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {
namespace {

using claims::Rounding;
using claims::Tensor;
using claims::Writer;

/// x rounded to a multiple of 2^scale.
template <Rounding rounding>
Tensor round_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  if (ctx.scales[0] <= 0) return in[0];
  const Int128 one = power_of_two(ctx, ctx.scales[0]);
  return w.scale(claims::divide(w, in[0], one, rounding), one);
}

FloatTensor floor_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return std::floor(x); });
}
FloatTensor ceil_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return std::ceil(x); });
}
FloatTensor round_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return std::round(x); });
}
FloatTensor half_even_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return std::nearbyint(x); });
}

FloatTensor cast_int_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double x) { return std::trunc(x); });
}
Tensor cast_int_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  if (ctx.scales[0] <= 0) return w.scale(in[0], power_of_two(ctx, -ctx.scales[0]));
  return claims::divide(w, in[0], power_of_two(ctx, ctx.scales[0]), Rounding::truncate);
}

// Div: the published package divides by whole numbers exactly and looks other quotients up in a table.
constexpr AttributeRule div_attributes[] = {attribute::real("denom")};
FloatTensor div_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const double denom = ctx.op.real("denom");
  return map_reals(in[0], [denom](double x) { return x / denom; });
}
Tensor div_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const double denom = ctx.op.real("denom");
  require(ctx, std::isfinite(denom) && denom != 0, "division by 0 or infinity");
  if (std::trunc(denom) != denom) return w.table(in[0], {"Div", {{"denom", static_cast<float>(denom)}}});
  if (std::fabs(denom) >= 0x1p62) refuse(ctx, Fault::range, "divisor of 2^62 or more");
  const auto d = static_cast<std::int64_t>(denom);
  const Tensor q = claims::divide(w, in[0], d < 0 ? -d : d, Rounding::half_away);
  return d < 0 ? w.scale(q, -1) : q;
}

// Integer division truncates; both operands are whole numbers, or have one scale.
FloatTensor int_div_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], in[0].type, [](double a, double b) { return b == 0 ? 0 : std::trunc(a / b); });
}
FloatTensor mod_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], in[0].type, [](double a, double b) { return b == 0 ? 0 : a - b * std::floor(a / b); });
}
FloatTensor fmod_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], in[0].type, [](double a, double b) { return b == 0 ? 0 : std::fmod(a, b); });
}

Tensor int_div_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  return claims::truncated_division(w, in[0], in[1]).quotient;
}
Tensor fmod_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  return claims::truncated_division(w, in[0], in[1]).remainder;
}
/// The remainder with the sign of the divisor: one divisor is added where a remainder has the other sign.
Tensor mod_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  const Tensor r = claims::truncated_division(w, in[0], in[1]).remainder;
  const Tensor zero = w.constant(Shape(w.shape(r).size(), 1), {0});
  // One statement a claim: compilers evaluate arguments in orders of their own, and the order decides the cells.
  const Tensor of_divisor = claims::sign(w, in[1]), of_remainder = claims::sign(w, r);
  const Tensor opposite = claims::greater(w, zero, w.mul(of_remainder, of_divisor));
  return w.add(r, w.mul(opposite, in[1]));
}

const OpEntry entries[] = {
    {"Floor", {1, 1}, shape_of_first, scale_of_first, no_positions, floor_reference, round_emit<Rounding::floor>},
    {"Ceil", {1, 1}, shape_of_first, scale_of_first, no_positions, ceil_reference, round_emit<Rounding::ceil>},
    {"Round", {1, 1}, shape_of_first, scale_of_first, no_positions, round_reference, round_emit<Rounding::half_away>},
    {"RoundHalfToEven",
     {1, 1},
     shape_of_first,
     scale_of_first,
     no_positions,
     half_even_reference,
     round_emit<Rounding::half_even>},
    {"CastInt", {1, 1}, shape_of_first, scale_zero, no_positions, cast_int_reference, cast_int_emit},
    {"Div", {1, 1, div_attributes}, shape_of_first, scale_of_first, no_positions, div_reference, div_emit},
    {"IntDiv", {2, 2}, broadcast_all, scale_zero, first_two, int_div_reference, int_div_emit},
    {"Mod", {2, 2}, broadcast_all, scale_of_first, first_two, mod_reference, mod_emit},
    {"FMod", {2, 2}, broadcast_all, scale_of_first, first_two, fmod_reference, fmod_emit},
};

}  // namespace

std::span<const OpEntry> rounding_ops() { return entries; }

}  // namespace ezkl::ops
