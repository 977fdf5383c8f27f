#pragma once

#include "graph/claims/claims.hpp"

/// Interval arithmetic on 128-bit integers.
///
/// errors  Fault::range when an end leaves ±2^126: beyond it an equation between integers is no longer one modulo a
///         254-bit prime after the few additions that a proof system makes with it.
namespace ezkl::claims {

Interval add(Interval a, Interval b);
Interval scale(Interval a, Int128 c);
Interval multiply(Interval a, Interval b);
Interval square(Interval a);
/// n terms, each within `a`.
Interval times(Interval a, std::size_t n);
Interval hull(Interval a, Interval b);
Interval intersect(Interval a, Interval b);
/// errors: Fault::internal when there are no values.
Interval hull_of(const Values& values);
/// The smallest power of `base` (2 or more; the base itself at least) above n. errors: Fault::range beyond 2^126.
Int128 power_above(Int128 base, Int128 n);
/// Bits of n, n >= 0: none of 0, and one more than the exponent of a power of two.
int bit_length(Int128 n);
bool inside(Interval inner, Interval outer);
/// Largest magnitude within.
Int128 magnitude(Interval a);
std::string describe(Interval a);

}  // namespace ezkl::claims
