#pragma once

#include "circuit/settings.hpp"

namespace ezkl {

/// What a proof of these settings is made of, and what it is predicted to take.
struct ProvingCost {
  unsigned logrows = 0, degree = 0;
  std::size_t advice = 0, fixed = 0, permutation = 0, lookups = 0;
  double commitments_s = 0, transforms_s = 0, quotient_s = 0, other_s = 0;
  std::size_t proof_bytes = 0;
  double peak_mib = 0;

  double seconds() const { return commitments_s + transforms_s + quotient_s + other_s; }
};

/// Predicted seconds of one core that has AVX-512 IFMA. Other machines are slower by a factor that is much the same for
/// all circuits, so the order of candidates holds there too.
ProvingCost proving_cost(const GraphSettings& settings);

}  // namespace ezkl
