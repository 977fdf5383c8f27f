#pragma once

#include <cstdint>

#include "field/fq6.hpp"

namespace ezkl {

/// c0 + c1 w with w^2 = v.
struct Fq12 {
  Fq6 c0, c1;

  static Fq12 one() { return {Fq6::one(), {}}; }

  friend Fq12 operator*(const Fq12& a, const Fq12& b);
  friend bool operator==(const Fq12& a, const Fq12& b) { return a.c0 == b.c0 && a.c1 == b.c1; }
  Fq12 square() const;
  /// this * (l0 + l1 w + l3 w^3) for a number l0 and elements l1, l3 of Fq2: the shape of a pairing's lines.
  Fq12 mul_line(const Fq& l0, const Fq2& l1, const Fq2& l3) const;
  /// Power p^6. The inverse of elements of norm 1.
  Fq12 conjugate() const { return {c0, -c1}; }
  Fq12 inverse() const;
  /// Power p.
  Fq12 frobenius() const;
  Fq12 pow(std::uint64_t exponent) const;
};

}  // namespace ezkl
