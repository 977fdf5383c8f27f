#include "curve/g1.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "curve/g2.hpp"
#include "field/random.hpp"

namespace ezkl {
namespace {

TEST(G1, GroupLaws) {
  Random random = Random::from_seed(1);
  const G1 g = G1::generator();
  for (int i = 0; i < 5; ++i) {
    const Fr s = random_fr(random), t = random_fr(random);
    const G1 a = g.mul(s), b = g.mul(t);
    EXPECT_TRUE(a.to_affine().on_curve());
    EXPECT_EQ(a + b, g.mul(s + t));
    EXPECT_EQ(a + b.to_affine(), g.mul(s + t));
    EXPECT_EQ(a - b, g.mul(s - t));
    EXPECT_EQ(a.dbl(), g.mul(s + s));
    EXPECT_EQ(a + a, a.dbl());
    EXPECT_EQ(a + a.to_affine(), a.dbl());
    EXPECT_TRUE((a + (-a)).is_identity());
    EXPECT_TRUE((a + (-a.to_affine())).is_identity());
    EXPECT_EQ(a + G1::identity(), a);
    EXPECT_EQ(G1::identity() + a, a);
    EXPECT_EQ(G1::identity() + a.to_affine(), a);
    EXPECT_EQ(a + G1Affine::identity(), a);
    EXPECT_EQ(a.mul(t), b.mul(s));
    EXPECT_FALSE(a == b);
  }
  EXPECT_TRUE(g.mul(Fr::zero()).is_identity());
  EXPECT_EQ(g.mul(Fr::one()), g);
  EXPECT_EQ(g.mul(-Fr::one()), -g);
  EXPECT_TRUE(G1::identity().dbl().is_identity());
  EXPECT_TRUE(G1::identity().to_affine().is_identity());
  EXPECT_TRUE(G1(G1Affine::identity()).is_identity());
}

// 2 G, computed with rational arithmetic modulo the prime by reference/bn254.py.
TEST(G1, DoubleOfTheGenerator) {
  const G1Affine two = G1::generator().dbl().to_affine();
  EXPECT_EQ(two.x.to_hex_be(), "0x030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3");
  EXPECT_EQ(two.y.to_hex_be(), "0x15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4");
}

TEST(G1, BatchNormalisation) {
  Random random = Random::from_seed(2);
  std::vector<G1> points{G1::identity()};
  for (int i = 0; i < 20; ++i) points.push_back(G1::generator().mul(random_fr(random)));
  points.push_back(G1::identity());
  std::vector<G1Affine> out(points.size());
  batch_to_affine(points, out);
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(out[i], points[i].to_affine());
}

TEST(G2, GroupLawsAndSubgroup) {
  const G2Affine g = G2Affine::generator();
  EXPECT_TRUE(g.in_subgroup());
  EXPECT_TRUE(G2Affine::identity().in_subgroup());
  const Fr s = Fr::from_u64(123456789), t = -Fr::from_u64(987654321);
  EXPECT_EQ((G2(g.mul(s)) + G2(g.mul(t))).to_affine(), g.mul(s + t));
  EXPECT_EQ(G2(g).dbl().to_affine(), g.mul(Fr::from_u64(2)));
  EXPECT_EQ((G2(g) + G2(g)).to_affine(), g.mul(Fr::from_u64(2)));
  EXPECT_TRUE((G2(g) + G2(-g)).is_identity());
  // A point found by trying x = 1, 2, …: on the curve, but hardly of order r.
  for (std::uint64_t i = 1;; ++i) {
    const Fq2 x{Fq::from_u64(i), Fq::zero()};
    const Fq2 yy = x.square() * x + Fq2{Fq::from_u64(3), {}} * Fq2::xi().inverse();
    // Square root in Fq2 by the norm: y = a + b u with a^2 = (c0 + |yy|) / 2.
    const auto norm = (yy.c0.square() + yy.c1.square()).sqrt();
    if (!norm) continue;
    const auto a = ((yy.c0 + *norm) * Fq::from_u64(2).inverse()).sqrt();
    if (!a) continue;
    const Fq2 y{*a, yy.c1 * a->dbl().inverse()};
    const G2Affine p{x, y};
    ASSERT_TRUE(p.on_curve());
    EXPECT_FALSE(p.in_subgroup());
    break;
  }
  EXPECT_FALSE((G2Affine{g.y, g.x}).on_curve());
  EXPECT_FALSE((G2Affine{g.y, g.x}).in_subgroup());
}

}  // namespace
}  // namespace ezkl
