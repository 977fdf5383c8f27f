// ScaleBy {factors, factor_shape, integer, scale}: x times public real numbers, a tensor of `factor_shape` that is
// broadcast to x, rounded once at the end: to whole numbers (halves to even) with integer = 1, else to the common
// scale.
//
// What quantized networks and preprocessing need, whose factors (1/255, 0.0039) would lose most of their digits as
// fixed-point parameters. The factors are part of the circuit, whatever visibility parameters have.
#include <algorithm>
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {

namespace {

using claims::Tensor;
using claims::Writer;

/// Digits of a factor that are kept, more than a float has.
constexpr int factor_bits = 30;

constexpr AttributeRule attributes[] = {attribute::reals("factors"), attribute::integers("factor_shape", 0).optional(),
                                        attribute::integer("integer").optional(), scale_attribute[0]};

bool to_integer(const OpContext& ctx) { return ctx.op.integer("integer", 0) != 0; }

struct Factors {
  Shape shape;
  const std::vector<double>& values;
};

Factors factors_of(const OpContext& ctx) {
  Factors factors{{}, ctx.op.reals("factors")};
  for (std::int64_t extent : ctx.op.integers("factor_shape", {})) {
    require(ctx, extent >= 0, "factor_shape holds the negative extent " + std::to_string(extent));
    factors.shape.push_back(std::size_t(extent));
  }
  require(ctx, volume(factors.shape) == factors.values.size(), "factors and factor_shape disagree");
  require(ctx, broadcast_shape(ctx.shapes[0], factors.shape) == ctx.shapes[0],
          "factors of shape " + to_string(factors.shape) + " for a tensor " + to_string(ctx.shapes[0]));
  const auto finite = [](double f) { return std::isfinite(f); };
  require(ctx, std::all_of(factors.values.begin(), factors.values.end(), finite), "a factor is not finite");
  return factors;
}

Shape shape(const OpContext& ctx) {
  factors_of(ctx);
  return ctx.shapes[0];
}

int natural_scale(const OpContext& ctx) {
  return to_integer(ctx) ? 0 : static_cast<int>(ctx.op.integer("scale", ctx.base_scale()));
}

double round_half_even(double value) {
  const double floor = std::floor(value);
  const double rest = value - floor;
  if (rest != 0.5) return rest < 0.5 ? floor : floor + 1;
  return std::fmod(floor, 2) == 0 ? floor : floor + 1;
}

FloatTensor reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Factors factors = factors_of(ctx);
  FloatTensor out = in[0];
  const std::vector<std::size_t> steps = strides(factors.shape);
  std::size_t i = 0;
  for_each_index(out.shape, [&](std::span<const std::size_t> index) {
    const auto own = index.last(steps.size());
    std::size_t at = 0;
    for (std::size_t a = 0; a < steps.size(); ++a) at += factors.shape[a] == 1 ? 0 : own[a] * steps[a];
    const double product = out.data[i] * factors.values[at];
    out.data[i++] = to_integer(ctx) ? round_half_even(product) : round_to(out.type, product);
  });
  return out;
}

/// factor · 2^shift to the nearest integer, for every factor, with shift as large as the result has use for.
struct FixedFactors {
  claims::Values values;
  int shift = 0;
};

FixedFactors fixed_factors(const OpContext& ctx, claims::Interval x) {
  FixedFactors fixed;
  const int lift = natural_scale(ctx) - ctx.scales[0];
  double largest = 0;
  for (double factor : ctx.op.reals("factors")) largest = std::max(largest, std::abs(std::ldexp(factor, lift)));
  int exponent = 0;
  std::frexp(largest, &exponent);
  // Beyond the length of x, six more bits leave an error of a hundredth of a unit.
  fixed.shift = std::clamp(factor_bits - exponent, 0, claims::bit_length(claims::magnitude(x)) + 6);
  for (double factor : ctx.op.reals("factors")) {
    const double value = std::round(std::ldexp(factor, lift + fixed.shift));
    if (std::abs(value) >= 0x1p60) refuse(ctx, Fault::range, "the factor " + std::to_string(factor) + " is too large");
    fixed.values.push_back(Int128(value));
  }
  return fixed;
}

Tensor emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Shape along = factors_of(ctx).shape;
  FixedFactors factors = fixed_factors(ctx, w.interval(in[0]));
  const Tensor product = factors.values.size() == 1 ? w.scale(in[0], factors.values[0])
                                                    : w.mul(in[0], w.constant(along, std::move(factors.values)));
  if (factors.shift == 0) return product;
  if (factors.shift > 62) refuse(ctx, Fault::range, "the factors are too small for values this large");
  const claims::Rounding rounding = to_integer(ctx) ? claims::Rounding::half_even : claims::Rounding::half_away;
  return claims::divide(w, product, Int128(1) << factors.shift, rounding);
}

}  // namespace

std::span<const OpEntry> scaling_ops() {
  static const OpEntry entries[] = {
      {"ScaleBy", {1, 1, attributes}, shape, natural_scale, no_positions, reference, emit}};
  return entries;
}

}  // namespace ezkl::ops
