#pragma once

// Four field elements side by side in AVX2 registers: five signed limbs of 51 bits, each in a double, one register a
// limb. The unit that multiplies doubles gives products of 106 bits in two steps: adding 1.5 * 2^103 rounds a product
// to a multiple of 2^51, whose number stands in the low bits of the sum (`high`), and what was rounded away is exact
// (`low`). Halves are added up as 64-bit integers, bit patterns and all; what the patterns of the added constants come
// to is taken off beforehand. All of this is exact with the usual rounding to nearest.
//
// Stored elements keep their form (four limbs of 64 bits, Montgomery radix 2^256), but the product takes 255 bits off:
// of two loaded factors one has to be halved (load_half), or constants are prepared that way.
//
// Bounds are counted in units: a value of u units has limbs of magnitude u 2^50 at most and is itself within 0.54 u p.
// Loaded elements have 2 units, products 1, sums and differences what their operands have together. Factors may have
// u and v with u v <= 4; six units are the most that `reduced` and the stores take.
//
// Everything here is inlined into functions that carry EZKL_AVX2; none may be called unless cpu_bits() has cpu_avx2.

#if defined(__x86_64__)

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "field/prime_field.hpp"

#if defined(__clang__)
#define EZKL_UNROLL _Pragma("unroll")
#else
#define EZKL_UNROLL _Pragma("GCC unroll 16")
#endif

#define EZKL_AVX2 __attribute__((target("avx2,fma")))
#define EZKL_AVX2_INLINE EZKL_AVX2 __attribute__((always_inline)) inline

namespace ezkl::avx2 {

constexpr std::size_t lanes = 4;
constexpr int limb_bits = 51;
constexpr std::uint64_t limb_mask = (std::uint64_t{1} << limb_bits) - 1;
constexpr std::uint64_t half_limb = std::uint64_t{1} << (limb_bits - 1);

/// Four values as limbs in doubles.
struct Vec {
  __m256d l[5];
};

/// Four integers of four 64-bit limbs.
struct Raw {
  __m256i x[4];
};

/// Four integers of five limbs of 51 bits, the top one signed.
struct Limbs51 {
  __m256i l[5];
};

/// Rounds what it is added to (up to 2^102) to multiples of 2^51.
constexpr double high_shift = 0x1.8p103;
/// Puts integers of up to 2^51 into the low bits of a double.
constexpr double low_shift = 0x1.8p52;
constexpr std::uint64_t high_pattern = std::bit_cast<std::uint64_t>(high_shift);
constexpr std::uint64_t low_pattern = std::bit_cast<std::uint64_t>(low_shift);
/// Makes columns positive, so that a logical shift carries; the next column gets carry_bias too much.
constexpr std::uint64_t bias = std::uint64_t{1} << 62, carry_bias = bias >> limb_bits;

/// A constant as memory operand: compilers run out of registers.
template <class T>
struct alignas(32) Splat {
  T v[lanes] = {};
  constexpr Splat() = default;
  constexpr Splat(T value) {  // NOLINT: stands for the value
    for (T& x : v) x = value;
  }
};

EZKL_AVX2_INLINE __m256i get(const Splat<std::uint64_t>& s) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(s.v));
}
EZKL_AVX2_INLINE __m256d get(const Splat<double>& s) { return _mm256_load_pd(s.v); }
EZKL_AVX2_INLINE __m256i splat(std::uint64_t v) { return _mm256_set1_epi64x((long long)v); }
EZKL_AVX2_INLINE __m256d splat(double v) { return _mm256_set1_pd(v); }
EZKL_AVX2_INLINE __m256d as_doubles(__m256i v) { return _mm256_castsi256_pd(v); }
EZKL_AVX2_INLINE __m256i as_integers(__m256d v) { return _mm256_castpd_si256(v); }

/// Five limbs of 51 bits of an integer below 2^256.
constexpr std::array<std::uint64_t, 5> limbs51(const detail::Limbs& x) {
  return {x[0] & limb_mask, (x[0] >> 51 | x[1] << 13) & limb_mask, (x[1] >> 38 | x[2] << 26) & limb_mask,
          (x[2] >> 25 | x[3] << 39) & limb_mask, x[3] >> 12};
}

