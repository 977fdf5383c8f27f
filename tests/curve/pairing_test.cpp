#include "curve/pairing.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ezkl {
namespace {

using Pairs = std::vector<std::pair<G1Affine, G2Affine>>;

G1Affine g1(const Fr& s) { return G1::generator().mul(s).to_affine(); }
G2Affine g2(const Fr& s) { return G2Affine::generator().mul(s); }

TEST(Pairing, IsBilinearAndNotTrivial) {
  const Fr a = Fr::from_u64(0x1234567890abcdef), b = Fr::from_u64(0xfedcba987654321);
  const Fq12 base = pairing(G1Affine::generator(), G2Affine::generator());
  EXPECT_FALSE(base == Fq12::one());
  EXPECT_EQ(pairing(g1(a), g2(b)), pairing(g1(a * b), G2Affine::generator()));
  EXPECT_EQ(pairing(g1(a), g2(b)), pairing(G1Affine::generator(), g2(a * b)));
  EXPECT_EQ(pairing(g1(Fr::from_u64(13)), G2Affine::generator()), base.pow(13));
  EXPECT_EQ(pairing(-G1Affine::generator(), G2Affine::generator()), base.conjugate());
}

TEST(Pairing, ProductsOfSeveralPairs) {
  const Fr a = Fr::from_u64(77), b = -Fr::from_u64(99), c = Fr::from_u64(5);
  const Fr rest = -(a * b + c);
  EXPECT_TRUE(pairing_product_is_one(Pairs{{g1(a), g2(b)}, {g1(c), g2(Fr::one())}, {g1(rest), g2(Fr::one())}}));
  EXPECT_FALSE(
      pairing_product_is_one(Pairs{{g1(a), g2(b)}, {g1(c), g2(Fr::one())}, {g1(rest + Fr::one()), g2(Fr::one())}}));
  EXPECT_TRUE(pairing_product_is_one(Pairs{}));
  EXPECT_TRUE(pairing_product_is_one(Pairs{{G1Affine::identity(), g2(a)}, {g1(a), G2Affine::identity()}}));
  EXPECT_FALSE(pairing_product_is_one(Pairs{{g1(a), g2(b)}, {G1Affine::identity(), g2(a)}}));
}

}  // namespace
}  // namespace ezkl
