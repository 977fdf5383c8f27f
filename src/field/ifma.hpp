#pragma once

// Eight field elements side by side in AVX-512 IFMA registers: five limbs of 52 bits, one register a limb. Stored
// elements keep their form (four limbs of 64 bits, Montgomery radix 2^256): loading only cuts the same integer at other
// places. Values in registers may run to a few times the modulus ("k p" below); the product takes 256 bits off, as the
// stored form wants it, in four rounds of 52 bits and one of 48.
//
// Everything here is inlined into functions that carry EZKL_IFMA; none may be called unless cpu_bits() has
// cpu_avx512ifma.

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "field/prime_field.hpp"

#if defined(__clang__)
#define EZKL_UNROLL _Pragma("unroll")
#else
#define EZKL_UNROLL _Pragma("GCC unroll 16")
#endif

#define EZKL_IFMA __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512ifma")))
#define EZKL_IFMA_INLINE EZKL_IFMA __attribute__((always_inline)) inline

namespace ezkl::ifma {

constexpr std::size_t lanes = 8;
constexpr std::uint64_t mask52 = (std::uint64_t{1} << 52) - 1;

/// Eight integers of five limbs. "Normal": every limb within 52 bits.
struct Vec {
  __m512i l[5];
};

/// Eight integers of four 64-bit limbs.
struct Raw {
  __m512i x[4];
};

/// multiple * modulus, cut at 52 bits.
template <class F>
struct Modulus52 {
  std::uint64_t l[5] = {};
  constexpr explicit Modulus52(std::uint64_t multiple) {
    std::uint64_t v[5] = {};
    Uint128 carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      carry += Uint128(F::modulus[i]) * multiple;
      v[i] = std::uint64_t(carry);
      carry >>= 64;
    }
    v[4] = std::uint64_t(carry);
    l[0] = v[0] & mask52;
    l[1] = (v[0] >> 52 | v[1] << 12) & mask52;
    l[2] = (v[1] >> 40 | v[2] << 24) & mask52;
    l[3] = (v[2] >> 28 | v[3] << 36) & mask52;
    l[4] = v[3] >> 16 | v[4] << 48;
  }
};

EZKL_IFMA_INLINE __m512i splat(std::uint64_t v) { return _mm512_set1_epi64((long long)v); }

/// Limb vectors of eight elements given as four registers of two elements each. Lane order is 0 2 4 6 1 3 5 7 of the
/// halves' order; every function here uses the same one.
EZKL_IFMA_INLINE Raw transpose(__m512i z0, __m512i z1, __m512i z2, __m512i z3) {
  const __m512i u0 = _mm512_unpacklo_epi64(z0, z1), h0 = _mm512_unpackhi_epi64(z0, z1);
  const __m512i u1 = _mm512_unpacklo_epi64(z2, z3), h1 = _mm512_unpackhi_epi64(z2, z3);
  return {{_mm512_shuffle_i64x2(u0, u1, 0x88), _mm512_shuffle_i64x2(h0, h1, 0x88), _mm512_shuffle_i64x2(u0, u1, 0xdd),
           _mm512_shuffle_i64x2(h0, h1, 0xdd)}};
}

/// The inverse of transpose: the four registers of two elements each.
EZKL_IFMA_INLINE void untranspose(const Raw& r, __m512i out[4]) {
  // u0 = [x0 x2 | y0 y2] by halves of 256 bits, from the 128-bit groups of limbs 0 and 2
  const __m512i u0 = _mm512_permutex2var_epi64(r.x[0], _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), r.x[2]);
  const __m512i u1 = _mm512_permutex2var_epi64(r.x[0], _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), r.x[2]);
  const __m512i h0 = _mm512_permutex2var_epi64(r.x[1], _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), r.x[3]);
  const __m512i h1 = _mm512_permutex2var_epi64(r.x[1], _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), r.x[3]);
  out[0] = _mm512_unpacklo_epi64(u0, h0);
  out[1] = _mm512_unpackhi_epi64(u0, h0);
  out[2] = _mm512_unpacklo_epi64(u1, h1);
  out[3] = _mm512_unpackhi_epi64(u1, h1);
}

