// ScaleBy {factors, axis, integer}: x times public real numbers, one for all elements or one for each index of `axis`,
// rounded once at the end: to whole numbers (halves to even) with integer = 1, else to the common scale.
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

bool to_integer(const OpContext& ctx) { return ctx.op.integer("integer", 0) != 0; }

Shape shape(const OpContext& ctx) {
  const std::vector<double>& factors = ctx.op.reals("factors");
  require(ctx, std::all_of(factors.begin(), factors.end(), [](double f) { return std::isfinite(f); }),
          "a factor is not finite");
  if (factors.size() != 1) {
    const std::size_t axis = axis_of(ctx, "axis", ctx.shapes[0].size());
    require(ctx, factors.size() == ctx.shapes[0][axis],
            std::to_string(factors.size()) + " factors for an axis of " + std::to_string(ctx.shapes[0][axis]));
  }
  return ctx.shapes[0];
}

int natural_scale(const OpContext& ctx) { return to_integer(ctx) ? 0 : ctx.base_scale(); }

double round_half_even(double value) {
  const double floor = std::floor(value);
  const double rest = value - floor;
  if (rest != 0.5) return rest < 0.5 ? floor : floor + 1;
  return std::fmod(floor, 2) == 0 ? floor : floor + 1;
}

FloatTensor reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const std::vector<double>& factors = ctx.op.reals("factors");
  FloatTensor out{in[0].type, shape(ctx), in[0].data};
  const std::size_t step = factors.size() == 1 ? 1 : strides(out.shape)[axis_of(ctx, "axis", out.shape.size())];
  for (std::size_t i = 0; i < out.data.size(); ++i) {
    const double product = out.data[i] * factors[factors.size() == 1 ? 0 : i / step % factors.size()];
    out.data[i] = to_integer(ctx) ? round_half_even(product) : round_to(out.type, product);
  }
  return out;
}

int bit_length(Int128 magnitude) {
  int bits = 0;
  for (; magnitude > 0; magnitude >>= 1) ++bits;
  return bits;
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
  fixed.shift = std::clamp(factor_bits - exponent, 0, bit_length(claims::magnitude(x)) + 6);
  for (double factor : ctx.op.reals("factors")) {
    const double value = std::round(std::ldexp(factor, lift + fixed.shift));
    if (std::abs(value) >= 0x1p60) refuse(ctx, Fault::range, "the factor " + std::to_string(factor) + " is too large");
    fixed.values.push_back(Int128(value));
  }
  return fixed;
}

Tensor emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Shape out = shape(ctx);
  FixedFactors factors = fixed_factors(ctx, w.interval(in[0]));
  Tensor product;
  if (factors.values.size() == 1) {
    product = w.scale(in[0], factors.values[0]);
  } else {
    Shape along(out.size() - axis_of(ctx, "axis", out.size()), 1);
    along[0] = factors.values.size();
    product = w.mul(in[0], w.constant(along, std::move(factors.values)));
  }
  if (factors.shift == 0) return product;
  const claims::Rounding rounding = to_integer(ctx) ? claims::Rounding::half_even : claims::Rounding::half_away;
  return claims::divide(w, product, Int128(1) << factors.shift, rounding);
}

}  // namespace

std::span<const OpEntry> scaling_ops() {
  static const OpEntry entries[] = {{"ScaleBy", shape, natural_scale, no_positions, reference, emit}};
  return entries;
}

}  // namespace ezkl::ops
