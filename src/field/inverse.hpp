#pragma once

#include "field/prime_field.hpp"

namespace ezkl::detail {

/// scale / x modulo an odd prime of at most 256 bits; 0 for x = 0. `neg_inv` is -1 / prime mod 2^64. x < prime.
/// source: Bernstein and Yang, "Fast constant-time gcd computation and modular inversion", ePrint 2019/266, with the
/// start at delta = 1/2 and 62 steps at a time. The number of batches depends on x.
Limbs divide(const Limbs& scale, const Limbs& x, const Limbs& prime, std::uint64_t neg_inv);

}  // namespace ezkl::detail
