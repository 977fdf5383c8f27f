#include <algorithm>
#include <cmath>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/hint_values.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/claims/signed_parts.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::claims {
namespace {

/// The published package divides doubles; where that is not the exact rounding its witness has another integer.
constexpr Int128 double_exact = Int128{1} << 51;

[[noreturn]] void inexact(Int128 x) {
  throw Error(Fault::range, "the published package computes with doubles and rounds " + to_string(x) +
                                " otherwise; smaller scales avoid values this large");
}

/// Rounds x / d half away from zero; `published`: only if doubles agree.
Int128 rounded(Int128 x, Int128 d, bool published) {
  const Int128 q = divide_half_away(x, d);
  if (published && (x >= double_exact || x <= -double_exact) &&
      round_half_away(static_cast<double>(x) / static_cast<double>(d)) != q) {
    inexact(x);
  }
  return q;
}

bool is_published(const Writer& w) { return w.args().semantics == Semantics::published; }

/// Claims that a quotient lies within `wanted` (or the decomposition limit): loosely where d times the looser bound is
/// still a number of the right size.
void range_quotient(Writer& w, Tensor q, Interval wanted, Int128 d) {
  const auto base = static_cast<Int128>(w.args().decomp_base);
  const Int128 limit = decomposition_limit(w.args());
  const Interval tight{std::max(wanted.lo, -limit), std::min(wanted.hi, limit)};
  constexpr Int128 largest_product = Int128{1} << 124;
  if (magnitude(tight) < largest_product / d / base / 2) return range_around(w, q, tight);
  w.range(q, tight);
}

/// Claims a = q·d + t with 0 <= t < d, and returns (q, t). `floor` computes q from a.
template <class Quotient>
std::pair<Tensor, Tensor> split(Writer& w, Tensor a, Int128 d, Quotient quotient) {
  const auto parts = hint_pair(w, a, [d, quotient](Int128 x) {
    const Int128 q = quotient(x);
    return std::pair<Int128, Int128>(q, x - q * d);
  });
  const Tensor q = parts.first, t = parts.second;
  const Interval bounds = w.expected(a);
  const Interval quotients{floor_divide(bounds.lo, d).first, floor_divide(bounds.hi, d).first};
  range_quotient(w, q, quotients, d);
  w.range(t, {0, d - 1});
  const Term terms[] = {{1, a}, {-d, q}, {-1, t}};
  w.zero(terms, 0);
  w.deduce(q, quotients, {a});  // q = ⌊a / d⌋: |q·d + t| stays below 2^190, so the equation is one of integers
  return {q, t};
}

Tensor floor_of(Writer& w, Tensor x, Int128 d) {
  return split(w, x, d, [d](Int128 v) { return floor_divide(v, d).first; }).first;
}

/// (x + half) / d rounded down, for x >= 0 and half either 0 or ⌊d/2⌋.
Tensor nearest_nonnegative(Writer& w, Tensor x, Int128 d, Int128 half) {
  const bool published = is_published(w) && half != 0;
  return split(w, w.scale(x, 1, half), d,
               [d, half, published](Int128 v) {
                 if (published) rounded(v - half, d, true);
                 return floor_divide(v, d).first;
               })
      .first;
}

/// sign(x)·⌊(|x| + half) / d⌋ for half either ⌊d/2⌋ (half away from zero) or 0 (truncation).
///
/// With s = ±1 the sign of x: s·x + half = m·d + t, q = s·m. A wrong s leaves only |x| <= half, hence m = 0: right
/// unless |x| = half > 0 and d = 2·half, where m = t = 0, which is excluded.
Tensor nearest(Writer& w, Tensor x, Int128 d, Int128 half) {
  if (w.nonnegative(x)) return nearest_nonnegative(w, x, d, half);
  if (w.nonpositive(x)) return w.scale(nearest_nonnegative(w, w.scale(x, -1), d, half), -1);

  const Interval bounds = w.expected(x);
  const bool published = is_published(w);
  const Tensor n = hint_of(w, x, [](Int128 v) { return Int128{v < 0}; });
  const auto parts = hint_pair(w, x, [d, half, published](Int128 v) {
    const Int128 a = v < 0 ? -v : v;
    const Int128 m = half == 0 ? a / d : rounded(a, d, published);
    return std::pair<Int128, Int128>(m, a + half - m * d);
  });
  const Tensor m = parts.first, t = parts.second;
  const Int128 most = (magnitude(bounds) + half) / d;
  boolean(w, n);
  range_quotient(w, m, {0, most}, d);
  w.range(t, {0, d - 1});
  const Term equation[] = {{1, x}, {-2, w.mul(n, x)}, {-d, m}, {-1, t}};
  w.zero(equation, half);
  if (d == 2 * half) {
    const Term none[] = {{1, w.is_zero(w.add(m, t))}};
    w.zero(none, 0);
  }
  w.deduce(m, {0, most}, {x});  // m·d <= ±x + half
  const Tensor part = w.mul(n, m);
  const Term signed_terms[] = {{1, m}, {-2, part}};
  const Tensor q = w.linear(signed_terms, 0);
  w.remember_sign(q, {m, part});
  const Int128 bound = w.expected(m).hi;
  w.deduce(q, {-bound, bound}, {m});  // ±m, because n is 0 or 1, and m >= 0
  return q;
}

/// x = sign·magnitude with sign ±1 (either where x = 0) and magnitude >= 0, proven bounds of which there are.
Signed known_parts(Writer& w, Tensor x) {
  if (w.is_fixed(x)) {
    Values signs, magnitudes;
    for (const Int128 value : w.fixed_values(x)) {
      signs.push_back(value < 0 ? -1 : 1);
      magnitudes.push_back(value < 0 ? -value : value);
    }
    return {w.constant(w.shape(x), std::move(signs)), w.constant(w.shape(x), std::move(magnitudes))};
  }
  if (w.nonnegative(x)) return {w.constant(Shape(w.shape(x).size(), 1), {1}), x};
  return signed_parts(w, x, 0);
}

/// Half up, then one less where that was a tie that left an odd quotient.
Tensor nearest_even(Writer& w, Tensor x, Int128 d) {
  const auto parts = split(w, w.scale(x, 1, d / 2), d, [d](Int128 v) { return floor_divide(v, d).first; });
  if (d % 2 != 0) return parts.first;
  const Tensor q = parts.first;
  const auto halves = split(w, q, 2, [](Int128 v) { return floor_divide(v, 2).first; });
  const Tensor down = w.mul(halves.second, w.is_zero(parts.second));
  return w.sub(q, down);
}

/// Nearest integer to √v.
Int128 nearest_root(Int128 v) {
  if (v <= 0) return 0;
  // Doubles leave an error of up to 2^11, a step of Newton's iteration one of at most 1. Unsigned: q² may reach 2^127.
  const auto x = static_cast<Uint128>(v);
  auto q = static_cast<Uint128>(std::sqrt(static_cast<double>(v)));
  q = (q + x / q) / 2;
  while (q * q - q + 1 > x) --q;
  while (q * q + q < x) ++q;
  return static_cast<Int128>(q);
}

}  // namespace

