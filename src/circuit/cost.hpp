#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "circuit/settings.hpp"

namespace ezkl {

/// What a proof of these settings is made of, and what it is predicted to take.
struct ProvingCost {
  unsigned logrows = 0, degree = 0;
  std::size_t advice = 0, fixed = 0, permutation = 0, lookups = 0;
  std::size_t points = 0, evaluations = 0;  ///< in the proof
  double commitments_s = 0, transforms_s = 0, quotient_s = 0, other_s = 0;
  double lookups_s = 0;  ///< of the sum of these, what the lookup arguments take
  double peak_mib = 0;

  double seconds() const { return commitments_s + transforms_s + quotient_s + other_s; }
  std::size_t proof_bytes() const { return 64 * points + 32 * evaluations; }
};

/// What is smallest: the time to prove, the proof, the cost of checking it on a chain, or the memory to prove.
enum class ChoiceTarget : std::uint8_t { prove, size, gas, memory };

/// Predicted seconds of one core that has AVX-512 IFMA. Other machines are slower by a factor that is much the same for
/// all circuits, so the order of candidates holds there too.
ProvingCost proving_cost(const GraphSettings& settings);

/// proving_cost of many settings: those of the same columns share one constraint system. For one choice of visibilities
/// and of tables that are all different.
class CostModel {
 public:
  ProvingCost of(const GraphSettings& settings);

 private:
  std::map<std::vector<std::size_t>, ProvingCost> columns_;
};

/// What a choice of settings is measured by; comparable for one target only.
double price(const ProvingCost& cost, ChoiceTarget target);

}  // namespace ezkl
