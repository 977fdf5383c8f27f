#include "curve/kernels.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/cpu.hpp"
#include "curve/msm.hpp"
#include "field/random.hpp"

namespace ezkl {
namespace {

class EveryCurveKernel : public ::testing::TestWithParam<const CurveKernels*> {
 protected:
  void SetUp() override {
    if ((cpu_bits() & GetParam()->needs) != GetParam()->needs) GTEST_SKIP() << "this processor cannot run it";
  }
};

/// points[0] is the identity; 1 and 2 are opposite.
std::vector<G1Affine> make_points(std::size_t n) {
  std::vector<G1> points{G1::identity(), G1::generator(), -G1::generator()};
  G1 p = G1::generator().mul(Fr::from_u64(31337).pow(11));
  while (points.size() < n) {
    points.push_back(p);
    p = p.dbl() + G1Affine::generator();
  }
  std::vector<G1Affine> out(points.size());
  batch_to_affine(points, out);
  return out;
}

TEST_P(EveryCurveKernel, AddsEveryKindOfPair) {
  const std::vector<G1Affine> points = make_points(40);
  const auto at = [&](std::uint32_t i) {
    const G1Affine p = points[i & ~PairList::negated_bit];
    return i & PairList::negated_bit ? -p : p;
  };
  Random random = Random::from_seed(3);
  for (const std::size_t n : {0u, 1u, 7u, 8u, 9u, 100u, 2048u}) {
    std::vector<std::uint32_t> left(n), right(n), to(n);
    for (std::size_t i = 0; i < n; ++i) {
      // few different points: many pairs are equal, opposite or hold the identity
      const std::uint64_t draw = random.next_u64();
      const std::uint32_t span = i % 3 == 0 ? 3 : 40;
      left[i] = std::uint32_t(draw % span) | (draw >> 63 ? PairList::negated_bit : 0);
      right[i] = std::uint32_t((draw >> 20) % span) | (draw >> 62 & 1 ? PairList::negated_bit : 0);
      to[i] = std::uint32_t(n - 1 - i);
    }
    std::vector<G1Affine> out(n);
    GetParam()->add_pairs(out.data(), points.data(), {left.data(), right.data(), to.data(), n});
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_EQ(out[n - 1 - i], (G1(at(left[i])) + at(right[i])).to_affine()) << i << " of " << n;
    }
  }
}

TEST_P(EveryCurveKernel, AddsInPlace) {
  const std::vector<G1Affine> points = make_points(203);
  std::vector<G1Affine> work = points;
  std::vector<std::uint32_t> left, right;
  for (std::uint32_t i = 0; i < 100; ++i) {
    left.push_back(i);
    right.push_back(i + 100);
  }
  GetParam()->add_pairs(work.data(), work.data(), {left.data(), right.data(), left.data(), left.size()});
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(work[i], (G1(points[i]) + points[i + 100]).to_affine()) << i;
  for (std::size_t i = 100; i < points.size(); ++i) EXPECT_EQ(work[i], points[i]);
}

TEST_P(EveryCurveKernel, Doubles) {
  for (const std::size_t n : {0u, 1u, 8u, 13u, 200u}) {
    const std::vector<G1Affine> points = make_points(n);  // the identity among them
    std::vector<G1Affine> out = points;
    GetParam()->double_points(out.data(), n);
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(out[i], G1(points[i]).dbl().to_affine()) << i << " of " << n;
  }
}

TEST_P(EveryCurveKernel, FindsTheFirstInvalidPoint) {
  const std::vector<G1Affine> good = make_points(45);
  const auto check = [&](std::span<const G1Affine> points) {
    return GetParam()->first_invalid(points.data(), points.size());
  };
  for (const std::size_t n : {0u, 1u, 8u, 45u}) EXPECT_EQ(check(std::span(good).first(n)), n);
  for (const std::size_t i : {0u, 3u, 7u, 8u, 44u}) {
    std::vector<G1Affine> points = good;
    points[i].y += Fq::one();
    EXPECT_EQ(check(points), i);
    points[i] = {Fq::zero(), Fq::one()};
    EXPECT_EQ(check(points), i);
    points[i] = {Fq::one(), Fq::zero()};
    EXPECT_EQ(check(points), i);
    // the right point with a coordinate that is not reduced
    points[i] = good[4];
    Uint128 carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      carry += Uint128(points[i].y.limb[j]) + Fq::modulus[j];
      points[i].y.limb[j] = std::uint64_t(carry);
      carry >>= 64;
    }
    EXPECT_EQ(check(points), i);
    points[i] = G1Affine{Fq::from_limbs(Fq::modulus), Fq::from_limbs(Fq::modulus)};
    EXPECT_EQ(check(points), i);
    points[i] = G1Affine{Fq::from_limbs({~0ull, ~0ull, ~0ull, ~0ull}), Fq::zero()};
    EXPECT_EQ(check(points), i);
  }
}

TEST_P(EveryCurveKernel, SumsAgreeWithPortable) {
  const std::size_t n = 700;
  const std::vector<G1Affine> points = make_points(n);
  Random random = Random::from_seed(4);
  std::vector<Fr> scalars(n);
  std::vector<std::int64_t> small(n);
  for (std::size_t i = 0; i < n; ++i) {
    scalars[i] = random_fr(random);
    small[i] = std::int64_t(random.next_u64()) >> (i % 64);
  }
  const CurveKernels& portable = *compiled_curve_kernels().back();
  EXPECT_EQ(msm_with(*GetParam(), points, scalars), msm_with(portable, points, scalars));
  EXPECT_EQ(msm_small_with(*GetParam(), points, small), msm_small_with(portable, points, small));
  // all in one bucket: doublings all the way
  const std::vector<G1Affine> same(n, points[5]);
  EXPECT_EQ(msm_small_with(*GetParam(), same, std::vector<std::int64_t>(n, 1)), G1(points[5]).mul(Fr::from_u64(n)));
}

INSTANTIATE_TEST_SUITE_P(Curve, EveryCurveKernel,
                         ::testing::ValuesIn(compiled_curve_kernels().begin(), compiled_curve_kernels().end()),
                         [](const auto& p) { return std::string(p.param->name); });

}  // namespace
}  // namespace ezkl