/// 64-bit limbs to 52-bit limbs, normal.
EZKL_IFMA_INLINE Vec cut(const Raw& r) {
  const __m512i m = splat(mask52);
  // (a | b) & m in one operation
  const auto join = 0xa8;
  return {{_mm512_and_si512(r.x[0], m),
           _mm512_ternarylogic_epi64(_mm512_srli_epi64(r.x[0], 52), _mm512_slli_epi64(r.x[1], 12), m, join),
           _mm512_ternarylogic_epi64(_mm512_srli_epi64(r.x[1], 40), _mm512_slli_epi64(r.x[2], 24), m, join),
           _mm512_ternarylogic_epi64(_mm512_srli_epi64(r.x[2], 28), _mm512_slli_epi64(r.x[3], 36), m, join),
           _mm512_srli_epi64(r.x[3], 16)}};
}

/// The inverse of cut, for normal values below 2^256.
EZKL_IFMA_INLINE Raw paste(const Vec& v) {
  return {{_mm512_or_si512(v.l[0], _mm512_slli_epi64(v.l[1], 52)),
           _mm512_or_si512(_mm512_srli_epi64(v.l[1], 12), _mm512_slli_epi64(v.l[2], 40)),
           _mm512_or_si512(_mm512_srli_epi64(v.l[2], 24), _mm512_slli_epi64(v.l[3], 28)),
           _mm512_or_si512(_mm512_srli_epi64(v.l[3], 36), _mm512_slli_epi64(v.l[4], 16))}};
}

/// Eight elements that lie next to each other.
template <class F>
EZKL_IFMA_INLINE Vec load(const F* from) {
  const auto* const p = reinterpret_cast<const std::uint64_t*>(from);
  return cut(transpose(_mm512_loadu_si512(p), _mm512_loadu_si512(p + 8), _mm512_loadu_si512(p + 16),
                       _mm512_loadu_si512(p + 24)));
}

template <class F>
EZKL_IFMA_INLINE void store(F* to, const Vec& v) {
  __m512i z[4];
  untranspose(paste(v), z);
  auto* const p = reinterpret_cast<std::uint64_t*>(to);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) _mm512_storeu_si512(p + 8 * i, z[i]);
}

/// One element in all lanes.
template <class F>
EZKL_IFMA_INLINE Vec splat_element(const F& v) {
  return cut({{splat(v.limb[0]), splat(v.limb[1]), splat(v.limb[2]), splat(v.limb[3])}});
}

template <class F, std::uint64_t Multiple>
EZKL_IFMA_INLINE Vec modulus() {
  static constexpr Modulus52<F> m(Multiple);
  return {{splat(m.l[0]), splat(m.l[1]), splat(m.l[2]), splat(m.l[3]), splat(m.l[4])}};
}

/// Carries limb to limb; limbs may be signed and up to 62 bits, the top limb keeps the sign.
EZKL_IFMA_INLINE Vec normalize(Vec v) {
  const __m512i m = splat(mask52);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    v.l[i + 1] = _mm512_add_epi64(v.l[i + 1], _mm512_srai_epi64(v.l[i], 52));
    v.l[i] = _mm512_and_si512(v.l[i], m);
  }
  return v;
}

/// Limb by limb, nothing carried.
EZKL_IFMA_INLINE Vec add_limbs(const Vec& a, const Vec& b) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm512_add_epi64(a.l[i], b.l[i]);
  return out;
}

EZKL_IFMA_INLINE Vec sub_limbs(const Vec& a, const Vec& b) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm512_sub_epi64(a.l[i], b.l[i]);
  return out;
}

EZKL_IFMA_INLINE Vec blend(__mmask8 take_b, const Vec& a, const Vec& b) {
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) out.l[i] = _mm512_mask_blend_epi64(take_b, a.l[i], b.l[i]);
  return out;
}

/// v - Multiple * p where that is not negative, else v; v normal.
template <class F, std::uint64_t Multiple>
EZKL_IFMA_INLINE Vec reduce(const Vec& v) {
  const Vec t = normalize(sub_limbs(v, modulus<F, Multiple>()));
  return blend(_mm512_movepi64_mask(t.l[4]), t, v);
}

/// a - b + Multiple * p, normal; b must be at most Multiple * p.
template <class F, std::uint64_t Multiple>
EZKL_IFMA_INLINE Vec sub(const Vec& a, const Vec& b) {
  return normalize(add_limbs(sub_limbs(a, b), modulus<F, Multiple>()));
}

