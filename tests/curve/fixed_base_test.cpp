#include "curve/fixed_base.hpp"

#include <gtest/gtest.h>

#include "field/random.hpp"

namespace ezkl {
namespace {

TEST(FixedBase, MultipliesOneBase) {
  Random random = Random::from_seed(12);
  const G1Affine base = G1::generator().mul(random_fr(random)).to_affine();
  for (const std::size_t n : {0u, 1u, 20u, 3000u}) {
    std::vector<Fr> scalars(n);
    for (std::size_t i = 0; i < n; ++i) scalars[i] = i % 5 == 4 ? Fr::from_i64(std::int64_t(i) - 9) : random_fr(random);
    if (n > 3) {
      scalars[0] = Fr::zero();
      scalars[1] = Fr::one();
      scalars[2] = -Fr::one();
    }
    const std::vector<G1Affine> points = multiply_base(base, scalars);
    ASSERT_EQ(points.size(), n);
    for (std::size_t i = 0; i<n; i += n> 100 ? 37 : 1) EXPECT_EQ(G1(points[i]), G1(base).mul(scalars[i])) << i;
  }
}

TEST(FixedBase, MultipliesEachPoint) {
  Random random = Random::from_seed(13);
  for (const std::size_t n : {0u, 1u, 50u, 1500u}) {
    std::vector<Fr> logs(n), scalars(n);
    for (std::size_t i = 0; i < n; ++i) {
      logs[i] = random_fr(random);
      scalars[i] = i % 7 == 3 ? Fr::from_i64(std::int64_t(i) - 20) : random_fr(random);
    }
    std::vector<G1Affine> points = multiply_base(G1Affine::generator(), logs);
    if (n > 4) points[4] = G1Affine::identity();
    const std::vector<G1Affine> before = points;
    multiply_each(points, scalars);
    for (std::size_t i = 0; i<n; i += n> 100 ? 41 : 1) EXPECT_EQ(G1(points[i]), G1(before[i]).mul(scalars[i])) << i;
  }
}

}  // namespace
}  // namespace ezkl
