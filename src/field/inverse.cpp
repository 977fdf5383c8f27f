#include "field/inverse.hpp"

namespace ezkl::detail {
namespace {

constexpr int batch = 62;
constexpr std::uint64_t mask62 = (std::uint64_t{1} << batch) - 1;

/// Signed integer of five limbs of 62 bits; the top one carries the sign.
struct Signed62 {
  std::int64_t v[5];

  static Signed62 of(const Limbs& x) {
    const auto limb = [](std::uint64_t bits) { return std::int64_t(bits & mask62); };
    return {{limb(x[0]), limb(x[0] >> 62 | x[1] << 2), limb(x[1] >> 60 | x[2] << 4), limb(x[2] >> 58 | x[3] << 6),
             std::int64_t(x[3] >> 56)}};
  }
  /// For values of 0 .. 2^256 - 1.
  Limbs limbs() const {
    const auto u = [this](int i) { return std::uint64_t(v[i]); };
    return {u(0) | u(1) << 62, u(1) >> 2 | u(2) << 60, u(2) >> 4 | u(3) << 58, u(3) >> 6 | u(4) << 56};
  }
  bool is_zero() const { return (v[0] | v[1] | v[2] | v[3] | v[4]) == 0; }
  bool is_negative() const { return v[4] < 0; }
  std::uint64_t low() const { return std::uint64_t(v[0]) | std::uint64_t(v[1]) << 62; }
  /// this + factor * other
  void add(const Signed62& other, std::int64_t factor) {
    Int128 carry = 0;
    for (int i = 0; i < 5; ++i) {
      carry += Int128(other.v[i]) * factor + v[i];
      v[i] = i < 4 ? std::int64_t(std::uint64_t(carry) & mask62) : std::int64_t(carry);
      carry >>= batch;
    }
  }
};

/// What a batch of steps does: 2^62 f' = u f + v g and 2^62 g' = q f + r g.
struct Matrix {
  std::int64_t u, v, q, r;
};

/// 62 steps on the low bits; `zeta` is -(delta + 1/2). Without branches: their outcome is as good as random.
Matrix steps(std::int64_t& zeta, std::uint64_t f, std::uint64_t g) {
  std::uint64_t u = 1, v = 0, q = 0, r = 1;
  for (int i = 0; i < batch; ++i) {
    const std::uint64_t odd = 0 - (g & 1);
    const std::uint64_t swap = odd & std::uint64_t(zeta >> 63);
    // swap: (f, g) becomes (g, -f)
    const auto exchange = [swap](std::uint64_t& a, std::uint64_t& b) {
      const std::uint64_t difference = (a ^ b) & swap;
      a ^= difference;
      b = ((b ^ difference) ^ swap) - swap;
    };
    exchange(f, g);
    exchange(u, q);
    exchange(v, r);
    zeta = std::int64_t(std::uint64_t(zeta) ^ swap) - 1;
    g = std::uint64_t((g + (f & odd)) >> 1);
    q += u & odd;
    r += v & odd;
    u <<= 1;
    v <<= 1;
  }
  return {std::int64_t(u), std::int64_t(v), std::int64_t(q), std::int64_t(r)};
}

/// (a x + b y) / 2^62, which is exact
Signed62 combine(std::int64_t a, const Signed62& x, std::int64_t b, const Signed62& y) {
  Signed62 out;
  Int128 sum = (Int128(a) * x.v[0] + Int128(b) * y.v[0]) >> batch;
  for (int i = 1; i < 5; ++i) {
    sum += Int128(a) * x.v[i] + Int128(b) * y.v[i];
    out.v[i - 1] = std::int64_t(std::uint64_t(sum) & mask62);
    sum >>= batch;
  }
  out.v[4] = std::int64_t(sum);
  return out;
}

/// (a x + b y) / 2^62 modulo p: a multiple of p clears the low bits. Grows by at most p a batch, which the five limbs
/// have room for.
Signed62 combine_mod(std::int64_t a, const Signed62& x, std::int64_t b, const Signed62& y, const Signed62& p,
                     std::uint64_t neg_inv) {
  Signed62 out;
  Int128 sum = Int128(a) * x.v[0] + Int128(b) * y.v[0];
  const std::int64_t k = std::int64_t(std::uint64_t(sum) * neg_inv & mask62);
  sum = (sum + Int128(k) * p.v[0]) >> batch;
  for (int i = 1; i < 5; ++i) {
    sum += Int128(a) * x.v[i] + Int128(b) * y.v[i] + Int128(k) * p.v[i];
    out.v[i - 1] = std::int64_t(std::uint64_t(sum) & mask62);
    sum >>= batch;
  }
  out.v[4] = std::int64_t(sum);
  return out;
}

}  // namespace

Limbs divide(const Limbs& scale, const Limbs& x, const Limbs& prime, std::uint64_t neg_inv) {
  // d x = f scale and e x = g scale (mod p) all the time; in the end g = 0 and f is 1 or -1.
  const Signed62 p = Signed62::of(prime);
  Signed62 f = p, g = Signed62::of(x), d{}, e = Signed62::of(scale);
  std::int64_t zeta = -1;
  while (!g.is_zero()) {
    const Matrix m = steps(zeta, f.low(), g.low());
    const Signed62 next_f = combine(m.u, f, m.v, g), next_d = combine_mod(m.u, d, m.v, e, p, neg_inv);
    g = combine(m.q, f, m.r, g);
    e = combine_mod(m.q, d, m.r, e, p, neg_inv);
    f = next_f;
    d = next_d;
  }
  if (f.is_negative()) {
    Signed62 negated{};
    negated.add(d, -1);
    d = negated;
  }
  while (d.is_negative()) d.add(p, 1);
  for (;;) {
    Signed62 less = d;
    less.add(p, -1);
    if (less.is_negative()) return d.limbs();
    d = less;
  }
}

}  // namespace ezkl::detail
