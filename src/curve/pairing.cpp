// Optimal ate pairing: Miller loop over 6x+2 in affine twist coordinates, then the final exponentiation with the
// decomposition of the hard part by Scott, Benger, Charlemagne, Dominguez Perez, Kachisa (ePrint 2008/490).
#include "curve/pairing.hpp"

#include <vector>

namespace ezkl {
namespace {

constexpr std::uint64_t bn_x = 4965661367192848881;
/// 6x + 2 = 2^64 + this
constexpr std::uint64_t ate_loop_low = 6 * bn_x + 2;

/// The running state of one pair in a shared Miller loop.
struct Pair {
  Fq px, py;
  Fq2 qx, qy;  ///< the point added
  Fq2 tx, ty;  ///< the running point
};

/// Inverts all denominators with one inversion.
void invert_all(std::vector<Fq2>& values) {
  std::vector<Fq2> before(values.size());
  Fq2 running = Fq2::one();
  for (std::size_t i = 0; i < values.size(); ++i) {
    before[i] = running;
    running = running * values[i];
  }
  running = running.inverse();
  for (std::size_t i = values.size(); i-- > 0;) {
    const Fq2 next = running * values[i];
    values[i] = running * before[i];
    running = next;
  }
}

/// Moves T along the line of slope `lambda` (whose other point has abscissa `other_x`) and multiplies f by the line's
/// value at P: untwisting sends (x, y) to (x w^2, y w^3), so it is yP - lambda xP w + (lambda xT - yT) w^3.
void step(Fq12& f, Pair& p, const Fq2& lambda, const Fq2& other_x) {
  f = f.mul_line(p.py, -(lambda * p.px), lambda * p.tx - p.ty);
  const Fq2 x3 = lambda.square() - p.tx - other_x;
  p.ty = lambda * (p.tx - x3) - p.ty;
  p.tx = x3;
}

void double_all(Fq12& f, std::vector<Pair>& pairs, std::vector<Fq2>& scratch) {
  for (std::size_t i = 0; i < pairs.size(); ++i) scratch[i] = pairs[i].ty.dbl();
  invert_all(scratch);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Fq2 xx = pairs[i].tx.square();
    step(f, pairs[i], (xx.dbl() + xx) * scratch[i], pairs[i].tx);
  }
}

void add_all(Fq12& f, std::vector<Pair>& pairs, std::vector<Fq2>& scratch) {
  for (std::size_t i = 0; i < pairs.size(); ++i) scratch[i] = pairs[i].qx - pairs[i].tx;
  invert_all(scratch);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    step(f, pairs[i], (pairs[i].qy - pairs[i].ty) * scratch[i], pairs[i].qx);
  }
}

/// The p-power map carried over to the twist.
void frobenius(Fq2& x, Fq2& y) {
  static const Fq2 unit_x = Fq12{{{}, Fq2::one(), {}}, {}}.frobenius().c0.c1;  // of w^2
  static const Fq2 unit_y = Fq12{{}, {{}, Fq2::one(), {}}}.frobenius().c1.c1;  // of w^3
  x = x.conjugate() * unit_x;
  y = y.conjugate() * unit_y;
}

Fq12 miller_loop(std::span<const std::pair<G1Affine, G2Affine>> input) {
  std::vector<Pair> pairs;
  for (const auto& entry : input) {
    if (entry.first.is_identity() || entry.second.is_identity()) continue;
    const G1Affine& p = entry.first;
    const G2Affine& q = entry.second;
    pairs.push_back({p.x, p.y, q.x, q.y, q.x, q.y});
  }
  std::vector<Fq2> scratch(pairs.size());
  Fq12 f = Fq12::one();
  for (int bit = 63; bit >= 0; --bit) {
    f = f.square();
    double_all(f, pairs, scratch);
    if (ate_loop_low >> bit & 1) add_all(f, pairs, scratch);
  }
  for (Pair& p : pairs) frobenius(p.qx, p.qy);
  add_all(f, pairs, scratch);
  for (Pair& p : pairs) {
    frobenius(p.qx, p.qy);
    p.qy = -p.qy;
  }
  add_all(f, pairs, scratch);
  return f;
}

Fq12 final_exponentiation(const Fq12& in) {
  // (p^6 - 1)(p^2 + 1); afterwards the conjugate is the inverse.
  Fq12 f = in.conjugate() * in.inverse();
  f = f.frobenius().frobenius() * f;
  // (p^4 - p^2 + 1) / r = p^3 + (6x^2 + 1) p^2 + (1 - 12x - 18x^2 - 36x^3) p - (2 + 18x + 30x^2 + 36x^3)
  const Fq12 fx = f.pow(bn_x), fx2 = fx.pow(bn_x), fx3 = fx2.pow(bn_x);
  const Fq12 fx_6 = fx.pow(6), fx2_6 = fx2.pow(6);
  const Fq12 fx2_18 = fx2_6.pow(3), fx3_36 = fx3.pow(36);
  const Fq12 part2 = fx2_6 * f;
  const Fq12 part1 = f * (fx_6.square() * fx2_18 * fx3_36).conjugate();
  const Fq12 part0 = (f.square() * fx_6.pow(3) * fx2_18 * fx2_6.square() * fx3_36).conjugate();
  const Fq12 p1 = part1.frobenius(), p2 = part2.frobenius().frobenius(), p3 = f.frobenius().frobenius().frobenius();
  return p3 * p2 * p1 * part0;
}

}  // namespace

Fq12 pairing(const G1Affine& p, const G2Affine& q) {
  const std::pair<G1Affine, G2Affine> one(p, q);
  return final_exponentiation(miller_loop(std::span(&one, 1)));
}

bool pairing_product_is_one(std::span<const std::pair<G1Affine, G2Affine>> pairs) {
  return final_exponentiation(miller_loop(pairs)) == Fq12::one();
}

}  // namespace ezkl