/// v / 2 mod p, for v below p.
template <class F>
constexpr detail::Limbs halved(const detail::Limbs& v) {
  const std::uint64_t odd = 0 - (v[0] & 1);
  detail::Limbs out{};
  Uint128 carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += Uint128(v[i]) + (F::modulus[i] & odd);
    out[i] = std::uint64_t(carry);
    carry >>= 64;
  }
  for (std::size_t i = 0; i < 4; ++i) out[i] = out[i] >> 1 | (i < 3 ? out[i + 1] << 63 : 0);
  return out;
}

/// What the product needs to know of a field.
template <class F>
struct Field51 {
  Splat<std::uint64_t> plain[5];  ///< limbs of p
  Splat<double> p[5];             ///< the same, centred: within 2^50
  Splat<double> half[5];          ///< (p + 1) / 2, all limbs but the top one from -2^51 to 0
  Splat<double> fold[4][5];       ///< 2^(-51 (m+1)) mod p, from -p/2 to p/2, centred
  Splat<double> neg_inv;          ///< -1/p mod 2^51, centred
  Splat<double> quotient;         ///< 2^204 / p: a top limb times this is the quotient by p
  Splat<double> last;             ///< 2^255 / p

  constexpr Field51() {
    const auto& m = F::modulus;
    const auto limbs = limbs51(m);
    for (std::size_t i = 0; i < 5; ++i) plain[i] = limbs[i];
    const double size = double(limbs[4]) + double(limbs[3]) * 0x1p-51;  // p / 2^204
    quotient = 1 / size;
    last = 0x1p51 / size;
    centre(m, false, p);
    const std::uint64_t inv = F::neg_inv & limb_mask;
    neg_inv = inv >> 50 != 0 ? -double(limb_mask + 1 - inv) : double(inv);
    // halving 1 again and again
    detail::Limbs v{1, 0, 0, 0};
    for (std::size_t k = 0; k < 4; ++k) {
      for (int i = 0; i < limb_bits; ++i) v = halved<F>(v);
      detail::Limbs rest{};
      std::uint64_t borrow = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        const Uint128 d = Uint128(m[i]) - v[i] - borrow;
        rest[i] = std::uint64_t(d);
        borrow = std::uint64_t(d >> 64) & 1;
      }
      const bool negative = detail::limbs_less(rest.data(), v.data());
      centre(negative ? rest : v, negative, fold[k]);
    }
    const auto h = limbs51(halved<F>({1, 0, 0, 0}));
    for (std::size_t i = 0; i < 5; ++i) half[i] = double(h[i]) + (i > 0 ? 1 : 0) - (i < 4 ? 0x1p51 : 0);
  }

 private:
  static constexpr void centre(const detail::Limbs& x, bool negative, Splat<double>* out) {
    const auto limbs = limbs51(x);
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      double v = double(limbs[i] + carry);
      carry = i < 4 && limbs[i] + carry >= half_limb ? 1 : 0;
      if (carry != 0) v -= 0x1p51;
      out[i] = negative ? -v : v;
    }
  }
};

template <class F>
inline constexpr Field51<F> field51{};

/// Prepared factors: half of an element, as the representative of -p/2 .. p/2, plus half_limb at every limb. So they
/// are loaded with 1 unit, by load_prepared.
template <class F>
constexpr F prepared(const F& v) {
  constexpr std::uint64_t bit = 1;  // bits 50, 101, 152, 203, 254
  constexpr detail::Limbs offset{bit << 50, bit << 37, bit << 24, bit << 11 | bit << 62};
  const F half = F::from_limbs(halved<F>({v.limb[0], v.limb[1], v.limb[2], v.limb[3]})), negated = -half;
  const bool negative = detail::limbs_less(negated.limb, half.limb);
  F out;
  Uint128 carry = negative ? 1 : 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += Uint128(offset[i]) + (negative ? ~negated.limb[i] : half.limb[i]);
    out.limb[i] = std::uint64_t(carry);
    carry >>= 64;
  }
  return out;
}

