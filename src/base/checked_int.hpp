#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "ezkl/error.hpp"

namespace ezkl {

/// A 64-bit integer whose arithmetic does not wrap: for numbers that a file gives, which may lie anywhere.
/// errors: Fault::range where a result needs more than 64 bits, and for a division by zero.
class CheckedInt {
 public:
  // Not explicit: an expression is checked as soon as one of its operands is.
  template <std::integral T>
  CheckedInt(T value) : value_(static_cast<std::int64_t>(value)) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::unsigned_integral<T> && sizeof(T) >= sizeof(std::int64_t)) {
      if (value > static_cast<T>(std::numeric_limits<std::int64_t>::max())) overflow();
    }
  }

  std::int64_t value() const { return value_; }
  /// errors: Fault::range for a negative number.
  std::size_t size() const {
    if (value_ < 0) throw Error(Fault::range, "a size comes out negative");
    return static_cast<std::size_t>(value_);
  }

  friend CheckedInt operator+(CheckedInt a, CheckedInt b) {
    std::int64_t result = 0;
    if (__builtin_add_overflow(a.value_, b.value_, &result)) overflow();
    return result;
  }
  friend CheckedInt operator-(CheckedInt a, CheckedInt b) {
    std::int64_t result = 0;
    if (__builtin_sub_overflow(a.value_, b.value_, &result)) overflow();
    return result;
  }
  friend CheckedInt operator*(CheckedInt a, CheckedInt b) {
    std::int64_t result = 0;
    if (__builtin_mul_overflow(a.value_, b.value_, &result)) overflow();
    return result;
  }
  /// Towards zero.
  friend CheckedInt operator/(CheckedInt a, CheckedInt b) {
    if (b.value_ == 0 || (b.value_ == -1 && a.value_ == std::numeric_limits<std::int64_t>::min())) overflow();
    return a.value_ / b.value_;
  }
  CheckedInt operator-() const { return CheckedInt(0) - *this; }

  friend auto operator<=>(CheckedInt, CheckedInt) = default;
  friend bool operator==(CheckedInt, CheckedInt) = default;

 private:
  [[noreturn]] static void overflow() { throw Error(Fault::range, "its numbers lead out of 64 bits"); }

  std::int64_t value_;
};

/// A number as the nearest 64-bit integer, fractions cut off. 2^63 - 1, ONNX's "to the end", is 2^63 as a double.
/// errors: Fault::format for what is not a number.
inline std::int64_t saturated_integer(double value) {
  if (value != value) throw Error(Fault::format, "an integer is not a number (NaN)");
  if (value >= 0x1p63) return std::numeric_limits<std::int64_t>::max();
  return value <= -0x1p63 ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(value);
}

}  // namespace ezkl
