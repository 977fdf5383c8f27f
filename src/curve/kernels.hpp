#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "curve/g1.hpp"

namespace ezkl {

/// Which points to add: out[to[i]] = points[left[i]] + points[right[i]] for i < n. An index with negated_bit stands for
/// the negated point.
struct PairList {
  static constexpr std::uint32_t negated_bit = 1u << 31;
  const std::uint32_t* left;
  const std::uint32_t* right;
  const std::uint32_t* to;
  std::size_t n;
};

/// One implementation of the additions that multi-scalar multiplication is made of.
struct CurveKernels {
  std::string_view name;
  std::uint32_t needs;  ///< CpuBits that must all be present
  /// Affine additions that share one inversion; every case is handled (equal and opposite points, identities).
  /// n is at most max_pairs. `out` may be `points` when to[i] is left[i] or right[i], or a place no other pair reads.
  void (*add_pairs)(G1Affine* out, const G1Affine* points, const PairList& pairs);
  /// points[i] = 2 points[i] for i < n, with one inversion; n is at most max_pairs.
  void (*double_points)(G1Affine* points, std::size_t n);
  /// Whether coordinates are below the modulus and the points on the curve (or the identity): the number of the first
  /// one that is not, n when all are.
  std::size_t (*first_invalid)(const G1Affine* points, std::size_t n);
};

/// More pairs share an inversion but need more cache.
constexpr std::size_t max_pairs = 2048;

/// Best first; the last one is "portable" and needs nothing. All give the same points.
std::span<const CurveKernels* const> compiled_curve_kernels() noexcept;

/// The implementation in use, chosen once.
const CurveKernels& curve_kernels();

/// Adds all pairs, max_pairs at a time.
void add_all_pairs(const CurveKernels& kernels, G1Affine* out, const G1Affine* points, const PairList& pairs);

}  // namespace ezkl