/// What the ten columns of a product start from: minus the patterns that will be added, plus what lets a logical shift
/// carry and makes limbs come out centred. `Square` says that products of two different limbs are added once.
template <bool Square>
struct Columns {
  Splat<std::uint64_t> start[10];
  constexpr Columns() {
    std::uint64_t v[10] = {};
    const auto pair = [&v](std::size_t i) {
      v[i] -= low_pattern;
      v[i + 1] -= high_pattern;
    };
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t j = Square ? i : 0; j < 5; ++j) pair(i + j);
      for (int m = 0; m < 4; ++m) pair(4 + i);  // the four folded limbs
      if (i > 0) pair(4 + i);                   // the multiple of p
    }
    v[5] -= high_pattern;
    for (std::size_t i = 0; i < 9; ++i) {
      v[i] += bias + half_limb;
      v[i + 1] -= carry_bias;
    }
    v[9] += low_pattern;
    for (std::size_t i = 0; i < 10; ++i) start[i] = v[i];
  }
};
template <bool Square>
inline constexpr Columns<Square> columns{};

/// The same for limbs that become integers, for values of any limbs (Wide) or of centred ones.
template <bool Wide>
struct Places {
  Splat<std::uint64_t> start[5];
  constexpr Places() {
    for (std::size_t i = 0; i < 5; ++i) {
      start[i] = (i < 4 ? bias : 0) - (i > 0 ? carry_bias + (Wide ? high_pattern : 0) : 0) - low_pattern;
    }
  }
};
template <bool Wide>
inline constexpr Places<Wide> places{};

/// Limb vectors of four elements given as one register an element.
EZKL_AVX2_INLINE Raw transpose(__m256i z0, __m256i z1, __m256i z2, __m256i z3) {
  const __m256i l0 = _mm256_unpacklo_epi64(z0, z1), h0 = _mm256_unpackhi_epi64(z0, z1);
  const __m256i l1 = _mm256_unpacklo_epi64(z2, z3), h1 = _mm256_unpackhi_epi64(z2, z3);
  return {{_mm256_permute2x128_si256(l0, l1, 0x20), _mm256_permute2x128_si256(h0, h1, 0x20),
           _mm256_permute2x128_si256(l0, l1, 0x31), _mm256_permute2x128_si256(h0, h1, 0x31)}};
}

/// The inverse of transpose: one register an element.
EZKL_AVX2_INLINE void untranspose(const Raw& r, __m256i out[4]) {
  const __m256i l0 = _mm256_unpacklo_epi64(r.x[0], r.x[1]), h0 = _mm256_unpackhi_epi64(r.x[0], r.x[1]);
  const __m256i l1 = _mm256_unpacklo_epi64(r.x[2], r.x[3]), h1 = _mm256_unpackhi_epi64(r.x[2], r.x[3]);
  out[0] = _mm256_permute2x128_si256(l0, l1, 0x20);
  out[1] = _mm256_permute2x128_si256(h0, h1, 0x20);
  out[2] = _mm256_permute2x128_si256(l0, l1, 0x31);
  out[3] = _mm256_permute2x128_si256(h0, h1, 0x31);
}

/// v - offset as a double, for v of 0 .. 2^52 - 1.
EZKL_AVX2_INLINE __m256d to_double(__m256i v, std::uint64_t offset) {
  return _mm256_sub_pd(as_doubles(_mm256_or_si256(v, splat(std::bit_cast<std::uint64_t>(0x1p52)))),
                       splat(0x1p52 + double(offset)));
}

/// (high 2^64 + low) >> Right, the lowest 64 bits of it.
template <int Right>
EZKL_AVX2_INLINE __m256i joined(__m256i low, __m256i high) {
  return _mm256_or_si256(_mm256_srli_epi64(low, Right), _mm256_slli_epi64(high, 64 - Right));
}

