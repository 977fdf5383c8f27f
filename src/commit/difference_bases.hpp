#pragma once

#include <span>
#include <vector>

#include "curve/g1.hpp"
#include "field/fr.hpp"

namespace ezkl {

/// Commits to columns that are constant or linear over long stretches of rows, as running products and running sums are
/// where a circuit leaves rows unused. With T_i the sum of the bases from row i to the end of its block and U_i the sum
/// of the T from row i on, the sum of v_i L_i is also that of first differences of v against T, or of second
/// differences against U; each block of rows takes the form in which fewest terms are left.
class DifferenceBases {
 public:
  static constexpr std::size_t block_rows = 256;

  /// cost: two affine additions a row, about a tenth of one multi-scalar multiplication over the same bases.
  /// `bases` must outlive the object; their number is a multiple of block_rows.
  explicit DifferenceBases(std::span<const G1Affine> bases);

  /// The sum of values[i] * bases[i]; values.size() == bases.size().
  G1 commit(std::span<const Fr> values) const;

  /// How many terms commit() would multiply for these values. Needs no bases.
  static std::size_t terms(std::span<const Fr> values);

 private:
  std::span<const G1Affine> bases_;
  std::vector<G1Affine> first_, second_;
};

}  // namespace ezkl
