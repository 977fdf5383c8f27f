// Add, Sub, Neg, Mult, Pow with a whole exponent, Abs, Sign.
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Writer;

template <class Function>
FloatTensor binary_reference(std::span<const FloatTensor> in, Function function) {
  return map_reals(in[0], in[1], in[0].type, function);
}

FloatTensor add_reference(const OpContext&, std::span<const FloatTensor> in) {
  return binary_reference(in, [](double a, double b) { return a + b; });
}
FloatTensor sub_reference(const OpContext&, std::span<const FloatTensor> in) {
  return binary_reference(in, [](double a, double b) { return a - b; });
}
FloatTensor mult_reference(const OpContext&, std::span<const FloatTensor> in) {
  return binary_reference(in, [](double a, double b) { return a * b; });
}
FloatTensor neg_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double a) { return -a; });
}
FloatTensor abs_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double a) { return std::fabs(a); });
}
FloatTensor sign_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], [](double a) { return double(a > 0) - double(a < 0); });
}

Tensor add_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return w.add(in[0], in[1]); }
Tensor sub_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return w.sub(in[0], in[1]); }
Tensor neg_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return w.scale(in[0], -1); }
Tensor abs_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return claims::absolute(w, in[0]); }
Tensor sign_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return claims::sign(w, in[0]); }

int sum_of_scales(const OpContext& ctx) { return ctx.scales[0] + ctx.scales[1]; }
Tensor mult_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return w.mul(in[0], in[1]); }

// Pow: the published package leaves x as it is for exponents below 2, and takes the scale times the exponent all the
// same; in ONNX semantics such exponents never get here.
constexpr AttributeRule pow_attributes[] = {attribute::integer("exponent", -64, 1 << 20)};
int pow_scale(const OpContext& ctx) { return times_scale(ctx, ctx.scales[0], ctx.op.integer("exponent")); }
FloatTensor pow_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const auto exponent = static_cast<double>(ctx.op.integer("exponent"));
  return map_reals(in[0], [exponent](double a) { return std::pow(a, exponent); });
}
Tensor pow_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const std::int64_t exponent = ctx.op.integer("exponent");
  if (exponent < 2) return in[0];
  if (exponent > 64) refuse(ctx, Fault::unsupported, "exponents above 64 leave no room for fractions");
  // Square and multiply from the top bit: even powers are known to be non-negative.
  Tensor power = in[0];
  int bit = 62;
  while ((exponent >> bit & 1) == 0) --bit;
  while (bit-- > 0) {
    power = w.mul(power, power);
    if (exponent >> bit & 1) power = w.mul(power, in[0]);
  }
  return power;
}

const OpEntry entries[] = {
    {"Add", {2, 2}, broadcast_all, scale_of_first, first_two, add_reference, add_emit},
    {"Sub", {2, 2}, broadcast_all, scale_of_first, first_two, sub_reference, sub_emit},
    {"Neg", {1, 1}, shape_of_first, scale_of_first, no_positions, neg_reference, neg_emit},
    {"Mult", {2, 2}, broadcast_all, sum_of_scales, no_positions, mult_reference, mult_emit},
    {"Pow", {1, 1, pow_attributes}, shape_of_first, pow_scale, no_positions, pow_reference, pow_emit},
    {"Abs", {1, 1}, shape_of_first, scale_of_first, no_positions, abs_reference, abs_emit},
    {"Sign", {1, 1}, shape_of_first, scale_zero, no_positions, sign_reference, sign_emit},
};

}  // namespace

std::span<const OpEntry> arithmetic_ops() { return entries; }

}  // namespace ezkl::ops