/// Limbs of r >> Shift, Shift 0 or 1, each minus Offset.
template <int Shift, std::uint64_t Offset>
EZKL_AVX2_INLINE Vec cut_at(const Raw& r) {
  const __m256i m = splat(limb_mask);
  return {{to_double(_mm256_and_si256(Shift == 0 ? r.x[0] : _mm256_srli_epi64(r.x[0], Shift), m), Offset),
           to_double(_mm256_and_si256(joined<51 + Shift>(r.x[0], r.x[1]), m), Offset),
           to_double(_mm256_and_si256(joined<38 + Shift>(r.x[1], r.x[2]), m), Offset),
           to_double(_mm256_and_si256(joined<25 + Shift>(r.x[2], r.x[3]), m), Offset),
           to_double(_mm256_srli_epi64(r.x[3], 12 + Shift), Offset)}};
}

/// Stored elements as they are: 2 units.
EZKL_AVX2_INLINE Vec cut(const Raw& r) { return cut_at<0, 0>(r); }

/// Half of the elements, mod p: 2 units.
template <class F>
EZKL_AVX2_INLINE Vec cut_half(const Raw& r) {
  const __m256d odd =
      as_doubles(_mm256_sub_epi64(splat(std::uint64_t{0}), _mm256_and_si256(r.x[0], splat(std::uint64_t{1}))));
  Vec out = cut_at<1, 0>(r);
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm256_add_pd(out.l[i], _mm256_and_pd(odd, get(field51<F>.half[i])));
  return out;
}

EZKL_AVX2_INLINE Raw paste(const Limbs51& v) {
  return {{_mm256_or_si256(v.l[0], _mm256_slli_epi64(v.l[1], 51)),
           _mm256_or_si256(_mm256_srli_epi64(v.l[1], 13), _mm256_slli_epi64(v.l[2], 38)),
           _mm256_or_si256(_mm256_srli_epi64(v.l[2], 26), _mm256_slli_epi64(v.l[3], 25)),
           _mm256_or_si256(_mm256_srli_epi64(v.l[3], 39), _mm256_slli_epi64(v.l[4], 12))}};
}

/// Four elements that lie next to each other, as stored.
template <class F>
EZKL_AVX2_INLINE Raw load_raw(const F* from) {
  const auto* const p = reinterpret_cast<const __m256i*>(from);
  return transpose(_mm256_loadu_si256(p), _mm256_loadu_si256(p + 1), _mm256_loadu_si256(p + 2),
                   _mm256_loadu_si256(p + 3));
}

template <class F>
EZKL_AVX2_INLINE Vec load(const F* from) {
  return cut(load_raw(from));
}

template <class F>
EZKL_AVX2_INLINE Vec load_half(const F* from) {
  return cut_half<F>(load_raw(from));
}

template <class F>
EZKL_AVX2_INLINE Vec load_prepared(const F* from) {
  return cut_at<0, half_limb>(load_raw(from));
}

template <class F>
EZKL_AVX2_INLINE void store_raw(F* to, const Raw& r) {
  __m256i z[4];
  untranspose(r, z);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) _mm256_storeu_si256(reinterpret_cast<__m256i*>(to) + i, z[i]);
}

/// One element in all lanes: 2 units.
template <class F>
EZKL_AVX2_INLINE Vec splat_element(const F& v) {
  return cut({{splat(v.limb[0]), splat(v.limb[1]), splat(v.limb[2]), splat(v.limb[3])}});
}

template <class F>
EZKL_AVX2_INLINE Vec splat_half(const F& v) {
  return cut_half<F>({{splat(v.limb[0]), splat(v.limb[1]), splat(v.limb[2]), splat(v.limb[3])}});
}

template <class F>
EZKL_AVX2_INLINE Vec splat_prepared(const F& v) {
  return cut_at<0, half_limb>({{splat(v.limb[0]), splat(v.limb[1]), splat(v.limb[2]), splat(v.limb[3])}});
}