/// a b / 2^256 mod p: for normal a < i p and b < j p the result is normal and below (1 + 0.19 i j) p.
template <class F>
EZKL_IFMA_INLINE Vec mul(const Vec& a, const Vec& b) {
  const Vec p = modulus<F, 1>();
  const __m512i inv = splat(F::neg_inv & mask52), zero = _mm512_setzero_si512();
  __m512i t0 = zero, t1 = zero, t2 = zero, t3 = zero, t4 = zero, t5 = zero;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    const __m512i bi = b.l[i];
    t0 = _mm512_madd52lo_epu64(t0, a.l[0], bi);
    t1 = _mm512_madd52lo_epu64(t1, a.l[1], bi);
    t2 = _mm512_madd52lo_epu64(t2, a.l[2], bi);
    t3 = _mm512_madd52lo_epu64(t3, a.l[3], bi);
    t4 = _mm512_madd52lo_epu64(t4, a.l[4], bi);
    __m512i q = _mm512_madd52lo_epu64(zero, t0, inv);
    if (i == 4) q = _mm512_and_si512(q, splat(mask52 >> 4));
    t1 = _mm512_madd52hi_epu64(t1, a.l[0], bi);
    t2 = _mm512_madd52hi_epu64(t2, a.l[1], bi);
    t3 = _mm512_madd52hi_epu64(t3, a.l[2], bi);
    t4 = _mm512_madd52hi_epu64(t4, a.l[3], bi);
    t5 = _mm512_madd52hi_epu64(zero, a.l[4], bi);
    t0 = _mm512_madd52lo_epu64(t0, p.l[0], q);
    t1 = _mm512_madd52lo_epu64(t1, p.l[1], q);
    t2 = _mm512_madd52lo_epu64(t2, p.l[2], q);
    t3 = _mm512_madd52lo_epu64(t3, p.l[3], q);
    t4 = _mm512_madd52lo_epu64(t4, p.l[4], q);
    t1 = _mm512_madd52hi_epu64(t1, p.l[0], q);
    t2 = _mm512_madd52hi_epu64(t2, p.l[1], q);
    t3 = _mm512_madd52hi_epu64(t3, p.l[2], q);
    t4 = _mm512_madd52hi_epu64(t4, p.l[3], q);
    t5 = _mm512_madd52hi_epu64(t5, p.l[4], q);
    if (i == 4) break;
    t0 = _mm512_add_epi64(t1, _mm512_srli_epi64(t0, 52));
    t1 = t2;
    t2 = t3;
    t3 = t4;
    t4 = t5;
  }
  return normalize({{_mm512_add_epi64(_mm512_srli_epi64(t0, 48), _mm512_slli_epi64(t1, 4)), _mm512_slli_epi64(t2, 4),
                     _mm512_slli_epi64(t3, 4), _mm512_slli_epi64(t4, 4), _mm512_slli_epi64(t5, 4)}});
}

/// a b / 2^260 mod p, nothing carried: limbs below 2^58, and for a < i p and b < j p a value below (1 + 0.012 i j) p.
/// For factors prepared with 2^260 in place of 2^256, such as twiddles.
template <class F>
EZKL_IFMA_INLINE Vec mul260(const Vec& a, const Vec& b) {
  const Vec p = modulus<F, 1>();
  const __m512i inv = splat(F::neg_inv & mask52), zero = _mm512_setzero_si512();
  __m512i t0 = zero, t1 = zero, t2 = zero, t3 = zero, t4 = zero;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    const __m512i bi = b.l[i];
    t0 = _mm512_madd52lo_epu64(t0, a.l[0], bi);
    t1 = _mm512_madd52lo_epu64(t1, a.l[1], bi);
    t2 = _mm512_madd52lo_epu64(t2, a.l[2], bi);
    t3 = _mm512_madd52lo_epu64(t3, a.l[3], bi);
    t4 = _mm512_madd52lo_epu64(t4, a.l[4], bi);
    const __m512i q = _mm512_madd52lo_epu64(zero, t0, inv);
    t1 = _mm512_madd52hi_epu64(t1, a.l[0], bi);
    t2 = _mm512_madd52hi_epu64(t2, a.l[1], bi);
    t3 = _mm512_madd52hi_epu64(t3, a.l[2], bi);
    t4 = _mm512_madd52hi_epu64(t4, a.l[3], bi);
    __m512i t5 = _mm512_madd52hi_epu64(zero, a.l[4], bi);
    t0 = _mm512_madd52lo_epu64(t0, p.l[0], q);
    t1 = _mm512_madd52lo_epu64(t1, p.l[1], q);
    t2 = _mm512_madd52lo_epu64(t2, p.l[2], q);
    t3 = _mm512_madd52lo_epu64(t3, p.l[3], q);
    t4 = _mm512_madd52lo_epu64(t4, p.l[4], q);
    t1 = _mm512_madd52hi_epu64(t1, p.l[0], q);
    t2 = _mm512_madd52hi_epu64(t2, p.l[1], q);
    t3 = _mm512_madd52hi_epu64(t3, p.l[2], q);
    t4 = _mm512_madd52hi_epu64(t4, p.l[3], q);
    t5 = _mm512_madd52hi_epu64(t5, p.l[4], q);
    t0 = _mm512_add_epi64(t1, _mm512_srli_epi64(t0, 52));
    t1 = t2;
    t2 = t3;
    t3 = t4;
    t4 = t5;
  }
  return {{t0, t1, t2, t3, t4}};
}

