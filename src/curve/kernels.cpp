#include "curve/kernels.hpp"

#include <algorithm>
#include <array>

#include "base/choose_kernels.hpp"
#include "curve/kernels_avx2.hpp"
#include "curve/kernels_ifma.hpp"
#include "curve/point_sums.hpp"

namespace ezkl {
namespace {

struct PortableMul {
  Fq operator()(const Fq& a, const Fq& b) const { return Fq::mul_portable(a, b); }
};

struct AdxMul {
  Fq operator()(const Fq& a, const Fq& b) const { return Fq::mul_adx(a, b); }
};

/// Points come in no order, and a pair takes longer than the processor looks ahead.
void prefetch_points(const G1Affine* points, const PairList& pairs, std::size_t i) {
  if (i >= pairs.n) return;
  __builtin_prefetch(points + (pairs.left[i] & ~PairList::negated_bit));
  __builtin_prefetch(points + (pairs.right[i] & ~PairList::negated_bit));
}

template <class Mul>
void add_pairs(G1Affine* out, const G1Affine* points, const PairList& pairs) {
  constexpr Mul mul{};
  using Kind = PairCase::Kind;
  // before[i] is the product of the divisors of all earlier pairs of the same parity: two chains of products, because
  // one would mostly wait for itself
  std::array<Fq, max_pairs> before, divisor;
  std::array<Kind, max_pairs> kind;
  Fq running[2] = {Fq::one(), Fq::one()};
  for (std::size_t i = 0; i < pairs.n; ++i) {
    prefetch_points(points, pairs, i + 8);
    // Signs matter to exceptional pairs alone.
    const G1Affine& p = points[pairs.left[i] & ~PairList::negated_bit];
    const G1Affine& q = points[pairs.right[i] & ~PairList::negated_bit];
    kind[i] = Kind::ordinary;
    divisor[i] = q.x - p.x;
    if (divisor[i].is_zero() || p.x.is_zero() || q.x.is_zero()) {
      const PairCase c = classify(signed_point(points, pairs.left[i]), signed_point(points, pairs.right[i]));
      kind[i] = c.kind;
      divisor[i] = c.divisor;
    }
    before[i] = running[i % 2];
    running[i % 2] = mul(running[i % 2], divisor[i]);
  }
  const Fq inverse = mul(running[0], running[1]).inverse(), even = mul(inverse, running[1]);
  running[1] = mul(inverse, running[0]);
  running[0] = even;
  for (std::size_t i = pairs.n; i-- > 0;) {
    if (i >= 8) prefetch_points(points, pairs, i - 8);
    const G1Affine p = signed_point(points, pairs.left[i]), q = signed_point(points, pairs.right[i]);
    out[pairs.to[i]] = finish(p, q, kind[i], mul(running[i % 2], before[i]), mul);
    running[i % 2] = mul(running[i % 2], divisor[i]);
  }
}

template <class Mul>
void double_points(G1Affine* points, std::size_t n) {
  constexpr Mul mul{};
  std::array<Fq, max_pairs> before;
  Fq running = Fq::one();
  // Only the identity has y = 0: it stays what it is.
  for (std::size_t i = 0; i < n; ++i) {
    before[i] = running;
    if (!points[i].is_identity()) running = mul(running, points[i].y.dbl());
  }
  running = running.inverse();
  for (std::size_t i = n; i-- > 0;) {
    const G1Affine p = points[i];
    if (p.is_identity()) continue;
    points[i] = finish(p, p, PairCase::Kind::doubling, mul(running, before[i]), mul);
    running = mul(running, p.y.dbl());
  }
}

template <class Mul>
std::size_t first_invalid(const G1Affine* points, std::size_t n) {
  constexpr Mul mul{};
  constexpr Fq three = Fq::from_u64(3);
  for (std::size_t i = 0; i < n; ++i) {
    const G1Affine& p = points[i];
    const bool reduced =
        detail::limbs_less(p.x.limb, Fq::modulus.data()) && detail::limbs_less(p.y.limb, Fq::modulus.data());
    if (!reduced) return i;
    if (!(mul(p.y, p.y) == mul(mul(p.x, p.x), p.x) + three) && !p.is_identity()) return i;
  }
  return n;
}

constexpr CurveKernels portable{"portable", 0, add_pairs<PortableMul>, double_points<PortableMul>,
                                first_invalid<PortableMul>};
#if defined(__x86_64__)
constexpr CurveKernels adx{"adx", cpu_adx, add_pairs<AdxMul>, double_points<AdxMul>, first_invalid<AdxMul>};
constexpr CurveKernels avx512{"avx512", cpu_avx512ifma, add_pairs_ifma, double_points_ifma, first_invalid_ifma};
constexpr CurveKernels avx2{"avx2", cpu_avx2, add_pairs_avx2, double_points_avx2, first_invalid_avx2};
constexpr const CurveKernels* compiled[] = {&avx512, &avx2, &adx, &portable};
#else
constexpr const CurveKernels* compiled[] = {&portable};
#endif

}  // namespace

std::span<const CurveKernels* const> compiled_curve_kernels() noexcept { return compiled; }

const CurveKernels& curve_kernels() {
  static const CurveKernels& chosen = choose_kernels(compiled_curve_kernels());
  return chosen;
}

void add_all_pairs(const CurveKernels& kernels, G1Affine* out, const G1Affine* points, const PairList& pairs) {
  for (std::size_t at = 0; at < pairs.n; at += max_pairs) {
    kernels.add_pairs(out, points,
                      {pairs.left + at, pairs.right + at, pairs.to + at, std::min(max_pairs, pairs.n - at)});
  }
}

}  // namespace ezkl