/// to = from, for places in memory: gcc copies structures in smaller pieces than they are read in afterwards, and the
/// processor then waits for all of them.
EZKL_AVX2_INLINE void assign(Vec& to, const Vec& from) {
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) to.l[i] = from.l[i];
}

EZKL_AVX2_INLINE Vec add(const Vec& a, const Vec& b) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm256_add_pd(a.l[i], b.l[i]);
  return out;
}

EZKL_AVX2_INLINE Vec sub(const Vec& a, const Vec& b) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm256_sub_pd(a.l[i], b.l[i]);
  return out;
}

/// -v in the lanes where `sign` has -0.0, v where it has 0.
EZKL_AVX2_INLINE Vec negated(const Vec& v, __m256d sign) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm256_xor_pd(v.l[i], sign);
  return out;
}

/// b in the lanes whose mask is set in the sign bit.
EZKL_AVX2_INLINE Vec blend(__m256d take_b, const Vec& a, const Vec& b) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm256_blendv_pd(a.l[i], b.l[i], take_b);
  return out;
}

/// v minus the multiple of p that leaves -p/2 .. p/2, or 0 .. p if Positive, both a millionth wider; limbs uncarried.
/// Of six units at most the quotient is 3 at most, and limbs stay within 6 2^50 + 3 * 0.55 2^50, which doubles hold
/// exactly.
template <class F, bool Positive>
EZKL_AVX2_INLINE Vec take_quotient(const Vec& v) {
  const __m256d exact = Positive ? _mm256_fmadd_pd(v.l[4], get(field51<F>.quotient), splat(-0.5 - 0x1p-20))
                                 : _mm256_mul_pd(v.l[4], get(field51<F>.quotient));
  const __m256d q = _mm256_sub_pd(_mm256_add_pd(exact, splat(low_shift)), splat(low_shift));
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm256_fnmadd_pd(q, get(field51<F>.p[i]), v.l[i]);
  return out;
}

/// The same value mod p with 1 unit.
template <class F>
EZKL_AVX2_INLINE Vec reduced(const Vec& v) {
  Vec out = take_quotient<F, false>(v);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    const __m256d carry = _mm256_sub_pd(_mm256_add_pd(out.l[i], splat(high_shift)), splat(high_shift));
    out.l[i] = _mm256_sub_pd(out.l[i], carry);
    out.l[i + 1] = _mm256_fmadd_pd(carry, splat(0x1p-51), out.l[i + 1]);
  }
  return out;
}

/// Limbs as integers, biased and uncarried.
template <bool Wide>
EZKL_AVX2_INLINE Limbs51 to_integers(const Vec& v) {
  Limbs51 out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = get(places<Wide>.start[i]);
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    __m256d low = v.l[i];
    if (Wide && i < 4) {
      const __m256d high = _mm256_add_pd(low, splat(high_shift));
      low = _mm256_sub_pd(low, _mm256_sub_pd(high, splat(high_shift)));
      out.l[i + 1] = _mm256_add_epi64(out.l[i + 1], as_integers(high));
    }
    out.l[i] = _mm256_add_epi64(out.l[i], as_integers(_mm256_add_pd(low, splat(low_shift))));
  }
  return out;
}

/// What to_integers leaves, carried.
EZKL_AVX2_INLINE Limbs51 carried(Limbs51 v) {
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    v.l[i + 1] = _mm256_add_epi64(v.l[i + 1], _mm256_srli_epi64(v.l[i], limb_bits));
    v.l[i] = _mm256_and_si256(v.l[i], splat(limb_mask));
  }
  return v;
}

/// The elements as stored, from -p .. p.
template <class F>
EZKL_AVX2_INLINE Raw canonical(Limbs51 v) {
  __m256i top = v.l[0];
  EZKL_UNROLL
  for (int i = 1; i < 5; ++i) top = _mm256_add_epi64(v.l[i], _mm256_srli_epi64(top, limb_bits));
  const __m256i negative = _mm256_cmpgt_epi64(_mm256_setzero_si256(), top);
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    v.l[i] = _mm256_add_epi64(v.l[i], _mm256_and_si256(negative, get(field51<F>.plain[i])));
  }
  return paste(carried(v));
}

