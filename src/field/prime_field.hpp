#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/cpu.hpp"
#include "base/int128.hpp"

namespace ezkl {

namespace detail {

using Limbs = std::array<std::uint64_t, 4>;

constexpr bool limbs_less(const std::uint64_t* a, const std::uint64_t* b) {
  for (int i = 3; i >= 0; --i) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

/// Four-limb integer of 64 hexadecimal digits at most; anything else is a compile-time error in constants.
constexpr Limbs limbs_from_hex(std::string_view text) {
  Limbs out{};
  if (text.substr(0, 2) == "0x") text.remove_prefix(2);
  if (text.empty() || text.size() > 64) throw "a hexadecimal constant has 1 to 64 digits";
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) throw "not a hexadecimal digit";
    for (int i = 3; i > 0; --i) out[i] = out[i] << 4 | out[i - 1] >> 60;
    out[0] = out[0] << 4 | std::uint64_t(digit);
  }
  return out;
}

}  // namespace detail

/// An element of a prime field of 254 bits, in Montgomery form with radix 2^256, always reduced. `Modulus` gives
/// `value` (the prime) as limbs. Two fields share this one body: Fr (field/fr.hpp) and Fq (field/fq.hpp).
template <class Modulus>
struct PrimeField {
  using Limbs = detail::Limbs;

  std::uint64_t limb[4] = {0, 0, 0, 0};

  // --- constants -------------------------------------------------------------------------------------------------
  static constexpr Limbs modulus = Modulus::value;
  /// -1 / modulus mod 2^64
  static constexpr std::uint64_t neg_inv = [] {
    std::uint64_t x = 1;
    for (int i = 0; i < 6; ++i) x *= 2 - Modulus::value[0] * x;
    return ~x + 1;
  }();
  /// 2^exponent mod modulus, as a plain integer
  static constexpr Limbs power_of_two(int exponent) {
    Limbs v{1, 0, 0, 0};
    for (int i = 0; i < exponent; ++i) {
      for (int j = 3; j > 0; --j) v[j] = v[j] << 1 | v[j - 1] >> 63;
      v[0] <<= 1;
      if (!detail::limbs_less(v.data(), modulus.data())) subtract_modulus(v.data());
    }
    return v;
  }
  static constexpr Limbs r1 = power_of_two(256);
  static constexpr Limbs r2 = power_of_two(512);
  static constexpr Limbs r3 = power_of_two(768);

  static constexpr PrimeField zero() { return {}; }
  static constexpr PrimeField one() { return from_limbs(r1); }
  static constexpr PrimeField from_u64(std::uint64_t v) { return from_limbs({v, 0, 0, 0}) * from_limbs(r2); }
  static constexpr PrimeField from_i64(std::int64_t v) {
    return v < 0 ? -from_u64(~std::uint64_t(v) + 1) : from_u64(std::uint64_t(v));
  }
  static constexpr PrimeField from_i128(Int128 v) {
    const Uint128 u = v < 0 ? ~Uint128(v) + 1 : Uint128(v);
    const PrimeField out = from_limbs({std::uint64_t(u), std::uint64_t(u >> 64), 0, 0}) * from_limbs(r2);
    return v < 0 ? -out : out;
  }
  /// For constants in the source: "0x" and up to 64 lower-case digits, below the modulus.
  static constexpr PrimeField from_hex(std::string_view text) {
    return from_limbs(detail::limbs_from_hex(text)) * from_limbs(r2);
  }

  // --- arithmetic ------------------------------------------------------------------------------------------------
  friend constexpr PrimeField operator+(const PrimeField& a, const PrimeField& b) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) return add_x86(a, b);
#endif
    return add_portable(a, b);
  }
  friend constexpr PrimeField operator-(const PrimeField& a, const PrimeField& b) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) return sub_x86(a, b);