/// mul(a, a) with every mixed product made once.
template <class F>
EZKL_IFMA_INLINE Vec square(const Vec& a) {
  const Vec p = modulus<F, 1>();
  const __m512i inv = splat(F::neg_inv & mask52), zero = _mm512_setzero_si512();
  __m512i t[10];
  EZKL_UNROLL
  for (int i = 0; i < 10; ++i) t[i] = zero;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    EZKL_UNROLL
    for (int j = i + 1; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.l[i], a.l[j]);
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.l[i], a.l[j]);
    }
  }
  EZKL_UNROLL
  for (int i = 1; i < 9; ++i) t[i] = _mm512_add_epi64(t[i], t[i]);
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    t[2 * i] = _mm512_madd52lo_epu64(t[2 * i], a.l[i], a.l[i]);
    t[2 * i + 1] = _mm512_madd52hi_epu64(t[2 * i + 1], a.l[i], a.l[i]);
  }
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    __m512i q = _mm512_madd52lo_epu64(zero, t[i], inv);
    if (i == 4) q = _mm512_and_si512(q, splat(mask52 >> 4));
    EZKL_UNROLL
    for (int j = 0; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], p.l[j], q);
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], p.l[j], q);
    }
    if (i < 4) t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
  }
  return normalize(
      {{_mm512_add_epi64(_mm512_srli_epi64(t[4], 48), _mm512_slli_epi64(t[5], 4)), _mm512_slli_epi64(t[6], 4),
        _mm512_slli_epi64(t[7], 4), _mm512_slli_epi64(t[8], 4), _mm512_slli_epi64(t[9], 4)}});
}

/// Sums of products before reduction: ten limbs of 52 bits and what they have not carried.
struct Wide {
  __m512i t[10];
};

/// wide += a b, nothing carried: at most 128 times before `reduced`.
EZKL_IFMA_INLINE void add_product(Wide& wide, const Vec& a, const Vec& b) {
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    EZKL_UNROLL
    for (int j = 0; j < 5; ++j) {
      wide.t[i + j] = _mm512_madd52lo_epu64(wide.t[i + j], a.l[j], b.l[i]);
      wide.t[i + j + 1] = _mm512_madd52hi_epu64(wide.t[i + j + 1], a.l[j], b.l[i]);
    }
  }
}

/// wide / 2^256 mod p, normal: below 26 p for 128 products of reduced factors.
template <class F>
EZKL_IFMA_INLINE Vec reduced(Wide wide) {
  const Vec p = modulus<F, 1>();
  const __m512i inv = splat(F::neg_inv & mask52), zero = _mm512_setzero_si512(), m = splat(mask52);
  __m512i* const t = wide.t;
  EZKL_UNROLL
  for (int i = 0; i < 9; ++i) {
    t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
    t[i] = _mm512_and_si512(t[i], m);
  }
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    __m512i q = _mm512_madd52lo_epu64(zero, t[i], inv);
    if (i == 4) q = _mm512_and_si512(q, splat(mask52 >> 4));
    EZKL_UNROLL
    for (int j = 0; j < 5; ++j) {
      t[i + j] = _mm512_madd52lo_epu64(t[i + j], p.l[j], q);
      t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], p.l[j], q);
    }
    if (i < 4) t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
  }
  return normalize(
      {{_mm512_add_epi64(_mm512_srli_epi64(t[4], 48), _mm512_slli_epi64(t[5], 4)), _mm512_slli_epi64(t[6], 4),
        _mm512_slli_epi64(t[7], 4), _mm512_slli_epi64(t[8], 4), _mm512_slli_epi64(t[9], 4)}});
}

}  // namespace ezkl::ifma

#endif