Tensor divide(Writer& w, Tensor x, Int128 d, Rounding rounding) {
  if (d <= 0 || d >= Int128{1} << 63) {
    throw Error(Fault::range,
                "division by " + to_string(d) + ", which is not in 1 .. 2^63 - 1; scales are too far apart");
  }
  if (d == 1) return x;
  switch (rounding) {
    case Rounding::half_away:
      return nearest(w, x, d, d / 2);
    case Rounding::truncate:
      return nearest(w, x, d, 0);
    case Rounding::half_even:
      return nearest_even(w, x, d);
    case Rounding::floor:
      return floor_of(w, x, d);
    case Rounding::ceil:
      return w.scale(floor_of(w, w.scale(x, -1), d), -1);
  }
  return x;
}

Division truncated_division(Writer& w, Tensor x, Tensor y) {
  const Shape shape = broadcast_shape(w.shape(x), w.shape(y));
  const Signed a = known_parts(w, w.broadcast(x, shape)), c = known_parts(w, w.broadcast(y, shape));
  const Int128 limit = decomposition_limit(w.args());
  const Int128 dividends = std::min(w.interval(a.magnitude).hi, limit),
               divisors = std::min(w.interval(c.magnitude).hi, limit);
  range_from(w, c.magnitude, 1, divisors);
  const Tensor m = w.hint(shape, {a.magnitude, c.magnitude}, [](std::span<const Values* const> in) {
    std::vector<Values> quotients(1, *in[0]);
    for (std::size_t i = 0; i < in[0]->size(); ++i) {
      const Int128 divisor = (*in[1])[i];
      quotients[0][i] = divisor == 0 ? 0 : (*in[0])[i] / divisor;
    }
    return quotients;
  });
  range_from(w, m, 0, dividends);
  const Tensor t = w.sub(a.magnitude, w.mul(m, c.magnitude));
  range_from(w, t, 0, divisors - 1);
  const Term gap[] = {{1, c.magnitude}, {-1, t}};
  range_from(w, w.linear(gap, -1), 0, divisors - 1);
  const Tensor quotient = w.mul(w.mul(a.sign, c.sign), m), remainder = w.mul(a.sign, t);
  // m <= |x| because |y| >= 1 and t >= 0, and t < |y|; both as far as they are proven here, which may be past the
  // limits that their ranges were chosen by.
  const Int128 most = std::min(w.interval(m).hi, w.interval(a.magnitude).hi), below = w.interval(c.magnitude).hi - 1;
  w.deduce(quotient, {-most, most}, {m, a.magnitude});
  w.deduce(remainder, {-below, below}, {t, c.magnitude});
  return {quotient, remainder};
}