#endif
    return sub_portable(a, b);
  }
  constexpr PrimeField operator-() const { return PrimeField{} - *this; }
  friend constexpr PrimeField operator*(const PrimeField& a, const PrimeField& b) {
    if (!std::is_constant_evaluated() && detail::use_adx) return mul_adx(a, b);
    return mul_portable(a, b);
  }
  constexpr PrimeField& operator+=(const PrimeField& b) { return *this = *this + b; }
  constexpr PrimeField& operator-=(const PrimeField& b) { return *this = *this - b; }
  constexpr PrimeField& operator*=(const PrimeField& b) { return *this = *this * b; }
  constexpr PrimeField square() const { return *this * *this; }
  constexpr PrimeField dbl() const { return *this + *this; }
  friend constexpr bool operator==(const PrimeField& a, const PrimeField& b) {
    return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) | (a.limb[3] ^ b.limb[3])) == 0;
  }
  constexpr bool is_zero() const { return (limb[0] | limb[1] | limb[2] | limb[3]) == 0; }

  /// this^exponent, the exponent little-endian in limbs. 0^0 is 1. Not constant-time.
  constexpr PrimeField pow(std::span<const std::uint64_t> exponent) const {
    PrimeField out = one();
    bool started = false;
    for (std::size_t i = exponent.size(); i-- > 0;) {
      for (int bit = 63; bit >= 0; --bit) {
        if (started) out = out.square();
        if (exponent[i] >> bit & 1) {
          out = started ? out * *this : *this;
          started = true;
        }
      }
    }
    return out;
  }
  constexpr PrimeField pow(std::uint64_t exponent) const { return pow(std::span<const std::uint64_t>(&exponent, 1)); }
  /// 1 / this; 0 gives 0.
  PrimeField inverse() const;
  /// A square root, or nothing for a non-residue. Only for primes that are 3 mod 4.
  std::optional<PrimeField> sqrt() const requires((Modulus::value[0] & 3) == 3);

  // --- encodings -------------------------------------------------------------------------------------------------
  /// The plain integer, least significant limb first.
  constexpr Limbs to_canonical() const {
    const PrimeField v = *this * from_limbs({1, 0, 0, 0});
    return {v.limb[0], v.limb[1], v.limb[2], v.limb[3]};
  }
  /// Nothing when the integer is not below the modulus.
  static constexpr std::optional<PrimeField> from_canonical(const Limbs& v) {
    if (!detail::limbs_less(v.data(), modulus.data())) return std::nullopt;
    return from_limbs(v) * from_limbs(r2);
  }
  std::array<std::uint8_t, 32> to_bytes_le() const;
  std::array<std::uint8_t, 32> to_bytes_be() const;
  static std::optional<PrimeField> from_bytes_le(std::span<const std::uint8_t, 32> bytes);
  static std::optional<PrimeField> from_bytes_be(std::span<const std::uint8_t, 32> bytes);
  /// The form of key and SRS files: Montgomery limbs, little-endian.
  std::array<std::uint8_t, 32> to_raw() const;
  static std::optional<PrimeField> from_raw(std::span<const std::uint8_t, 32> bytes);
  /// A little-endian integer of 64 bytes, reduced.
  static PrimeField from_uniform_bytes(std::span<const std::uint8_t, 64> bytes);
  /// "0x" and 64 digits, most significant first.
  std::string to_hex_be() const;
  /// The signed value v with |v| < 2^63, if this element is one (values above the half stand for negative numbers).
  std::optional<std::int64_t> to_small() const;
  /// Signed 128-bit value as the published package reads it: exact from -2^127 to 2^127-1, low bits only outside.
  Int128 to_int128_lossy() const;

  // --- constants of the scalar field -------------------------------------------------------------------------------
  /// Generates the 2^28-th roots of unity.
  static const PrimeField& root_of_unity() requires Modulus::scalar_field {
    static constexpr PrimeField v = from_hex("0x03ddb9f5166d18b798865ea93dd31f743215cf6dd39329c8d34f1ed960c37c9c");
    return v;
  }
  /// 7^(2^28): tells permutation columns apart.
  static const PrimeField& delta() requires Modulus::scalar_field {
    static constexpr PrimeField v = from_hex("0x09226b6e22c6f0ca64ec26aad4c86e715b5f898e5e963f25870e56bbe533e9a2");
    return v;
  }
  static const PrimeField& generator() requires Modulus::scalar_field {
    static constexpr PrimeField v = from_u64(7);
    return v;
  }
  /// The cube root of 1 that shifts the extended domain.
  static const PrimeField& zeta() requires Modulus::scalar_field {
    static constexpr PrimeField v = from_hex("0x30644e72e131a029048b6e193fd84104cc37a73fec2bc5e9b8ca0b2d36636f23");
    return v;
  }
  static constexpr unsigned two_adicity = 28;

  /// Takes limbs that already are a reduced Montgomery form.
  static constexpr PrimeField from_limbs(const Limbs& v) {
    PrimeField out;
    for (int i = 0; i < 4; ++i) out.limb[i] = v[i];
    return out;
  }

  static constexpr PrimeField add_portable(const PrimeField& a, const PrimeField& b) {
    PrimeField out;
    Uint128 c = 0;
    for (int i = 0; i < 4; ++i) {
      c += Uint128(a.limb[i]) + b.limb[i];
      out.limb[i] = std::uint64_t(c);
      c >>= 64;
    }
    reduce_once(out.limb);  // both below 2^254: the sum fits four limbs
    return out;
  }
  static constexpr PrimeField sub_portable(const PrimeField& a, const PrimeField& b) {
    PrimeField out;
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; ++i) {
      const Uint128 d = Uint128(a.limb[i]) - b.limb[i] - borrow;
      out.limb[i] = std::uint64_t(d);
      borrow = std::uint64_t(d >> 64) & 1;
    }
    const std::uint64_t mask = 0 - borrow;
    Uint128 c = 0;
    for (int i = 0; i < 4; ++i) {
      c += Uint128(out.limb[i]) + (modulus[i] & mask);
      out.limb[i] = std::uint64_t(c);
      c >>= 64;
    }
    return out;
  }
  static constexpr PrimeField mul_portable(const PrimeField& a, const PrimeField& b);
