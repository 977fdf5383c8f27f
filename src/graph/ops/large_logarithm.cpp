// A table of logarithms for numbers in the thousands would have a key for each step up to them, 2^21 and more.
// Mantissas take 2^(scale + 2), whatever the numbers.
#include "graph/ops/large_logarithm.hpp"

#include <algorithm>
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/claims/hint_values.hpp"
#include "graph/claims/interval.hpp"
#include "graph/ops/flat_table.hpp"
#include "graph/ops/placement.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Term;
using claims::Values;
using claims::View;
using claims::Writer;

int mantissa_bits(const OpContext& ctx) { return ctx.scales[0] + 2; }

int exponent_of(Int128 x, int bits) { return x <= 0 ? 0 : std::max(0, claims::bit_length(x) - bits); }

/// h[..., e] = [e = exponent of x] on a new last axis: exactly one entry is claimed to be 1.
Tensor one_exponent(Writer& w, Tensor x, int bits, std::size_t exponents) {
  Shape extents = w.shape(x);
  extents.push_back(exponents);
  const Tensor hot = w.hint(extents, {x}, [bits, exponents](std::span<const Values* const> in) {
    std::vector<Values> out(1, Values(in[0]->size() * exponents, 0));
    for (std::size_t i = 0; i < in[0]->size(); ++i) {
      const auto e = static_cast<std::size_t>(exponent_of((*in[0])[i], bits));
      if (e < exponents) out[0][i * exponents + e] = 1;  // none fits a number beyond its bounds
    }
    return out;
  });
  claims::boolean(w, hot);
  const std::size_t last[] = {extents.size() - 1};
  const Term one[] = {{1, w.sum(hot, last)}};
  w.zero(one, -1);
  return hot;
}

/// Σ_k weights[k]·hot[..., k]
Tensor chosen_of(Writer& w, Tensor hot, Values weights) {
  const Shape extents = w.shape(hot), kept(extents.begin(), extents.end() - 1);
  const std::size_t count = extents.back();
  const Tensor numbers = w.constant({count}, std::move(weights));
  const View factors[] = {w.identity(hot),
                          View{numbers, extents, {{0, {{static_cast<std::uint32_t>(kept.size()), 1}}}}, 0}};
  return w.contract(kept, {count}, factors);
}

}  // namespace

bool needs_large_logarithm(Writer& w, const OpContext& ctx, Tensor x) {
  const int bits = mantissa_bits(ctx);
  if (!has_chosen_range(w.args()) || ctx.scales[0] < 0 || bits > 40 || w.is_fixed(x)) return false;
  const Int128 beyond = Int128{1} << bits;
  const auto [first, last] = w.args().lookup_range;
  const claims::Interval bounds = w.interval(x);
  return volume(w.shape(x)) > 0 && last >= beyond - 1 && bounds.hi >= beyond && (first < 0 || bounds.lo >= 0);
}

Tensor large_logarithm(Writer& w, const OpContext& ctx, Tensor x, const claims::TableId& table) {
  const Int128 least = std::clamp<Int128>(w.interval(x).lo, -1, 1);
  // What the table gives for one negative key it gives for all.
  if (w.interval(x).lo < -1) x = claims::max_of(w, x, w.constant(Shape(w.shape(x).size(), 1), {-1}));
  const int bits = mantissa_bits(ctx), most = exponent_of(w.interval(x).hi, bits);
  const auto exponents = static_cast<std::size_t>(most) + 1;
  const Int128 half = Int128{1} << (bits - 1);
  const Tensor mantissa = claims::hint_of(w, x, [bits](Int128 v) { return v >> exponent_of(v, bits); });
  const Tensor hot = one_exponent(w, x, bits, exponents);
  Values powers, lowest, logarithms;
  for (int e = 0; e <= most; ++e) {
    powers.push_back(Int128{1} << e);
    lowest.push_back(e == 0 ? least : half);
    logarithms.push_back(round_half_away(std::ldexp(e * std::log(2.0), ctx.scales[0])));
  }
  const Int128 largest_power = powers.back(), largest_logarithm = logarithms.back();
  const Tensor power = chosen_of(w, hot, std::move(powers));
  w.deduce(power, {1, largest_power}, {hot});  // one entry of hot is 1, the others are 0
  // Exactly one exponent fits: m has all its bits, or the exponent is 0; and m·2^e <= x < (m + 1)·2^e.
  w.range(mantissa, {least, 2 * half - 1});
  claims::range_from(w, w.sub(mantissa, chosen_of(w, hot, std::move(lowest))), 0, 2 * half - 1);
  const Tensor rest = w.sub(x, w.mul(mantissa, power));
  claims::range_from(w, rest, 0, largest_power - 1);
  const Term below[] = {{1, power}, {-1, rest}};
  claims::range_from(w, w.linear(below, -1), 0, largest_power - 1);
  const Tensor added = chosen_of(w, hot, std::move(logarithms));
  w.deduce(added, {0, largest_logarithm}, {hot});  // as above
  return w.add(w.table(mantissa, table), added);
}

}  // namespace ezkl::ops
