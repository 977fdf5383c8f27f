#pragma once

#include <cstdint>
#include <limits>

/// Arithmetic for costs that may be beyond all bounds: the largest number stands for everything above it.
namespace ezkl::saturating {

inline std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::uint64_t>::max() : result;
}

inline std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::uint64_t>::max() : result;
}

}  // namespace ezkl::saturating