Tensor reciprocal(Writer& w, Tensor x, Int128 c, Int128 at_zero) {
  const Interval bounds = w.expected(x);
  const Int128 limit = decomposition_limit(w.args());
  const bool proven = w.is_proven(x);
  const bool may_be_zero = !proven || (bounds.lo <= 0 && bounds.hi >= 0), may_be_negative = !w.nonnegative(x);
  const bool zero_has_value = may_be_zero && at_zero >= -limit && at_zero <= limit;
  const bool published = is_published(w);
  const Int128 largest = std::min(magnitude(bounds), limit);
  // In place of 0, so that the division below stays one.
  const Int128 stand_in = std::max<Int128>(1, std::min(largest, c));

  Tensor n{}, zero{}, a = x;
  if (may_be_negative) {
    n = hint_of(w, x, [](Int128 v) { return Int128{v < 0}; });
    boolean(w, n);
    const Term terms[] = {{1, x}, {-2, w.mul(n, x)}};
    a = w.linear(terms, 0);
  }
  if (zero_has_value) {
    zero = w.is_zero(x);
    const Term terms[] = {{1, a}, {stand_in, zero}};
    a = w.linear(terms, 0);
  }
  if (may_be_negative || !zero_has_value) {
    range_from(w, a, 1, std::max(largest, stand_in));
  } else {
    w.deduce(a, {1, w.expected(a).hi}, {x});  // x >= 0, and stand_in is added where it is 0
  }

  const Tensor m = hint_of(w, a, [c, published](Int128 v) {
    if (v <= 0) return Int128{0};
    const Int128 quotient = divide_half_away(c, v);
    if (published && round_half_away(static_cast<double>(c) * (1.0 / static_cast<double>(v))) != quotient) inexact(v);
    return quotient;
  });
  const Int128 smallest = w.interval(a).lo, most = divide_half_away(c, smallest);
  range_from(w, m, 0, std::min(most, limit));
  // 2c + a = 2a·m + t with 0 <= t < 2a.
  const Term rest_terms[] = {{1, a}, {-2, w.mul(m, a)}};
  const Tensor t = w.linear(rest_terms, 2 * c);
  const Int128 widest = 2 * std::min(w.interval(a).hi, std::max(largest, stand_in)) - 1;
  range_from(w, t, 0, widest);
  const Term gap_terms[] = {{2, a}, {-1, t}};
  range_from(w, w.linear(gap_terms, -1), 0, widest);
  w.deduce(m, {0, most}, {a});  // m = ⌊(2c + a) / 2a⌋, c / a to the nearest: largest for the smallest a

  Tensor q = m;
  if (may_be_negative) {
    const Term terms[] = {{1, m}, {-2, w.mul(n, m)}};
    q = w.linear(terms, 0);
    const Int128 bound = w.interval(m).hi;
    w.deduce(q, {-bound, bound}, {m});  // ±m, because n is 0 or 1, and m >= 0
  }
  if (!zero_has_value) return q;
  const Tensor special = w.constant(Shape(w.shape(q).size(), 1), {at_zero});
  return select(w, zero, special, q);
}

Tensor root(Writer& w, Tensor v) {
  const Interval bounds = w.expected(v);
  if (w.is_proven(v) && bounds.hi < 0) throw Error(Fault::range, "square root of values that are all negative");
  const bool published = is_published(w);
  const Int128 most = nearest_root(bounds.hi), limit = decomposition_limit(w.args());
  const Tensor q = hint_of(w, v, [published](Int128 x) {
    const Int128 nearest = nearest_root(x);
    if (published && x > 0 && round_half_away(std::sqrt(static_cast<double>(x))) != nearest) inexact(x);
    return nearest;
  });
  const Int128 top = std::min(most, limit);
  range_from(w, q, 0, top);
  const Tensor squared = w.mul(q, q);
  // (q - 1/2)² < v < (q + 1/2)², where q = 0 stands for v = 0.
  const Term above[] = {{1, squared}, {1, q}, {-1, v}};
  range_from(w, w.linear(above, 0), 0, 2 * top);
  std::vector<Term> below{{1, v}, {-1, squared}, {1, q}};
  if (!w.is_proven(v) || bounds.lo <= 0) below.push_back({1, w.is_zero(q)});
  range_from(w, w.linear(below, -1), 0, 2 * top);
  w.deduce(q, {0, most}, {v});  // the nearest root grows with v
  return q;
}

}  // namespace ezkl::claims
