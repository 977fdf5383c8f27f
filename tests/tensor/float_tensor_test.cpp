#include "tensor/float_tensor.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ezkl {
namespace {

TEST(RoundTo, SinglePrecisionIsThatOfFloat) {
  EXPECT_EQ(round_to(DType::f32, 0.1), static_cast<double>(0.1f));
  EXPECT_EQ(round_to(DType::f64, 0.1), 0.1);
}

TEST(RoundTo, HalfPrecisionRoundsToEvenAndKeepsSubnormals) {
  EXPECT_EQ(round_to(DType::f16, 2049), 2048);
  EXPECT_EQ(round_to(DType::f16, 2051), 2052);
  EXPECT_EQ(round_to(DType::f16, 0x1p-24), 0x1p-24);
  EXPECT_EQ(round_to(DType::f16, 0x1p-26), 0);
  EXPECT_EQ(round_to(DType::f16, 65504), 65504);
  EXPECT_TRUE(std::isinf(round_to(DType::f16, 65520)));
}

TEST(RoundTo, SmallIntegersWrapAndLargeOnesSaturate) {
  EXPECT_EQ(round_to(DType::u8, 257.9), 1);
  EXPECT_EQ(round_to(DType::u8, -1), 255);
  EXPECT_EQ(round_to(DType::i8, 128), -128);
  EXPECT_EQ(round_to(DType::i32, -2.7), -2);
  EXPECT_EQ(round_to(DType::i64, 1e30), 0x1p63);
  EXPECT_EQ(round_to(DType::i32, NAN), 0);
}

TEST(RoundTo, BooleanIsNotZero) {
  EXPECT_EQ(round_to(DType::boolean, 0.25), 1);
  EXPECT_EQ(round_to(DType::boolean, 0), 0);
}

}  // namespace
}  // namespace ezkl
