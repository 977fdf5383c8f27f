#include "tensor/half.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ezkl {
namespace {

TEST(Half, KnownBits) {
  EXPECT_EQ(half_bits(1), 0x3c00);
  EXPECT_EQ(half_bits(-2), 0xc000);
  EXPECT_EQ(half_bits(65504), 0x7bff);
  EXPECT_EQ(half_bits(0x1p-14), 0x0400);
  EXPECT_EQ(half_bits(0x1p-24), 0x0001);
  EXPECT_EQ(half_bits(-0.0), 0x8000);
  EXPECT_EQ(half_bits(-INFINITY), 0xfc00);
  EXPECT_EQ(half_bits(NAN), 0x7e00);
}

TEST(Half, EveryNumberKeepsItsBits) {
  for (unsigned bits = 0; bits < 0x10000u; ++bits) {
    const double value = half_value(static_cast<std::uint16_t>(bits));
    if ((bits & 0x7fffu) > 0x7c00u) {
      EXPECT_TRUE(std::isnan(value)) << bits;
    } else {
      EXPECT_EQ(half_bits(value), bits);
    }
  }
}

}  // namespace
}  // namespace ezkl
