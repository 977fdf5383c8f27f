#pragma once

#include <cstddef>
#include <span>

#include "field/fr.hpp"

namespace ezkl::sumcheck {

/// Two tables as one round of a sumcheck sees them: the entries whose leading variable is 0, then those where it is 1.
/// `b` may be null: a factor of 1.
struct PairFactors {
  const Fr *a = nullptr, *b = nullptr;
};

/// What a round's polynomial is made of: h(0), h(1) and the leading coefficient of h(X) = Σ_i w_i Σ_k a_k(X, i) b_k(X,
/// i), where a(X, i) = a[i] + X (a[n + i] - a[i]).
struct PairSums {
  Fr at_zero, at_one, leading;
  /// The coefficient of X.
  Fr linear() const { return at_one - at_zero - leading; }
};

/// weights   n of them, or null for ones
/// with_one  whether at_one is wanted; it costs half as much again
/// threads   parallel over entries; sums are exact, so any number of threads gives the same
PairSums pair_sums(std::span<const PairFactors> factors, const Fr* weights, std::size_t n, bool with_one);

}  // namespace ezkl::sumcheck