#if defined(__x86_64__)
  static PrimeField add_x86(const PrimeField& a, const PrimeField& b);
  static PrimeField sub_x86(const PrimeField& a, const PrimeField& b);
#endif
  /// Needs cpu_adx.
  static PrimeField mul_adx(const PrimeField& a, const PrimeField& b);

 private:
  static constexpr void subtract_modulus(std::uint64_t* v) {
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; ++i) {
      const Uint128 d = Uint128(v[i]) - modulus[i] - borrow;
      v[i] = std::uint64_t(d);
      borrow = std::uint64_t(d >> 64) & 1;
    }
  }
  /// v mod m for v < 2m, without a branch: the outcome is random, so a branch would be mispredicted half the time.
  static constexpr void reduce_once(std::uint64_t* v) {
    std::uint64_t t[4] = {};
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; ++i) {
      const Uint128 d = Uint128(v[i]) - modulus[i] - borrow;
      t[i] = std::uint64_t(d);
      borrow = std::uint64_t(d >> 64) & 1;
    }
    const std::uint64_t keep = 0 - borrow;
    for (int i = 0; i < 4; ++i) v[i] = (v[i] & keep) | (t[i] & ~keep);
  }
};

/// Montgomery's product, operand scanning: the modulus leaves two top bits free, so the running value never needs a
/// fifth limb between rounds.
template <class Modulus>
constexpr PrimeField<Modulus> PrimeField<Modulus>::mul_portable(const PrimeField& a, const PrimeField& b) {
  std::uint64_t t[4] = {0, 0, 0, 0};
  for (int i = 0; i < 4; ++i) {
    Uint128 c = Uint128(a.limb[i]) * b.limb[0] + t[0];
    const std::uint64_t low = std::uint64_t(c);
    std::uint64_t carry_a = std::uint64_t(c >> 64);
    const std::uint64_t q = low * neg_inv;
    c = Uint128(q) * modulus[0] + low;
    std::uint64_t carry_m = std::uint64_t(c >> 64);
    for (int j = 1; j < 4; ++j) {
      c = Uint128(a.limb[i]) * b.limb[j] + t[j] + carry_a;
      carry_a = std::uint64_t(c >> 64);
      c = Uint128(q) * modulus[j] + std::uint64_t(c) + carry_m;
      carry_m = std::uint64_t(c >> 64);
      t[j - 1] = std::uint64_t(c);
    }
    t[3] = carry_a + carry_m;
  }
  PrimeField out;
  for (int i = 0; i < 4; ++i) out.limb[i] = t[i];
  reduce_once(out.limb);
  return out;
}

