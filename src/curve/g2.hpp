#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "field/fq2.hpp"
#include "field/fr.hpp"

namespace ezkl {

/// A point of the twist y^2 = x^3 + 3/(9+u) over Fq2; (0, 0) stands for the identity.
struct G2Affine {
  Fq2 x, y;

  static G2Affine identity() { return {}; }
  static G2Affine generator();
  bool is_identity() const { return x.is_zero() && y.is_zero(); }
  bool on_curve() const;
  /// The twist has a cofactor: being on the curve is not enough. True only for points on the curve of order r.
  bool in_subgroup() const;
  G2Affine operator-() const { return {x, -y}; }
  friend bool operator==(const G2Affine& a, const G2Affine& b) { return a.x == b.x && a.y == b.y; }
  G2Affine mul(const Fr& scalar) const;
};

/// Jacobian coordinates over Fq2, Z = 0 for the identity.
struct G2 {
  Fq2 x, y, z;

  G2() : x(Fq2::one()), y(Fq2::one()) {}
  G2(const Fq2& x_in, const Fq2& y_in, const Fq2& z_in) : x(x_in), y(y_in), z(z_in) {}
  G2(const G2Affine& p);  // NOLINT: an affine point may stand wherever a point is wanted

  bool is_identity() const { return z.is_zero(); }
  G2 dbl() const;
  friend G2 operator+(const G2& a, const G2& b);
  /// Multiplies by a plain integer of any size, little-endian limbs.
  G2 mul(std::span<const std::uint64_t> scalar) const;
  G2Affine to_affine() const;
};

/// 128 bytes: x.c0, x.c1, y.c0, y.c1 in raw form.
std::array<std::uint8_t, 128> to_raw(const G2Affine& p);
/// Nothing when a coordinate is out of range or the point is off the curve; the subgroup is for the caller to check.
std::optional<G2Affine> g2_from_raw(std::span<const std::uint8_t, 128> bytes);

}  // namespace ezkl
