#pragma once

#include "base/int128.hpp"

namespace ezkl {

/// Modulo 2^128: for values that honest runs keep far below, and that must not be undefined when forged or clamped.
inline Int128 wrapping_sum(Int128 a, Int128 b) { return Int128(Uint128(a) + Uint128(b)); }
inline Int128 wrapping_product(Int128 a, Int128 b) { return Int128(Uint128(a) * Uint128(b)); }

/// The exact sum or product. `refuse()` is called where that needs more than 128 bits, and must throw.
template <class Refuse>
Int128 checked_sum(Int128 a, Int128 b, Refuse&& refuse) {
  Int128 result;
  if (__builtin_add_overflow(a, b, &result)) refuse();
  return result;
}
template <class Refuse>
Int128 checked_product(Int128 a, Int128 b, Refuse&& refuse) {
  Int128 result;
  if (__builtin_mul_overflow(a, b, &result)) refuse();
  return result;
}

}  // namespace ezkl