#if defined(__x86_64__)

/// Carry chains that compilers do not find in the portable form.
template <class Modulus>
inline PrimeField<Modulus> PrimeField<Modulus>::add_x86(const PrimeField& a, const PrimeField& b) {
  std::uint64_t t0 = a.limb[0], t1 = a.limb[1], t2 = a.limb[2], t3 = a.limb[3], s0, s1, s2, s3;
  __asm__ __inline__(
      "addq %[b0], %[t0]\n"
      "adcq %[b1], %[t1]\n"
      "adcq %[b2], %[t2]\n"
      "adcq %[b3], %[t3]\n"
      "movq %[t0], %[s0]\n"
      "movq %[t1], %[s1]\n"
      "movq %[t2], %[s2]\n"
      "movq %[t3], %[s3]\n"
      "subq %[m0], %[s0]\n"
      "sbbq %[m1], %[s1]\n"
      "sbbq %[m2], %[s2]\n"
      "sbbq %[m3], %[s3]\n"
      "cmovncq %[s0], %[t0]\n"
      "cmovncq %[s1], %[t1]\n"
      "cmovncq %[s2], %[t2]\n"
      "cmovncq %[s3], %[t3]\n"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [s0] "=&r"(s0), [s1] "=&r"(s1), [s2] "=&r"(s2),
        [s3] "=&r"(s3)
      : [b0] "m"(b.limb[0]), [b1] "m"(b.limb[1]), [b2] "m"(b.limb[2]), [b3] "m"(b.limb[3]), [m0] "m"(modulus[0]),
        [m1] "m"(modulus[1]), [m2] "m"(modulus[2]), [m3] "m"(modulus[3])
      : "cc");
  return from_limbs({t0, t1, t2, t3});
}

template <class Modulus>
inline PrimeField<Modulus> PrimeField<Modulus>::sub_x86(const PrimeField& a, const PrimeField& b) {
  std::uint64_t t0 = a.limb[0], t1 = a.limb[1], t2 = a.limb[2], t3 = a.limb[3], s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  __asm__ __inline__(
      "subq %[b0], %[t0]\n"
      "sbbq %[b1], %[t1]\n"
      "sbbq %[b2], %[t2]\n"
      "sbbq %[b3], %[t3]\n"
      "cmovcq %[m0], %[s0]\n"
      "cmovcq %[m1], %[s1]\n"
      "cmovcq %[m2], %[s2]\n"
      "cmovcq %[m3], %[s3]\n"
      "addq %[s0], %[t0]\n"
      "adcq %[s1], %[t1]\n"
      "adcq %[s2], %[t2]\n"
      "adcq %[s3], %[t3]\n"
      : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2),
        [s3] "+&r"(s3)
      : [b0] "m"(b.limb[0]), [b1] "m"(b.limb[1]), [b2] "m"(b.limb[2]), [b3] "m"(b.limb[3]), [m0] "m"(modulus[0]),
        [m1] "m"(modulus[1]), [m2] "m"(modulus[2]), [m3] "m"(modulus[3])
      : "cc");
  return from_limbs({t0, t1, t2, t3});
}

