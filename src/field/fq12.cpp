#include "field/fq12.hpp"

#include <array>

namespace ezkl {
namespace {

/// xi^(k (p-1)/6): what the power p makes of w^k.
const std::array<Fq2, 6>& frobenius_factors() {
  static const std::array<Fq2, 6> factors = [] {
    detail::Limbs exponent = Fq::modulus;  // (p - 1) / 6, by long division from the top
    exponent[0] -= 1;
    Uint128 rest = 0;
    for (std::size_t i = 4; i-- > 0;) {
      const Uint128 part = rest << 64 | exponent[i];
      exponent[i] = std::uint64_t(part / 6);
      rest = part % 6;
    }
    std::array<Fq2, 6> out{Fq2::one(), Fq2::xi().pow(exponent)};
    for (std::size_t k = 2; k < 6; ++k) out[k] = out[k - 1] * out[1];
    return out;
  }();
  return factors;
}

}  // namespace

Fq12 operator*(const Fq12& a, const Fq12& b) {
  const Fq6 t0 = a.c0 * b.c0, t1 = a.c1 * b.c1;
  return {t0 + t1.mul_v(), (a.c0 + a.c1) * (b.c0 + b.c1) - t0 - t1};
}

Fq12 Fq12::square() const {
  const Fq6 t = c0 * c1;
  return {(c0 + c1) * (c0 + c1.mul_v()) - t - t.mul_v(), t + t};
}

Fq12 Fq12::mul_line(const Fq& l0, const Fq2& l1, const Fq2& l3) const {
  // The line is l0 + (l1 + l3 v) w.
  const Fq6 t0{c0.c0 * l0, c0.c1 * l0, c0.c2 * l0};
  const Fq6 t1 = c1.mul_by_01(l1, l3);
  const Fq6 sum = (c0 + c1).mul_by_01({l0 + l1.c0, l1.c1}, l3);
  return {t0 + t1.mul_v(), sum - t0 - t1};
}

Fq12 Fq12::inverse() const {
  const Fq6 scale = (c0 * c0 - (c1 * c1).mul_v()).inverse();
  return {c0 * scale, -(c1 * scale)};
}

Fq12 Fq12::frobenius() const {
  const auto& f = frobenius_factors();
  return {{c0.c0.conjugate(), c0.c1.conjugate() * f[2], c0.c2.conjugate() * f[4]},
          {c1.c0.conjugate() * f[1], c1.c1.conjugate() * f[3], c1.c2.conjugate() * f[5]}};
}

Fq12 Fq12::pow(std::uint64_t exponent) const {
  Fq12 out = one();
  for (int bit = 63; bit >= 0; --bit) {
    out = out.square();
    if (exponent >> bit & 1) out = out * *this;
  }
  return out;
}

}  // namespace ezkl
