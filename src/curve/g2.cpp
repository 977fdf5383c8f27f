#include "curve/g2.hpp"

namespace ezkl {
namespace {

const Fq2& twist_b() {
  static const Fq2 b = Fq2{Fq::from_u64(3), Fq::zero()} * Fq2::xi().inverse();
  return b;
}

}  // namespace

G2Affine G2Affine::generator() {
  static const G2Affine g{{Fq::from_hex("0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
                           Fq::from_hex("0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2")},
                          {Fq::from_hex("0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"),
                           Fq::from_hex("0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b")}};
  return g;
}

bool G2Affine::on_curve() const { return is_identity() || y.square() == x.square() * x + twist_b(); }

bool G2Affine::in_subgroup() const { return on_curve() && G2(*this).mul(Fr::modulus).is_identity(); }

G2Affine G2Affine::mul(const Fr& scalar) const { return G2(*this).mul(scalar.to_canonical()).to_affine(); }

G2::G2(const G2Affine& p) : x(p.x), y(p.y), z(Fq2::one()) {
  if (p.is_identity()) *this = G2();
}

G2 G2::dbl() const {
  if (is_identity() || y.is_zero()) return {};
  const Fq2 a = x.square(), b = y.square(), c = b.square();
  const Fq2 d = ((x + b).square() - a - c).dbl();
  const Fq2 e = a.dbl() + a;
  const Fq2 x3 = e.square() - d.dbl();
  return {x3, e * (d - x3) - c.dbl().dbl().dbl(), (y * z).dbl()};
}

G2 operator+(const G2& a, const G2& b) {
  if (a.is_identity()) return b;
  if (b.is_identity()) return a;
  const Fq2 zz1 = a.z.square(), zz2 = b.z.square();
  const Fq2 u1 = a.x * zz2, u2 = b.x * zz1;
  const Fq2 s1 = a.y * b.z * zz2, s2 = b.y * a.z * zz1;
  const Fq2 h = u2 - u1, r = s2 - s1;
  if (h.is_zero()) return r.is_zero() ? a.dbl() : G2();
  const Fq2 hh = h.square(), hhh = h * hh, v = u1 * hh;
  const Fq2 x3 = r.square() - hhh - v.dbl();
  return {x3, r * (v - x3) - s1 * hhh, a.z * b.z * h};
}

G2 G2::mul(std::span<const std::uint64_t> scalar) const {
  G2 out;
  for (std::size_t i = scalar.size(); i-- > 0;) {
    for (int bit = 63; bit >= 0; --bit) {
      out = out.dbl();
      if (scalar[i] >> bit & 1) out = out + *this;
    }
  }
  return out;
}

G2Affine G2::to_affine() const {
  if (is_identity()) return {};
  const Fq2 zi = z.inverse(), zi2 = zi.square();
  return {x * zi2, y * zi2 * zi};
}

}  // namespace ezkl
