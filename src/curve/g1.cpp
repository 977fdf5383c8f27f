#include "curve/g1.hpp"

#include <vector>

#include "base/ensure.hpp"
#include "base/parallel.hpp"

namespace ezkl {

bool G1Affine::on_curve() const { return is_identity() || y.square() == x.square() * x + Fq::from_u64(3); }

G1::G1(const G1Affine& p) : x(p.x), y(p.y), z(Fq::one()) {
  if (p.is_identity()) *this = G1();
}

G1 G1::dbl() const {
  if (is_identity()) return *this;  // no point has order 2: y is never 0
  const Fq a = x.square(), b = y.square(), c = b.square();
  const Fq d = ((x + b).square() - a - c).dbl();
  const Fq e = a.dbl() + a;
  const Fq x3 = e.square() - d.dbl();
  return {x3, e * (d - x3) - c.dbl().dbl().dbl(), (y * z).dbl()};
}

G1 operator+(const G1& a, const G1& b) {
  if (a.is_identity()) return b;
  if (b.is_identity()) return a;
  const Fq zz1 = a.z.square(), zz2 = b.z.square();
  const Fq u1 = a.x * zz2, u2 = b.x * zz1;
  const Fq s1 = a.y * b.z * zz2, s2 = b.y * a.z * zz1;
  const Fq h = u2 - u1, r = s2 - s1;
  if (h.is_zero()) return r.is_zero() ? a.dbl() : G1::identity();
  const Fq hh = h.square(), hhh = h * hh, v = u1 * hh;
  const Fq x3 = r.square() - hhh - v.dbl();
  return {x3, r * (v - x3) - s1 * hhh, a.z * b.z * h};
}

G1 operator+(const G1& a, const G1Affine& b) {
  if (b.is_identity()) return a;
  if (a.is_identity()) return b;
  const Fq zz = a.z.square();
  const Fq h = b.x * zz - a.x, r = b.y * a.z * zz - a.y;
  if (h.is_zero()) return r.is_zero() ? a.dbl() : G1::identity();
  const Fq hh = h.square(), hhh = h * hh, v = a.x * hh;
  const Fq x3 = r.square() - hhh - v.dbl();
  return {x3, r * (v - x3) - a.y * hhh, a.z * h};
}

bool operator==(const G1& a, const G1& b) {
  if (a.is_identity() || b.is_identity()) return a.is_identity() == b.is_identity();
  const Fq zz1 = a.z.square(), zz2 = b.z.square();
  return a.x * zz2 == b.x * zz1 && a.y * zz2 * b.z == b.y * zz1 * a.z;
}

G1 G1::mul(const Fr& scalar) const {
  G1 table[16];  // table[i] = i times this
  for (int i = 1; i < 16; ++i) table[i] = table[i - 1] + *this;
  const auto digits = scalar.to_canonical();
  G1 out;
  for (int i = 63; i >= 0; --i) {
    for (int j = 0; j < 4; ++j) out = out.dbl();
    out += table[digits[std::size_t(i) / 16] >> (4 * (i % 16)) & 15];
  }
  return out;
}

G1Affine G1::to_affine() const {
  if (is_identity()) return {};
  const Fq zi = z.inverse(), zi2 = zi.square();
  return {x * zi2, y * zi2 * zi};
}

void batch_to_affine(std::span<const G1> points, std::span<G1Affine> out) {
  EZKL_ENSURE(points.size() == out.size(), "batch_to_affine: one place for every point");
  std::vector<Fq> inverses(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) inverses[i] = points[i].z;
  batch_invert(inverses);
  parallel_for(points.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Fq zi2 = inverses[i].square();
      out[i] = {points[i].x * zi2, points[i].y * zi2 * inverses[i]};
    }
  });
}

}  // namespace ezkl
