#pragma once

#include <cstdint>
#include <span>

#include "field/fq.hpp"

namespace ezkl {

/// c0 + c1 u with u^2 = -1.
struct Fq2 {
  Fq c0, c1;

  static Fq2 zero() { return {}; }
  static Fq2 one() { return {Fq::one(), Fq::zero()}; }
  /// 9 + u, the element whose sixth root builds Fq12.
  static Fq2 xi() { return {Fq::from_u64(9), Fq::one()}; }

  friend Fq2 operator+(const Fq2& a, const Fq2& b) { return {a.c0 + b.c0, a.c1 + b.c1}; }
  friend Fq2 operator-(const Fq2& a, const Fq2& b) { return {a.c0 - b.c0, a.c1 - b.c1}; }
  Fq2 operator-() const { return {-c0, -c1}; }
  friend Fq2 operator*(const Fq2& a, const Fq2& b) {
    const Fq t0 = a.c0 * b.c0, t1 = a.c1 * b.c1;
    return {t0 - t1, (a.c0 + a.c1) * (b.c0 + b.c1) - t0 - t1};
  }
  friend Fq2 operator*(const Fq2& a, const Fq& b) { return {a.c0 * b, a.c1 * b}; }
  friend bool operator==(const Fq2& a, const Fq2& b) { return a.c0 == b.c0 && a.c1 == b.c1; }
  Fq2 square() const { return {(c0 + c1) * (c0 - c1), (c0 * c1).dbl()}; }
  Fq2 dbl() const { return {c0.dbl(), c1.dbl()}; }
  Fq2 conjugate() const { return {c0, -c1}; }
  Fq2 mul_xi() const;
  bool is_zero() const { return c0.is_zero() && c1.is_zero(); }
  /// 0 gives 0.
  Fq2 inverse() const;
  Fq2 pow(std::span<const std::uint64_t> exponent) const;
};

}  // namespace ezkl
