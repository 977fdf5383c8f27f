#include "field/kernels_ifma.hpp"

#if defined(__x86_64__)

#include <algorithm>

#include "base/cpu.hpp"
#include "field/fq.hpp"
#include "field/ifma.hpp"

namespace ezkl {
namespace {

using namespace ifma;

/// The vector loops work on whole groups of eight; the rest goes through a padded copy.
struct Tail {
  Fr a[lanes], b[lanes], c[lanes];
  Tail(const Fr* from_a, const Fr* from_b, const Fr* from_c, std::size_t n) {
    std::copy_n(from_a, n, a);
    if (from_b != nullptr) std::copy_n(from_b, n, b);
    if (from_c != nullptr) std::copy_n(from_c, n, c);
  }
};

EZKL_IFMA_INLINE void mul8(Fr* out, const Fr* a, const Vec& b) { store(out, reduce<Fr, 1>(ifma::mul<Fr>(load(a), b))); }

EZKL_IFMA_INLINE void mul_add8(Fr* out, const Fr* a, const Vec& b, const Fr* c) {
  // below 1.19 p + p
  const Vec sum = normalize(add_limbs(ifma::mul<Fr>(load(a), b), load(c)));
  store(out, reduce<Fr, 1>(reduce<Fr, 1>(sum)));
}

EZKL_IFMA void mul(Fr* out, const Fr* a, const Fr* b, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul8(out + i, a + i, load(b + i));
  if (i == n) return;
  Tail t(a + i, b + i, nullptr, n - i);
  mul8(t.a, t.a, load(t.b));
  std::copy_n(t.a, n - i, out + i);
}

EZKL_IFMA void mul_scalar(Fr* out, const Fr* a, const Fr& b, std::size_t n) {
  const Vec s = splat_element(b);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul8(out + i, a + i, s);
  if (i == n) return;
  Tail t(a + i, nullptr, nullptr, n - i);
  mul8(t.a, t.a, s);
  std::copy_n(t.a, n - i, out + i);
}

EZKL_IFMA void mul_add(Fr* out, const Fr* a, const Fr* b, const Fr* c, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul_add8(out + i, a + i, load(b + i), c + i);
  if (i == n) return;
  Tail t(a + i, b + i, c + i, n - i);
  mul_add8(t.a, t.a, load(t.b), t.c);
  std::copy_n(t.a, n - i, out + i);
}

EZKL_IFMA void mul_scalar_add(Fr* out, const Fr* a, const Fr& b, const Fr* c, std::size_t n) {
  const Vec s = splat_element(b);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul_add8(out + i, a + i, s, c + i);
  if (i == n) return;
  Tail t(a + i, nullptr, c + i, n - i);
  mul_add8(t.a, t.a, s, t.c);
  std::copy_n(t.a, n - i, out + i);
}

EZKL_IFMA_INLINE void butterfly8(Fr* lo, Fr* hi, const Fr* w) {
  const Vec t = ifma::mul<Fr>(load(hi), load(w));  // below 1.19 p
  const Vec a = load(lo);
  store(lo, reduce<Fr, 1>(reduce<Fr, 1>(normalize(add_limbs(a, t)))));
  store(hi, reduce<Fr, 1>(reduce<Fr, 2>(sub<Fr, 2>(a, t))));
}

EZKL_IFMA void butterfly(Fr* lo, Fr* hi, const Fr* w, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) butterfly8(lo + i, hi + i, w + i);
  if (i == n) return;
  Tail t(lo + i, hi + i, w + i, n - i);
  butterfly8(t.a, t.b, t.c);
  std::copy_n(t.a, n - i, lo + i);
  std::copy_n(t.b, n - i, hi + i);
}

EZKL_IFMA Fr dot(const Fr* a, const Fr* b, std::size_t n) {
  constexpr std::size_t most = 128 * lanes;  // what `reduced` allows
  Fr total;
  for (std::size_t at = 0; at < n; at += most) {
    const std::size_t end = std::min(n, at + most);
    Wide wide;
    EZKL_UNROLL
    for (int i = 0; i < 10; ++i) wide.t[i] = _mm512_setzero_si512();
    std::size_t i = at;
    for (; i + lanes <= end; i += lanes) add_product(wide, load(a + i), load(b + i));
    if (i < end) {
      const Tail t(a + i, b + i, nullptr, end - i);
      add_product(wide, load(t.a), load(t.b));
    }
    Fr sums[lanes];
    store(sums, reduce<Fr, 1>(reduce<Fr, 2>(reduce<Fr, 4>(reduce<Fr, 8>(reduce<Fr, 16>(reduced<Fr>(wide)))))));
    for (const Fr& s : sums) total += s;
  }
  return total;
}

/// Montgomery's trick on eight chains at once; zeros are taken as ones and put back.
template <class F>
EZKL_IFMA void invert_range(F* values, F* scratch, std::size_t n) {
  const std::size_t whole = n - n % lanes;
  const Vec one = splat_element(F::one());
  Vec running = one;
  for (std::size_t i = 0; i < whole; i += lanes) {
    store(scratch + i, reduce<F, 1>(running));
    const Vec v = load(values + i);
    const __m512i any =
        _mm512_or_si512(_mm512_or_si512(v.l[0], v.l[1]), _mm512_or_si512(_mm512_or_si512(v.l[2], v.l[3]), v.l[4]));
    running = ifma::mul<F>(running, blend(_mm512_testn_epi64_mask(any, any), v, one));
  }
  // The eight chains and the elements past the last whole group share one inversion.
  F chain[2 * lanes], before[2 * lanes];
  store(chain, reduce<F, 1>(running));
  const std::size_t count = lanes + n - whole;
  std::copy_n(values + whole, n - whole, chain + lanes);
  F product = F::one();
  for (std::size_t i = 0; i < count; ++i) {
    before[i] = product;
    if (!chain[i].is_zero()) product *= chain[i];
  }
  product = product.inverse();
  for (std::size_t i = count; i-- > 0;) {
    if (chain[i].is_zero()) continue;
    const F next = product * chain[i];
    chain[i] = product * before[i];
    product = next;
  }
  std::copy_n(chain + lanes, n - whole, values + whole);
  running = load(chain);
  for (std::size_t i = whole; i > 0;) {
    i -= lanes;
    const Vec v = load(values + i);
    const __m512i any =
        _mm512_or_si512(_mm512_or_si512(v.l[0], v.l[1]), _mm512_or_si512(_mm512_or_si512(v.l[2], v.l[3]), v.l[4]));
    const __mmask8 zero = _mm512_testn_epi64_mask(any, any);
    const Vec inverse = reduce<F, 1>(ifma::mul<F>(running, load(scratch + i)));
    running = ifma::mul<F>(running, blend(zero, v, one));
    store(values + i, blend(zero, inverse, v));
  }
}

}  // namespace

void set_ifma_kernels(FrKernels& table) {
  table.name = "avx512";
  table.needs = cpu_avx512ifma;
  table.mul = mul;
  table.mul_scalar = mul_scalar;
  table.mul_add = mul_add;
  table.mul_scalar_add = mul_scalar_add;
  table.butterfly = butterfly;
  table.invert = invert_range<Fr>;
  table.dot = dot;
}

void invert_ifma(Fq* values, Fq* scratch, std::size_t n) { invert_range<Fq>(values, scratch, n); }

}  // namespace ezkl

#endif
