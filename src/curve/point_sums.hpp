#pragma once

#include "curve/kernels.hpp"

namespace ezkl {

/// points[index], negated when the index says so. Without a branch: signs of digits are random.
inline G1Affine signed_point(const G1Affine* points, std::uint32_t index) {
  const G1Affine& p = points[index & ~PairList::negated_bit];
  const Fq negated = -p.y;
  const std::uint64_t take = 0 - std::uint64_t(index >> 31);
  G1Affine out = p;
  for (int i = 0; i < 4; ++i) out.y.limb[i] ^= (p.y.limb[i] ^ negated.limb[i]) & take;
  return out;
}

/// What the sum of two points divides by, when they are an exceptional pair or not: x2 - x1 for an ordinary pair, 2 y
/// for a doubling, 1 where nothing is divided.
struct PairCase {
  enum class Kind : std::uint8_t { ordinary, doubling, left, right, identity } kind;
  Fq divisor;
};

inline PairCase classify(const G1Affine& p, const G1Affine& q) {
  using Kind = PairCase::Kind;
  if (q.is_identity()) return {Kind::left, Fq::one()};
  if (p.is_identity()) return {Kind::right, Fq::one()};
  if (!(p.x == q.x)) return {Kind::ordinary, q.x - p.x};
  if (p.y == q.y) return {Kind::doubling, p.y.dbl()};
  return {Kind::identity, Fq::one()};
}

/// The sum, given the inverse of classify's divisor.
template <class Mul>
G1Affine finish(const G1Affine& p, const G1Affine& q, PairCase::Kind kind, const Fq& inverse, Mul&& mul) {
  using Kind = PairCase::Kind;
  if (kind == Kind::left) return p;
  if (kind == Kind::right) return q;
  if (kind == Kind::identity) return {};
  Fq slope;
  if (kind == Kind::doubling) {
    const Fq xx = mul(p.x, p.x);
    slope = mul(xx.dbl() + xx, inverse);
  } else {
    slope = mul(q.y - p.y, inverse);
  }
  const Fq x3 = mul(slope, slope) - p.x - q.x;
  return {x3, mul(slope, p.x - x3) - p.y};
}

}  // namespace ezkl
