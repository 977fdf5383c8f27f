#pragma once

#include <cstdint>

#include "graph/claims/claims.hpp"
#include "relations/plan.hpp"

namespace ezkl::relations {

/// What a proof of a plan is made of, and what it is predicted to take. source: docs/spec/sumcheck.md 8.2
struct ProverCost {
  std::uint64_t leaves = 0;     ///< cells of all sums of fractions
  std::uint64_t committed = 0;  ///< elements that every proof commits to
  std::uint64_t keyed = 0;      ///< elements that the key commits to
  std::uint64_t table_rows = 0;
  std::uint64_t multiplied = 0;  ///< elements of products and squares
  std::uint64_t contracted = 0;  ///< elements of the factors of contractions
  std::uint64_t rows = 0;        ///< points of a proof
  double lookups_s = 0, commit_s = 0, products_s = 0, contractions_s = 0, opening_s = 0;

  double seconds() const { return lookups_s + commit_s + products_s + contractions_s + opening_s; }
  /// Of a proof, what its points take, two coordinates each; the sums come to it.
  std::uint64_t row_bytes() const { return 64 * rows; }
};

/// Predicted seconds are those of one core that has AVX-512 IFMA.
ProverCost prover_cost(const Plan& plan);

/// Sizes that are not given, chosen: limbs to the least cost, 8 to 16 bits, rows to about the square root of all that
/// is committed to, 2^8 to 2^14 cells. errors: as make_plan.
struct Choice {
  bool row_bits = true, limb_bits = true;  ///< which are chosen
};
PlanOptions choose_options(const claims::Record& record, PlanOptions given, const Choice& choice);

}  // namespace ezkl::relations
