#pragma once

#include "graph/claims/claims.hpp"

/// Claims made of base claims, one lowering each. Every function states exactly what the tensor it returns holds; the
/// claims it makes accept that value and no other (tests/graph/compound_test enumerates this over small ranges).
///
/// Values that get range-checked may not exceed decomp_base^decomp_legs - 1 in magnitude, as in the published package:
/// beyond it, evaluation fails with Fault::range. Operands broadcast as in numpy.
namespace ezkl::claims {

enum class Rounding : std::uint8_t { half_away, half_even, floor, ceil, truncate };

/// Claims lo <= x <= hi for some hi >= `least_hi`, whichever costs least: the upper end may only serve as a bound, not
/// carry meaning.
void range_from(Writer& w, Tensor x, Int128 lo, Int128 least_hi);
/// Claims that x lies in an interval that holds `wanted`, and within the decomposition limit, whichever costs least.
void range_around(Writer& w, Tensor x, Interval wanted);
/// Claims 0 or 1.
void boolean(Writer& w, Tensor x);

/// [x > y]
Tensor greater(Writer& w, Tensor x, Tensor y);
/// [x = y]
Tensor equals(Writer& w, Tensor x, Tensor y);
/// g ? a : b, for g that is 0 or 1 (claimed here unless proven).
Tensor select(Writer& w, Tensor g, Tensor a, Tensor b);
/// max(x, 0)
Tensor relu(Writer& w, Tensor x);
/// The larger of two; the smaller of two.
Tensor max_of(Writer& w, Tensor x, Tensor y);
Tensor min_of(Writer& w, Tensor x, Tensor y);
Tensor absolute(Writer& w, Tensor x);
/// -1, 0 or 1
Tensor sign(Writer& w, Tensor x);

/// x / d rounded, d > 0.
Tensor divide(Writer& w, Tensor x, Int128 d, Rounding rounding);

/// x = quotient·y + remainder, the quotient truncated toward zero; y != 0 is claimed.
struct Division {
  Tensor quotient, remainder;
};
Division truncated_division(Writer& w, Tensor x, Tensor y);

/// c / x rounded half away from zero, c > 0; where x = 0: `at_zero`, which may be a value that no range allows: then
/// evaluation refuses x = 0.
Tensor reciprocal(Writer& w, Tensor x, Int128 c, Int128 at_zero);

/// The integer nearest to √v; v >= 0 is claimed.
Tensor root(Writer& w, Tensor v);

/// Σ a·b along an axis of two tensors of one shape; the axis is kept as 1.
Tensor dot_along(Writer& w, Tensor a, Tensor b, std::size_t axis);

/// Maximum along an axis, which is kept as 1.
Tensor maximum(Writer& w, Tensor x, std::size_t axis);
Tensor minimum(Writer& w, Tensor x, std::size_t axis);
/// Index of the first (`last`: of the last) maximum along an axis, which is kept as 1.
Tensor argmax(Writer& w, Tensor x, std::size_t axis, bool last = false);
/// h[..., k] = [k = i[...]] on a new last axis of n; 0 <= i < n is claimed thereby.
Tensor one_hot(Writer& w, Tensor i, std::size_t n);

}  // namespace ezkl::claims
