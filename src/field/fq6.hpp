#pragma once

#include "field/fq2.hpp"

namespace ezkl {

/// c0 + c1 v + c2 v^2 with v^3 = 9 + u.
struct Fq6 {
  Fq2 c0, c1, c2;

  static Fq6 zero() { return {}; }
  static Fq6 one() { return {Fq2::one(), {}, {}}; }

  friend Fq6 operator+(const Fq6& a, const Fq6& b) { return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2}; }
  friend Fq6 operator-(const Fq6& a, const Fq6& b) { return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2}; }
  Fq6 operator-() const { return {-c0, -c1, -c2}; }
  friend Fq6 operator*(const Fq6& a, const Fq6& b);
  friend bool operator==(const Fq6& a, const Fq6& b) { return a.c0 == b.c0 && a.c1 == b.c1 && a.c2 == b.c2; }
  /// this * (b0 + b1 v)
  Fq6 mul_by_01(const Fq2& b0, const Fq2& b1) const;
  Fq6 mul_v() const { return {c2.mul_xi(), c0, c1}; }
  Fq6 inverse() const;
};

}  // namespace ezkl
