#include "curve/kernels.hpp"

#include <algorithm>
#include <array>

#include "base/cpu.hpp"
#include "curve/kernels_ifma.hpp"

namespace ezkl {
namespace {

struct PortableMul {
  Fq operator()(const Fq& a, const Fq& b) const { return Fq::mul_portable(a, b); }
};

struct AdxMul {
  Fq operator()(const Fq& a, const Fq& b) const { return Fq::mul_adx(a, b); }
};

template <class Mul>
void add_pairs(G1Affine* out, const G1Affine* points, const PairList& pairs) {
  constexpr Mul mul{};
  using Kind = PairCase::Kind;
  // before[i] is the product of the divisors of all earlier pairs
  std::array<Fq, max_pairs> before, divisor;
  std::array<Kind, max_pairs> kind;
  Fq running = Fq::one();
  for (std::size_t i = 0; i < pairs.n; ++i) {
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
    before[i] = running;
    running = mul(running, divisor[i]);
  }
  running = running.inverse();
  for (std::size_t i = pairs.n; i-- > 0;) {
    const G1Affine p = signed_point(points, pairs.left[i]), q = signed_point(points, pairs.right[i]);
    out[pairs.to[i]] = finish(p, q, kind[i], mul(running, before[i]), mul);
    running = mul(running, divisor[i]);
  }
}

constexpr CurveKernels portable{"portable", 0, add_pairs<PortableMul>};
#if defined(__x86_64__)
constexpr CurveKernels adx{"adx", cpu_adx, add_pairs<AdxMul>};
constexpr CurveKernels avx512{"avx512", cpu_avx512ifma, add_pairs_ifma};
constexpr const CurveKernels* compiled[] = {&avx512, &adx, &portable};
#else
constexpr const CurveKernels* compiled[] = {&portable};
#endif

}  // namespace

std::span<const CurveKernels* const> compiled_curve_kernels() noexcept { return compiled; }

const CurveKernels& curve_kernels() {
  static const CurveKernels& chosen = []() -> const CurveKernels& {
    const std::uint32_t bits = cpu_bits();
    for (const CurveKernels* kernels : compiled) {
      if ((bits & kernels->needs) == kernels->needs) return *kernels;
    }
    return portable;
  }();
  return chosen;
}

void add_all_pairs(const CurveKernels& kernels, G1Affine* out, const G1Affine* points, const PairList& pairs) {
  for (std::size_t at = 0; at < pairs.n; at += max_pairs) {
    kernels.add_pairs(out, points,
                      {pairs.left + at, pairs.right + at, pairs.to + at, std::min(max_pairs, pairs.n - at)});
  }
}

}  // namespace ezkl
