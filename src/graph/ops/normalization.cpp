// Standardize: x / √(mean of x² + epsilon) over some axes, what is left of a layer or RMS normalization once the mean
// is taken off. As one operator it keeps what single steps lose: the mean of the squares of small numbers rounds to 0
// at the scale of the tensor, and its reciprocal is then as large as integers go.
#include <algorithm>
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/reduced_axes.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {
namespace {

using claims::Rounding;
using claims::Tensor;
using claims::Writer;

/// Bits of a line's root below those of x: a line of one step of x has a root with this many.
constexpr int root_bits = 4;

int standardize_scale(const OpContext& ctx) { return static_cast<int>(ctx.op.integer("scale", ctx.base_scale())); }

FloatTensor standardize_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const std::vector<std::int64_t>& axes = ctx.op.integers("axes");
  const DType type = in[0].type;
  const double epsilon = ctx.op.real("epsilon");
  const FloatTensor squares = map_reals(in[0], [](double a) { return a * a; });
  const FloatTensor sums = reduce_reals(squares, axes, [](double a, double b) { return a + b; });
  const double count = static_cast<double>(volume(in[0].shape)) / static_cast<double>(volume(sums.shape));
  const FloatTensor roots = map_reals(sums, [&](double s) { return std::sqrt(round_to(type, s / count) + epsilon); });
  return map_reals(in[0], roots, type, [](double x, double root) { return x / root; });
}

/// With S the sum of a line's squares and E = n·epsilon: R = √(S + E)·2^root_bits, r = √n·2^bits / R, and the result is
/// x·r without the bits that are too many.
Tensor standardize_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const double epsilon = ctx.op.real("epsilon");
  require(ctx, epsilon >= 0 && epsilon < 0x1p20, "epsilon is negative or huge");
  const std::vector<std::size_t> axes = reduced_axes(ctx);
  Shape kept;
  const Tensor x = lines_over(w, in[0], axes, kept);
  w.interval(x);  // what follows needs its bounds
  const std::size_t n = w.shape(x)[1];
  const Tensor sum = claims::dot_along(w, x, x, 1);
  const Int128 bias = round_half_away(std::ldexp(epsilon * static_cast<double>(n), 2 * ctx.scales[0]));
  constexpr Int128 largest_bias = Int128{1} << 100;
  if (bias > largest_bias) refuse(ctx, Fault::range, "epsilon is too large at scale " + std::to_string(ctx.scales[0]));
  const Int128 unit = Int128{1} << (2 * root_bits);
  const Tensor root = claims::root(w, w.scale(sum, unit, bias * unit));
  // R is 0 only where the line is, and otherwise that of one step or of epsilon at least, half a unit of rounding away;
  // the other half unit and the last bits pay for rounding here.
  const double least =
      std::ldexp(std::sqrt(static_cast<double>(std::max<Int128>(bias, 1))) * (1 - 0x1p-50), root_bits) - 1;
  if (bias > 0) w.deduce(root, {static_cast<Int128>(least), w.interval(root).hi}, {sum});

  const double limit = static_cast<double>(ctx.decomposition_limit());
  const double norm = std::sqrt(static_cast<double>(n));
  const int bits = std::min(56, static_cast<int>(std::floor(std::log2(limit * std::max(least, 1.0) / norm))));
  const int excess = bits - root_bits - standardize_scale(ctx);
  if (excess > 62) refuse(ctx, Fault::range, "input_scale and param_scale are too small");
  if (excess < 1) refuse(ctx, Fault::range, "the decomposition limit is too small; use a larger decomp_base");
  const Int128 numerator = round_half_away(std::ldexp(norm, bits));
  const Tensor inverse = claims::reciprocal(w, root, numerator, 0);
  const Tensor product = w.mul(x, inverse);
  // R >= 2^root_bits·|x| - 1/2, and r is at most numerator / R + 1/2. So |x|·r <= numerator / (2^root_bits - 1/2) +
  // |x|/2 for |x| >= 1, and |x| is no larger than R's bound allows.
  const Int128 rooted = w.interval(root).hi / (Int128{1} << root_bits) + 1;
  const Int128 widest = std::min(claims::magnitude(w.interval(x)), rooted);
  const Int128 most = 2 * numerator / ((Int128{2} << root_bits) - 1) + widest / 2 + 1;
  w.deduce(product, claims::intersect({-most, most}, w.interval(product)), {x, root, inverse});
  const Tensor result = claims::divide(w, product, Int128{1} << excess, Rounding::half_away);
  return from_lines_over(w, result, axes, ctx.shapes[0]);
}

constexpr AttributeRule standardize_attributes[] = {axes_attribute[0], attribute::real("epsilon"), scale_attribute[0]};

const OpEntry entries[] = {
    {"Standardize",
     {1, 1, standardize_attributes},
     shape_of_first,
     standardize_scale,
     no_positions,
     standardize_reference,
     standardize_emit},
};

}  // namespace

std::span<const OpEntry> normalization_ops() { return entries; }

}  // namespace ezkl::ops
