#include "graph/claims/interval.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/int128_arithmetic.hpp"
#include "ezkl/error.hpp"

namespace ezkl::claims {
namespace {

constexpr Int128 largest = Int128{1} << 126;

[[noreturn]] void too_large() {
  throw Error(Fault::range, "a value may exceed 2^126; smaller scales, fewer decomp legs or a rebase before this node");
}

Interval checked(Interval a) {
  if (a.lo < -largest || a.hi > largest) too_large();
  return a;
}

Int128 sum(Int128 a, Int128 b) { return checked_sum(a, b, too_large); }
Int128 product(Int128 a, Int128 b) { return checked_product(a, b, too_large); }

}  // namespace

Interval add(Interval a, Interval b) { return checked({sum(a.lo, b.lo), sum(a.hi, b.hi)}); }

Interval scale(Interval a, Int128 c) {
  const Int128 x = product(a.lo, c), y = product(a.hi, c);
  return checked({std::min(x, y), std::max(x, y)});
}

Interval multiply(Interval a, Interval b) { return hull(scale(a, b.lo), scale(a, b.hi)); }

Interval square(Interval a) {
  const Int128 top = product(magnitude(a), magnitude(a));
  if (a.lo <= 0 && a.hi >= 0) return checked({0, top});
  const Int128 low = std::min(a.lo < 0 ? -a.lo : a.lo, a.hi < 0 ? -a.hi : a.hi);
  return checked({product(low, low), top});
}

Interval times(Interval a, std::size_t n) {
  return checked({product(a.lo, static_cast<Int128>(n)), product(a.hi, static_cast<Int128>(n))});
}

Interval hull(Interval a, Interval b) { return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)}; }

Interval intersect(Interval a, Interval b) { return {std::max(a.lo, b.lo), std::min(a.hi, b.hi)}; }

Interval hull_of(const Values& values) {
  EZKL_ENSURE(!values.empty(), "no values to bound");
  // Most parameters have 64 bits, and the choice of settings looks through them for every base that it tries.
  std::int64_t lo = static_cast<std::int64_t>(values[0]), hi = lo;
  bool wide = false;
  for (const Int128 value : values) {
    const auto low = static_cast<std::int64_t>(value);
    wide = wide || low != value;
    lo = std::min(lo, low);
    hi = std::max(hi, low);
  }
  if (!wide) return {lo, hi};
  const auto ends = std::minmax_element(values.begin(), values.end());
  return checked({*ends.first, *ends.second});
}

Int128 power_above(Int128 base, Int128 n) {
  Int128 power = base;
  while (power <= n) {
    if (power > largest / base) too_large();
    power *= base;
  }
  return power;
}

int bit_length(Int128 n) {
  int bits = 0;
  for (; n > 0; n >>= 1) ++bits;
  return bits;
}

bool inside(Interval inner, Interval outer) { return inner.lo >= outer.lo && inner.hi <= outer.hi; }

Int128 magnitude(Interval a) { return std::max(a.hi < 0 ? -a.hi : a.hi, a.lo < 0 ? -a.lo : a.lo); }

std::string describe(Interval a) { return "[" + ezkl::to_string(a.lo) + ", " + ezkl::to_string(a.hi) + "]"; }

}  // namespace ezkl::claims
