#include "poly/ntt_kernels_ifma.hpp"

#if defined(__x86_64__)

#include <algorithm>

#include "field/ifma.hpp"

namespace ezkl {
namespace {

using namespace ifma;

/// 0, p, …, 7 p, limb by limb.
struct Multiples {
  alignas(64) std::uint64_t limb[5][8] = {};
  constexpr Multiples() {
    for (std::uint64_t q = 0; q < 8; ++q) {
      const Modulus52<Fr> m(q);
      for (std::size_t i = 0; i < 5; ++i) limb[i][q] = m.l[i];
    }
  }
};
constexpr Multiples multiples;

/// 2^305 / p, which has 52 bits: its high product with the top limb is the quotient by p times 2^45.
constexpr std::uint64_t quotient_factor = [] {
  // long division of 2^305 by p
  detail::Limbs rest{};
  std::uint64_t out = 0;
  for (int bit = 305; bit >= 0; --bit) {
    for (std::size_t i = 3; i > 0; --i) rest[i] = rest[i] << 1 | rest[i - 1] >> 63;
    rest[0] = rest[0] << 1 | (bit == 305 ? 1 : 0);
    out <<= 1;
    if (detail::limbs_less(rest.data(), Fr::modulus.data())) continue;
    out |= 1;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const Uint128 d = Uint128(rest[i]) - Fr::modulus[i] - borrow;
      rest[i] = std::uint64_t(d);
      borrow = std::uint64_t(d >> 64) & 1;
    }
  }
  return out;
}();
static_assert(quotient_factor >> 51 == 1);

/// The same value mod p, normal and below 1.01 p, for a value of 0 .. 8 p whose limbs may be signed and carry less than
/// 256 units into the next one. The quotient comes from the top limb alone, taken a little too small.
EZKL_IFMA_INLINE Vec lazily_reduced(const Vec& v) {
  const __m512i top = _mm512_max_epi64(_mm512_sub_epi64(v.l[4], splat(256)), _mm512_setzero_si512());
  const __m512i q = _mm512_srli_epi64(_mm512_madd52hi_epu64(_mm512_setzero_si512(), top, splat(quotient_factor)), 45);
  Vec out;
  EZKL_UNROLL
  for (int i = 0; i < 5; ++i) {
    out.l[i] = _mm512_sub_epi64(v.l[i], _mm512_permutexvar_epi64(q, _mm512_load_si512(multiples.limb[i])));
  }
  return normalize(out);
}

/// (a, b) becomes (a + b, a - b + Multiple p), nothing carried.
template <std::uint64_t Multiple>
EZKL_IFMA_INLINE void cross(Vec& a, Vec& b) {
  const Vec difference = add_limbs(sub_limbs(a, b), modulus<Fr, Multiple>());
  a = add_limbs(a, b);
  b = difference;
}

/// Writes eight elements to places `stride` apart, in the order of reversed3; the order of the stores undoes that of
/// load.
EZKL_IFMA_INLINE void store_reversed(Fr* to, std::size_t stride, const Vec& v) {
  __m512i z[4];
  untranspose(paste(v), z);
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + reversed3[2 * i] * stride), _mm512_castsi512_si256(z[i]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + reversed3[2 * i + 1] * stride),
                        _mm512_extracti64x4_epi64(z[i], 1));
  }
}

/// The layers from distance S on, S < Size, of Size values h apart; `w` points at the twiddle of the first layer for
/// the place in hand, or Same says that h is 1 and all lanes take the same twiddles. Values grow by 2 p a layer.
template <std::size_t S, std::size_t Size, bool Same>
EZKL_IFMA_INLINE void layers(Vec* x, const Fr* w, std::size_t h) {
  if constexpr (S < Size) {
    EZKL_UNROLL
    for (std::size_t r = 0; r < S; ++r) {
      const Fr* const at = w + (S - 1) * h + r * h;
      const Vec twiddle = Same ? splat_element(*at) : load(at);
      EZKL_UNROLL
      for (std::size_t i = 0; i < Size / (2 * S); ++i) {
        Vec& low = x[2 * S * i + r];
        Vec& high = x[2 * S * i + r + S];
        high = mul260<Fr>(S == 1 ? high : normalize(high), twiddle);
        cross<2>(low, high);
      }
    }
    layers<2 * S, Size, Same>(x, w, h);
  }
}