/// The stored form of what `mul`, `square` and `reduced` give.
template <class F>
EZKL_AVX2_INLINE Raw product_to_raw(const Vec& v) {
  return canonical<F>(to_integers<false>(v));
}

/// The stored form of six units at most.
template <class F>
EZKL_AVX2_INLINE Raw to_raw(const Vec& v) {
  return canonical<F>(to_integers<true>(take_quotient<F, false>(v)));
}

template <class F>
EZKL_AVX2_INLINE void store(F* to, const Vec& v) {
  store_raw(to, to_raw<F>(v));
}

template <class F>
EZKL_AVX2_INLINE void store_product(F* to, const Vec& v) {
  store_raw(to, product_to_raw<F>(v));
}

/// Six units at most, as integers of 0 .. 1.000001 p: as good as stored elements for `load`.
template <class F>
EZKL_AVX2_INLINE void store_loosely(F* to, const Vec& v) {
  store_raw(to, paste(carried(to_integers<true>(take_quotient<F, true>(v)))));
}

/// Adds both halves of a b to their columns.
EZKL_AVX2_INLINE void add_pair(__m256d a, __m256d b, __m256i& low, __m256i& high) {
  const __m256d h = _mm256_fmadd_pd(a, b, splat(high_shift));
  const __m256d l = _mm256_fmadd_pd(a, b, _mm256_sub_pd(splat(high_shift + low_shift), h));
  high = _mm256_add_epi64(high, as_integers(h));
  low = _mm256_add_epi64(low, as_integers(l));
}

/// The lowest limb of a column, centred; the column has half_limb too much.
EZKL_AVX2_INLINE __m256d centred_limb(__m256i t) {
  const __m256i low =
      _mm256_or_si256(_mm256_and_si256(t, splat(limb_mask)), splat(std::bit_cast<std::uint64_t>(0x1p52)));
  return _mm256_sub_pd(as_doubles(low), splat(0x1p52 + double(half_limb)));
}

EZKL_AVX2_INLINE void carry_column(const __m256i& from, __m256i& to) {
  to = _mm256_add_epi64(to, _mm256_srli_epi64(from, limb_bits));
}

/// Columns From .. To-1 of a b.
template <int From, int To>
EZKL_AVX2_INLINE void add_columns(const Vec& a, const Vec& b, __m256i* t) {
  EZKL_UNROLL
  for (int k = From; k < To; ++k) {
    EZKL_UNROLL
    for (int i = k < 5 ? 0 : k - 4; i < 5 && i <= k; ++i) add_pair(a.l[i], b.l[k - i], t[k], t[k + 1]);
  }
}

/// The same of a^2, given 2 a.
template <int From, int To>
EZKL_AVX2_INLINE void add_square_columns(const Vec& a, const Vec& twice, __m256i* t) {
  EZKL_UNROLL
  for (int k = From; k < To; ++k) {
    EZKL_UNROLL
    for (int i = k < 5 ? 0 : k - 4; 2 * i < k; ++i) add_pair(a.l[i], twice.l[k - i], t[k], t[k + 1]);
    if (k % 2 == 0) add_pair(a.l[k / 2], a.l[k / 2], t[k], t[k + 1]);
  }
}

/// The four lowest limbs, carried into column 4.
struct LowLimbs {
  __m256d l[4];
};
EZKL_AVX2_INLINE LowLimbs low_limbs(__m256i* t) {
  LowLimbs out;
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    carry_column(t[i], t[i + 1]);
    out.l[i] = centred_limb(t[i]);
  }
  return out;
}

/// The four lowest limbs times limb J of their constants.
template <class F, int J>
EZKL_AVX2_INLINE void fold_limb(__m256i* t, const LowLimbs& low) {
  EZKL_UNROLL
  for (int m = 0; m < 4; ++m) add_pair(low.l[m], get(field51<F>.fold[3 - m][J]), t[4 + J], t[5 + J]);
}

