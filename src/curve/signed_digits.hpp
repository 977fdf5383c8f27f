#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "field/fr.hpp"

namespace ezkl {

/// Signed digits of scalars: digit d of scalar i in window w is values[w * n + i]; |d| <= 2^(bits - 1).
struct SignedDigits {
  unsigned bits = 1;  ///< of a window
  unsigned windows = 0;
  std::size_t n = 0;
  std::unique_ptr<std::int32_t[]> values;  ///< n * windows of them

  std::size_t buckets() const { return std::size_t{1} << (bits - 1); }

  /// Room for n magnitudes of at most 2^(magnitude_bits - 1), in windows of `window_bits`. Digits are not set:
  /// many pages are best touched by many threads.
  SignedDigits(std::size_t n, unsigned window_bits, unsigned magnitude_bits);

  /// Cuts a magnitude (little-endian limbs) into the digits of scalar i.
  void set(std::size_t i, std::span<const std::uint64_t> magnitude, bool negative);
  /// The same for a field element; r - s stands for -s, so that magnitudes stay below 2^253 and small negative numbers
  /// keep few digits.
  void set(std::size_t i, const Fr& scalar);
  /// Scalar i is 0.
  void clear(std::size_t i);
  static constexpr unsigned field_bits = 254;
};

}  // namespace ezkl
