#include "field/kernels_avx2.hpp"

#if defined(__x86_64__)

#include <algorithm>

#include "base/cpu.hpp"
#include "field/avx2.hpp"

namespace ezkl {
namespace {

using namespace avx2;

/// The vector loops work on whole groups of four; the rest goes through a padded copy.
struct Tail {
  Fr a[lanes], b[lanes], c[lanes];
  Tail(const Fr* from_a, const Fr* from_b, const Fr* from_c, std::size_t n) {
    std::copy_n(from_a, n, a);
    if (from_b != nullptr) std::copy_n(from_b, n, b);
    if (from_c != nullptr) std::copy_n(from_c, n, c);
  }
};

/// `half` is the other factor, halved.
EZKL_AVX2_INLINE void mul4(Fr* out, const Fr* a, const Vec& half) { store_product(out, avx2::mul<Fr>(load(a), half)); }

EZKL_AVX2_INLINE void mul_add4(Fr* out, const Fr* a, const Vec& half, const Fr* c) {
  store(out, avx2::add(avx2::mul<Fr>(load(a), half), load(c)));
}

EZKL_AVX2 void mul(Fr* out, const Fr* a, const Fr* b, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul4(out + i, a + i, load_half(b + i));
  if (i == n) return;
  Tail t(a + i, b + i, nullptr, n - i);
  mul4(t.a, t.a, load_half(t.b));
  std::copy_n(t.a, n - i, out + i);
}

EZKL_AVX2 void mul_scalar(Fr* out, const Fr* a, const Fr& b, std::size_t n) {
  const Vec half = splat_half(b);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul4(out + i, a + i, half);
  if (i == n) return;
  Tail t(a + i, nullptr, nullptr, n - i);
  mul4(t.a, t.a, half);
  std::copy_n(t.a, n - i, out + i);
}

EZKL_AVX2 void mul_add(Fr* out, const Fr* a, const Fr* b, const Fr* c, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul_add4(out + i, a + i, load_half(b + i), c + i);
  if (i == n) return;
  Tail t(a + i, b + i, c + i, n - i);
  mul_add4(t.a, t.a, load_half(t.b), t.c);
  std::copy_n(t.a, n - i, out + i);
}

EZKL_AVX2 void mul_scalar_add(Fr* out, const Fr* a, const Fr& b, const Fr* c, std::size_t n) {
  const Vec half = splat_half(b);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) mul_add4(out + i, a + i, half, c + i);
  if (i == n) return;
  Tail t(a + i, nullptr, c + i, n - i);
  mul_add4(t.a, t.a, half, t.c);
  std::copy_n(t.a, n - i, out + i);
}

EZKL_AVX2_INLINE void butterfly4(Fr* lo, Fr* hi, const Fr* w) {
  const Vec t = avx2::mul<Fr>(load(hi), load_half(w)), a = load(lo);
  store(lo, avx2::add(a, t));
  store(hi, avx2::sub(a, t));
}

EZKL_AVX2 void butterfly(Fr* lo, Fr* hi, const Fr* w, std::size_t n) {
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) butterfly4(lo + i, hi + i, w + i);
  if (i == n) return;
  Tail t(lo + i, hi + i, w + i, n - i);
  butterfly4(t.a, t.b, t.c);
  std::copy_n(t.a, n - i, lo + i);
  std::copy_n(t.b, n - i, hi + i);
}

EZKL_AVX2 Fr dot(const Fr* a, const Fr* b, std::size_t n) {
  Vec sum = splat_element(Fr::zero());  // 1 unit after every third product, 4 at most
  std::size_t i = 0;
  for (; i + 3 * lanes <= n; i += 3 * lanes) {
    EZKL_UNROLL
    for (std::size_t j = 0; j < 3 * lanes; j += lanes) {
      sum = avx2::add(sum, avx2::mul<Fr>(load(a + i + j), load(b + i + j)));
    }
    sum = reduced<Fr>(sum);
  }
  Fr sums[lanes];
  store(sums, sum);
  Fr total = sums[0] + sums[1] + sums[2] + sums[3];
  static constexpr Fr half = Fr::from_limbs(Fr::power_of_two(255));  // products had 2^255 taken off
  total *= half;
  for (; i < n; ++i) total += a[i] * b[i];
  return total;
}

/// v with ones for zeros, and which lanes those are.
template <class F>
EZKL_AVX2_INLINE Vec without_zeros(const Raw& raw, const Vec& one, __m256d& zero) {
  const __m256i any = _mm256_or_si256(_mm256_or_si256(raw.x[0], raw.x[1]), _mm256_or_si256(raw.x[2], raw.x[3]));
  zero = as_doubles(_mm256_cmpeq_epi64(any, _mm256_setzero_si256()));
  return blend(zero, cut(raw), one);
}

/// Montgomery's trick on four chains at once; zeros are taken as ones and put back. Running products lose one factor of
/// 2 for each element: the inverses have it more, and products of the two come out right.
template <class F>
EZKL_AVX2 void invert_range(F* values, F* scratch, std::size_t n) {
  const std::size_t whole = n - n % lanes;
  const Vec one = splat_element(F::one());
  Vec running = reduced<F>(one);
  __m256d zero;
  for (std::size_t i = 0; i < whole; i += lanes) {
    store_loosely(scratch + i, running);
    running = avx2::mul<F>(running, without_zeros<F>(load_raw(values + i), one, zero));
  }
  // The four chains and the elements past the last whole group share one inversion.
  F chain[2 * lanes], before[2 * lanes];
  store_product(chain, running);
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
  running = reduced<F>(load(chain));
  for (std::size_t i = whole; i > 0;) {
    i -= lanes;
    const Raw raw = load_raw(values + i);
    const Vec v = without_zeros<F>(raw, one, zero), inverse = avx2::mul<F>(running, load(scratch + i));
    running = avx2::mul<F>(running, v);
    Raw out = product_to_raw<F>(inverse);
    EZKL_UNROLL
    for (int j = 0; j < 4; ++j) out.x[j] = _mm256_andnot_si256(as_integers(zero), out.x[j]);
    store_raw(values + i, out);
  }
}

}  // namespace

void set_avx2_kernels(FrKernels& table) {
  table.name = "avx2";
  table.needs = cpu_avx2;
  table.mul = mul;
  table.mul_scalar = mul_scalar;
  table.mul_add = mul_add;
  table.mul_scalar_add = mul_scalar_add;
  table.butterfly = butterfly;
  table.invert = invert_range<Fr>;
  table.dot = dot;
}

void invert_avx2(Fq* values, Fq* scratch, std::size_t n) { invert_range<Fq>(values, scratch, n); }

}  // namespace ezkl

#endif
