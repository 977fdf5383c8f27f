#include <gtest/gtest.h>

#include "curve/g1.hpp"
#include "curve/g2.hpp"
#include "field/random.hpp"

namespace ezkl {
namespace {

TEST(Encoding, PointsComeBack) {
  Random random = Random::from_seed(7);
  for (int i = 0; i < 10; ++i) {
    const G1Affine p = i == 0 ? G1Affine::identity() : G1::generator().mul(random_fr(random)).to_affine();
    EXPECT_EQ(*g1_from_raw(to_raw(p)), p);
    EXPECT_EQ(*g1_decompress(g1_compress(p)), p);
    const G2Affine q = i == 0 ? G2Affine::identity() : G2Affine::generator().mul(random_fr(random));
    EXPECT_EQ(*g2_from_raw(to_raw(q)), q);
  }
}

TEST(Encoding, KnownForms) {
  auto bytes = g1_compress(G1Affine::generator());
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[31], 0);
  bytes = g1_compress(-G1Affine::generator());
  EXPECT_EQ(bytes[31], 0x80);
  bytes = g1_compress(G1Affine::identity());
  EXPECT_EQ(bytes[31], 0x40);
  EXPECT_EQ(to_raw(G1Affine::identity()), (std::array<std::uint8_t, 64>{}));
}

TEST(Encoding, BadBytesAreRefused) {
  auto raw = to_raw(G1Affine::generator());
  raw[40] ^= 1;
  EXPECT_FALSE(g1_from_raw(raw));
  raw.fill(0xff);
  EXPECT_FALSE(g1_from_raw(raw));
  auto raw2 = to_raw(G2Affine::generator());
  raw2[100] ^= 1;
  EXPECT_FALSE(g2_from_raw(raw2));
  raw2.fill(0xff);
  EXPECT_FALSE(g2_from_raw(raw2));

  std::array<std::uint8_t, 32> bytes{};
  bytes[31] = 0xc0;
  EXPECT_FALSE(g1_decompress(bytes)) << "identity with a sign";
  bytes[31] = 0x40;
  bytes[0] = 1;
  EXPECT_FALSE(g1_decompress(bytes)) << "identity with an x";
  bytes.fill(0xff);
  bytes[31] = 0x3f;
  EXPECT_FALSE(g1_decompress(bytes)) << "x above the modulus";
  int refused = 0;
  for (std::uint8_t x = 2; x < 40; ++x) {
    bytes.fill(0);
    bytes[0] = x;
    if (!g1_decompress(bytes)) ++refused;
  }
  EXPECT_GT(refused, 5) << "half of all x belong to no point";
}

}  // namespace
}  // namespace ezkl
