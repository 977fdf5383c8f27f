#include "poly/ntt_kernels_avx2.hpp"

#if defined(__x86_64__)

#include <algorithm>

#include "field/avx2.hpp"

namespace ezkl {
namespace {

using namespace avx2;

/// a becomes a + b, `to` a - b.
EZKL_AVX2_INLINE void cross(Vec& a, Vec& to, const Vec& b) {
  const Vec sum = add(a, b), difference = sub(a, b);
  assign(a, sum);
  assign(to, difference);
}

/// The layers from distance 1 on of Size values h apart; `w` points at the twiddle of the first layer for the place in
/// hand, or Same says that h is 1 and all lanes take the same twiddles. Values grow by one unit a layer: from the 2 of
/// loaded ones to the 4 that a product with a prepared factor takes. Loops stay loops: a product is long code.
template <std::size_t Size, bool Same>
EZKL_AVX2_INLINE void layers(Vec* x, const Fr* w, std::size_t h) {
  for (std::size_t s = 1; s < Size; s *= 2) {
    for (std::size_t r = 0; r < s; ++r) {
      const Fr* const at = w + (s - 1 + r) * h;
      const Vec twiddle = Same ? splat_prepared(*at) : load_prepared(at);
      for (std::size_t i = r; i < Size; i += 2 * s) {
        cross(x[i], x[i + s], mul<Fr>(x[i + s], twiddle));
      }
    }
  }
}

/// Three layers with the twiddles 1, i and the odd powers of the eighth root, of which the ones cost nothing.
EZKL_AVX2_INLINE void plain_layers(Vec* x, const Fr* twiddles) {
  for (std::size_t i = 0; i < 8; i += 2) {
    const Vec a = x[i], b = x[i + 1];
    assign(x[i], reduced<Fr>(add(a, b)));
    assign(x[i + 1], reduced<Fr>(sub(a, b)));
  }
  // 1 unit
  for (std::size_t s = 2; s < 8; s *= 2) {
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t r = i & (s - 1);
      if ((i & s) != 0) continue;
      if (r == 0) {
        cross(x[i], x[i + s], x[i + s]);
      } else {
        cross(x[i], x[i + s], mul<Fr>(x[i + s], splat_prepared(twiddles[s + r])));
      }
    }
  }
  // 4 units, where no factor was taken
}

/// Loads group m and runs three layers. Value l of the group goes to eight places from out + reversed3[l] * out_stride
/// on.
template <bool IsCoset>
EZKL_AVX2_INLINE void three_layers(Fr* out, std::size_t out_stride, const Fr* in, std::size_t stride, std::size_t m,
                                   const Fr* twiddles, const Fr* factor) {
  for (std::size_t l = 0; l < 8; l += lanes) {
    Vec x[8];
    for (std::size_t j = 0; j < 8; ++j) {
      const Vec v = load(in + reversed3[j] * stride + 8 * m + l);
      assign(x[j], factor == nullptr ? v : mul<Fr>(v, splat_prepared(*factor)));
    }
    if constexpr (IsCoset) {
      layers<8, true>(x, twiddles + 1, 1);
    } else {
      plain_layers(x, twiddles);
    }
    for (std::size_t j = 0; j < 8; ++j) {
      Fr values[lanes];
      store_loosely(values, x[j]);
      for (std::size_t i = 0; i < lanes; ++i) out[j + reversed3[l + i] * out_stride] = values[i];
    }
  }
}

template <bool IsCoset>
EZKL_AVX2 void first(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, const Fr* factor, std::size_t begin,
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
EZKL_AVX2 void pass(Fr* block, unsigned layer, const Fr* twiddles, std::size_t begin, std::size_t end) {
  constexpr std::size_t size = std::size_t{1} << Count;
  const std::size_t h = std::size_t{1} << layer;
  for (std::size_t j = begin; j < end; j += lanes) {
    Vec x[size];
    for (std::size_t i = 0; i < size; ++i) assign(x[i], load(block + j + i * h));
    layers<size, false>(x, twiddles + h + j, h);
    // 5 units
    for (std::size_t i = 0; i < size; ++i) {
      if constexpr (Last) {
        store(block + j + i * h, x[i]);
      } else {
        store_loosely(block + j + i * h, x[i]);
      }
    }
  }
}

}  // namespace

void ntt_prepare_avx2(Fr* factors, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) factors[i] = prepared(factors[i]);
}

EZKL_AVX2 void ntt_first_avx2(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, bool coset, const Fr* factor,
                              std::size_t begin, std::size_t end) {
  return coset ? first<true>(in, out, k, twiddles, factor, begin, end)
               : first<false>(in, out, k, twiddles, factor, begin, end);
}

EZKL_AVX2 void ntt_pass_avx2(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool last,
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
