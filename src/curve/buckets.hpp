#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "curve/g1.hpp"
#include "curve/kernels.hpp"
#include "curve/signed_digits.hpp"

namespace ezkl {

/// For each window w in first .. first+count-1: the sum of digit * base over the points begin .. end-1, as `bits`
/// points a window: entry j of a window's row is to be multiplied by 2^j, but the last entry by 1. Additions are
/// affine, with shared inversions. Threads that are idle help. scratch grows with the number of points and buckets, not
/// with their distribution.
std::vector<G1Affine> window_sums(const CurveKernels& kernels, std::span<const G1Affine> bases,
                                  const SignedDigits& digits, unsigned first, unsigned count, std::size_t begin,
                                  std::size_t end);

}  // namespace ezkl