/// What clears column 4: its lowest limb, and the factor of p.
struct Clearing {
  __m256d limb, factor;
};

/// The columns of a product over 2^255, mod p, in two steps between which columns 5 to 7 may still be added to. The
/// four lowest limbs are replaced by their multiples of 2^-51, 2^-102, …, all at once: one after the other would wait
/// too long. These add 0.51 p at most (half the sum of the constants), the product itself 0.38 * 4 * 0.54^2 p. A
/// multiple of p then clears column 4, as always; of all that do, the one is taken that leaves the least: -0.54 p to
/// 0.54 p. Its factor is 2^51 (0.96 + 0.54) at most, the limbs of p are below 0.76 * 2^50.
template <class F>
EZKL_AVX2_INLINE Clearing begin_fold(__m256i* t, const LowLimbs& low) {
  const Field51<F>& f = field51<F>;
  fold_limb<F, 0>(t, low);
  fold_limb<F, 4>(t, low);
  const __m256d u = centred_limb(t[4]);
  const __m256d top = _mm256_sub_pd(as_doubles(_mm256_add_epi64(t[9], splat(high_pattern))), splat(low_shift));
  const __m256d wanted = _mm256_fmadd_pd(u, get(f.neg_inv), _mm256_mul_pd(top, get(f.last)));
  const __m256d high = _mm256_sub_pd(splat(high_shift), _mm256_add_pd(wanted, splat(high_shift)));
  return {u, _mm256_fmadd_pd(u, get(f.neg_inv), high)};
}

template <class F>
EZKL_AVX2_INLINE Vec end_fold(__m256i* t, const LowLimbs& low, const Clearing& clearing) {
  const Field51<F>& f = field51<F>;
  fold_limb<F, 1>(t, low);
  fold_limb<F, 2>(t, low);
  fold_limb<F, 3>(t, low);
  const __m256d cleared =
      _mm256_add_pd(_mm256_fmadd_pd(clearing.factor, get(f.p[0]), clearing.limb), splat(high_shift));
  t[5] = _mm256_add_epi64(t[5], _mm256_add_epi64(_mm256_srli_epi64(t[4], limb_bits), as_integers(cleared)));
  EZKL_UNROLL
  for (int j = 1; j < 5; ++j) add_pair(clearing.factor, get(f.p[j]), t[4 + j], t[5 + j]);
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    out.l[i] = centred_limb(t[5 + i]);
    carry_column(t[5 + i], t[6 + i]);
  }
  out.l[4] = _mm256_sub_pd(as_doubles(t[9]), splat(low_shift));
  return out;
}

/// a b / 2^255 mod p: 1 unit, for factors of u and v units with u v <= 4.
template <class F>
EZKL_AVX2_INLINE Vec mul(const Vec& a, const Vec& b) {
  __m256i t[10];
  EZKL_UNROLL
  for (int i = 0; i < 10; ++i) t[i] = get(columns<false>.start[i]);
  add_columns<0, 4>(a, b, t);
  const LowLimbs low = low_limbs(t);
  add_columns<4, 5>(a, b, t);
  add_columns<8, 9>(a, b, t);
  const Clearing clearing = begin_fold<F>(t, low);
  add_columns<5, 8>(a, b, t);
  return end_fold<F>(t, low, clearing);
}

/// mul(a, a) for 1 unit, with every mixed product made once.
template <class F>
EZKL_AVX2_INLINE Vec square(const Vec& a) {
  const Vec twice = add(a, a);
  __m256i t[10];
  EZKL_UNROLL
  for (int i = 0; i < 10; ++i) t[i] = get(columns<true>.start[i]);
  add_square_columns<0, 4>(a, twice, t);
  const LowLimbs low = low_limbs(t);
  add_square_columns<4, 5>(a, twice, t);
  add_square_columns<8, 9>(a, twice, t);
  const Clearing clearing = begin_fold<F>(t, low);
  add_square_columns<5, 8>(a, twice, t);
  return end_fold<F>(t, low, clearing);
}

}  // namespace ezkl::avx2

#endif