/// mul_portable in one block of assembly: two carry chains run side by side, the low halves of the products through
/// adox, the high halves through adcx. Compilers make neither use of both chains nor keep the five accumulators in
/// place.
template <class Modulus>
inline PrimeField<Modulus> PrimeField<Modulus>::mul_adx(const PrimeField& a, const PrimeField& b) {
// t4:t3..t0 += a * rdx; flags clear at the start
#define EZKL_MONT_PRODUCT          \
  "xorl %k[lo], %k[lo]\n"          \
  "mulxq 0(%[a]), %[lo], %[t4]\n"  \
  "adoxq %[lo], %[t0]\n"           \
  "adcxq %[t4], %[t1]\n"           \
  "mulxq 8(%[a]), %[lo], %[t4]\n"  \
  "adoxq %[lo], %[t1]\n"           \
  "adcxq %[t4], %[t2]\n"           \
  "mulxq 16(%[a]), %[lo], %[t4]\n" \
  "adoxq %[lo], %[t2]\n"           \
  "adcxq %[t4], %[t3]\n"           \
  "mulxq 24(%[a]), %[lo], %[t4]\n" \
  "adoxq %[lo], %[t3]\n"           \
  "movl $0, %k[lo]\n"              \
  "adcxq %[lo], %[t4]\n"           \
  "adoxq %[lo], %[t4]\n"
// t3..t0 = (t4:t3..t0 + q * modulus) / 2^64
#define EZKL_MONT_REDUCE        \
  "movq %[t0], %%rdx\n"         \
  "imulq %[inv], %%rdx\n"       \
  "xorl %k[lo], %k[lo]\n"       \
  "mulxq %[m0], %[lo], %[hi]\n" \
  "adcxq %[t0], %[lo]\n"        \
  "movq %[hi], %[t0]\n"         \
  "adcxq %[t1], %[t0]\n"        \
  "mulxq %[m1], %[lo], %[t1]\n" \
  "adoxq %[lo], %[t0]\n"        \
  "adcxq %[t2], %[t1]\n"        \
  "mulxq %[m2], %[lo], %[t2]\n" \
  "adoxq %[lo], %[t1]\n"        \
  "adcxq %[t3], %[t2]\n"        \
  "mulxq %[m3], %[lo], %[t3]\n" \
  "adoxq %[lo], %[t2]\n"        \
  "movl $0, %k[lo]\n"           \
  "adcxq %[lo], %[t3]\n"        \
  "adoxq %[t4], %[t3]\n"
  static constexpr std::uint64_t inv = neg_inv;  // in memory: clang runs out of registers otherwise
  std::uint64_t t0, t1, t2, t3, t4, lo, hi;
  __asm__ __inline__(
      "movq 0(%[b]), %%rdx\n"
      "mulxq 0(%[a]), %[t0], %[t1]\n"
      "mulxq 8(%[a]), %[lo], %[t2]\n"
      "addq %[lo], %[t1]\n"
      "mulxq 16(%[a]), %[lo], %[t3]\n"
      "adcq %[lo], %[t2]\n"
      "mulxq 24(%[a]), %[lo], %[t4]\n"
      "adcq %[lo], %[t3]\n"
      "adcq $0, %[t4]\n" EZKL_MONT_REDUCE "movq 8(%[b]), %%rdx\n" EZKL_MONT_PRODUCT EZKL_MONT_REDUCE
      "movq 16(%[b]), %%rdx\n" EZKL_MONT_PRODUCT EZKL_MONT_REDUCE
      "movq 24(%[b]), %%rdx\n" EZKL_MONT_PRODUCT EZKL_MONT_REDUCE
      // one subtraction, undone when it borrows
      "movq %[t0], %[t4]\n"
      "movq %[t1], %[lo]\n"
      "movq %[t2], %[hi]\n"
      "movq %[t3], %%rdx\n"
      "subq %[m0], %[t4]\n"
      "sbbq %[m1], %[lo]\n"
      "sbbq %[m2], %[hi]\n"
      "sbbq %[m3], %%rdx\n"
      "cmovncq %[t4], %[t0]\n"
      "cmovncq %[lo], %[t1]\n"
      "cmovncq %[hi], %[t2]\n"
      "cmovncq %%rdx, %[t3]\n"
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
      : [a] "r"(a.limb), [b] "r"(b.limb), "m"(a),
        "m"(b), [inv] "m"(inv), [m0] "m"(modulus[0]), [m1] "m"(modulus[1]), [m2] "m"(modulus[2]), [m3] "m"(modulus[3])
      : "rdx", "cc");
#undef EZKL_MONT_PRODUCT
#undef EZKL_MONT_REDUCE
  return from_limbs({t0, t1, t2, t3});
}

#else

template <class Modulus>
inline PrimeField<Modulus> PrimeField<Modulus>::mul_adx(const PrimeField& a, const PrimeField& b) {
  return mul_portable(a, b);
}

#endif

}  // namespace ezkl
