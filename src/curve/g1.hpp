#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "field/fq.hpp"
#include "field/fr.hpp"

namespace ezkl {

/// A point of y^2 = x^3 + 3 over Fq; (0, 0) stands for the identity. The cofactor is 1.
struct G1Affine {
  Fq x, y;

  static G1Affine identity() { return {}; }
  static G1Affine generator() { return {Fq::from_u64(1), Fq::from_u64(2)}; }
  bool is_identity() const { return x.is_zero() && y.is_zero(); }
  bool on_curve() const;
  G1Affine operator-() const { return {x, -y}; }
  friend bool operator==(const G1Affine& a, const G1Affine& b) { return a.x == b.x && a.y == b.y; }
};

/// The same point in Jacobian coordinates: x = X/Z^2, y = Y/Z^3, Z = 0 for the identity.
struct G1 {
  Fq x, y, z;

  G1() : x(Fq::one()), y(Fq::one()) {}
  G1(const Fq& x_in, const Fq& y_in, const Fq& z_in) : x(x_in), y(y_in), z(z_in) {}
  G1(const G1Affine& p);  // NOLINT: an affine point may stand wherever a point is wanted

  static G1 identity() { return {}; }
  static G1 generator() { return G1Affine::generator(); }
  bool is_identity() const { return z.is_zero(); }
  G1 dbl() const;
  G1 operator-() const { return {x, -y, z}; }
  friend G1 operator+(const G1& a, const G1& b);
  friend G1 operator+(const G1& a, const G1Affine& b);
  friend G1 operator-(const G1& a, const G1& b) { return a + (-b); }
  G1& operator+=(const G1& b) { return *this = *this + b; }
  G1& operator+=(const G1Affine& b) { return *this = *this + b; }
  /// Equality of points, not of coordinates.
  friend bool operator==(const G1& a, const G1& b);
  G1 mul(const Fr& scalar) const;
  G1Affine to_affine() const;
};

/// out.size() == points.size(). One inversion a thread.
void batch_to_affine(std::span<const G1> points, std::span<G1Affine> out);

/// 64 bytes: x, y in raw form. The identity is all zeros.
std::array<std::uint8_t, 64> to_raw(const G1Affine& p);
/// Nothing when a coordinate is out of range or the point is off the curve.
std::optional<G1Affine> g1_from_raw(std::span<const std::uint8_t, 64> bytes);

/// 32 bytes: canonical x little-endian; in the last byte bit 7 = parity of y, bit 6 = identity.
std::array<std::uint8_t, 32> g1_compress(const G1Affine& p);
/// Nothing when the bytes are not exactly what g1_compress gives for some point.
std::optional<G1Affine> g1_decompress(std::span<const std::uint8_t, 32> bytes);

}  // namespace ezkl