/// Three layers with the twiddles 1, i and the odd powers of the eighth root, of which the ones cost nothing.
EZKL_IFMA_INLINE void plain_layers(Vec* x, const Fr* twiddles) {
  // values below 1.02 p
  EZKL_UNROLL
  for (int i = 0; i < 8; i += 2) cross<2>(x[i], x[i + 1]);
  // below 3.1 p
  const Vec i4 = splat_element(twiddles[3]);
  EZKL_UNROLL
  for (int i = 0; i < 8; i += 4) {
    x[i + 2] = lazily_reduced(x[i + 2]);
    x[i + 3] = mul260<Fr>(normalize(x[i + 3]), i4);
    cross<2>(x[i], x[i + 2]);
    cross<2>(x[i + 1], x[i + 3]);
  }
  // below 5.1 p
  x[4] = lazily_reduced(x[4]);
  EZKL_UNROLL
  for (int i = 1; i < 4; ++i) x[4 + i] = mul260<Fr>(normalize(x[4 + i]), splat_element(twiddles[4 + i]));
  EZKL_UNROLL
  for (int i = 0; i < 4; ++i) cross<2>(x[i], x[4 + i]);
  // below 7.1 p
}

/// Loads group m and runs three layers. Lane l goes to eight places from out + reversed3[l] * out_stride on.
template <bool IsCoset>
EZKL_IFMA_INLINE void three_layers(Fr* out, std::size_t out_stride, const Fr* in, std::size_t stride, std::size_t m,
                                   const Fr* twiddles, const Fr* factor) {
  Vec x[8];
  EZKL_UNROLL
  for (std::size_t j = 0; j < 8; ++j) {
    x[j] = load(in + reversed3[j] * stride + 8 * m);
    if (factor != nullptr) x[j] = normalize(mul260<Fr>(x[j], splat_element(*factor)));
  }
  if constexpr (IsCoset) {
    layers<1, 8, true>(x, twiddles + 1, 1);
  } else {
    plain_layers(x, twiddles);
  }
  EZKL_UNROLL
  for (int j = 0; j < 8; ++j) store_reversed(out + j, out_stride, lazily_reduced(x[j]));
}

template <bool IsCoset>
EZKL_IFMA void first(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, const Fr* factor, std::size_t begin,
                     std::size_t end) {
  const std::size_t stride = std::size_t{1} << (k - 3);
  for (std::size_t m = begin; m < end; ++m) {
    const std::size_t partner = reversed_bits(m, k - 6);
    if (partner < m) continue;
    // In place, a group may be overwritten once it has been read: the first one waits here.
    Fr waiting[64];
    three_layers<IsCoset>(waiting, 8, in, stride, m, twiddles, factor);
    if (partner != m) three_layers<IsCoset>(out + 8 * m, stride, in, stride, partner, twiddles, factor);
    for (std::size_t l = 0; l < 8; ++l) std::copy_n(waiting + 8 * l, 8, out + l * stride + 8 * partner);
  }
}

template <unsigned Count, bool Last>
EZKL_IFMA void pass(Fr* block, unsigned layer, const Fr* twiddles, std::size_t begin, std::size_t end) {
  constexpr std::size_t size = std::size_t{1} << Count;
  const std::size_t h = std::size_t{1} << layer;
  for (std::size_t j = begin; j < end; j += lanes) {
    Vec x[size];
    EZKL_UNROLL
    for (std::size_t i = 0; i < size; ++i) x[i] = load(block + j + i * h);
    layers<1, size, false>(x, twiddles + h + j, h);
    EZKL_UNROLL
    for (std::size_t i = 0; i < size; ++i) {
      const Vec out = lazily_reduced(x[i]);
      store(block + j + i * h, Last ? reduce<Fr, 1>(out) : out);
    }
  }
}

}  // namespace

EZKL_IFMA void ntt_prepare_ifma(Fr* factors, std::size_t n) {
  // what mul260 takes off in excess
  const Fr sixteen = Fr::from_u64(16);
  const Vec s = splat_element(sixteen);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) store(factors + i, reduce<Fr, 1>(mul<Fr>(load(factors + i), s)));
  for (; i < n; ++i) factors[i] *= sixteen;
}

EZKL_IFMA void ntt_first_ifma(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, bool coset, const Fr* factor,
                              std::size_t begin, std::size_t end) {
  return coset ? first<true>(in, out, k, twiddles, factor, begin, end)
               : first<false>(in, out, k, twiddles, factor, begin, end);
}

EZKL_IFMA void ntt_pass_ifma(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool last,
                             std::size_t begin, std::size_t end) {
  if (count == 1)
    return last ? pass<1, true>(block, layer, twiddles, begin, end)
                : pass<1, false>(block, layer, twiddles, begin, end);
  if (count == 2)
    return last ? pass<2, true>(block, layer, twiddles, begin, end)
                : pass<2, false>(block, layer, twiddles, begin, end);
  return last ? pass<3, true>(block, layer, twiddles, begin, end) : pass<3, false>(block, layer, twiddles, begin, end);
}

}  // namespace ezkl

#endif
