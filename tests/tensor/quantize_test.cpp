#include "tensor/quantize.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(Quantize, HalvesGoAwayFromZero) {
  EXPECT_TRUE(quantize(0.00390625, 7) == 1);
  EXPECT_TRUE(quantize(-0.00390625, 7) == -1);
  EXPECT_TRUE(quantize(2.5, 0) == 3);
  EXPECT_TRUE(quantize(-2.5, 0) == -3);
  EXPECT_TRUE(quantize(5, -1) == 3);
}

TEST(Quantize, NanIsZeroAndTooLargeIsAnError) {
  EXPECT_TRUE(quantize(NAN, 7) == 0);
  for (const double sign : {1., -1.}) {
    EXPECT_THROW(quantize(sign * INFINITY, 7), Error);
    EXPECT_NO_THROW(quantize(sign * 0x1p120, 7));
    EXPECT_THROW(quantize(sign * std::nextafter(0x1p120, INFINITY), 7), Error);
  }
  EXPECT_TRUE(quantize(0x1p119, 7) == Int128{1} << 126);
}

TEST(Quantize, ScalesHaveBounds) {
  EXPECT_EQ(dequantize(1, 1000), 0x1p-1000);
  EXPECT_EQ(dequantize(1, -1000), 0x1p1000);
  for (const int scale : {1001, -1001, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
    EXPECT_FALSE(is_scale(scale));
    EXPECT_THROW(dequantize(8388608, scale), Error);
    EXPECT_THROW(quantize(0, scale), Error);
  }
}

TEST(Quantize, SaturatesOutside128Bits) {
  EXPECT_TRUE(round_half_away(1e40) == std::numeric_limits<Int128>::max());
  EXPECT_TRUE(round_half_away(-1e40) == std::numeric_limits<Int128>::min());
}

TEST(QuantizeInput, GoesThroughTheTypeFirst) {
  EXPECT_TRUE(quantize_input(0.1, DType::f32, 40) == quantize(static_cast<double>(0.1f), 40));
  EXPECT_TRUE(quantize_input(0.1, DType::f64, 40) == quantize(0.1, 40));
  EXPECT_TRUE(quantize_input(-2.9, DType::i64, 0) == -2);
  EXPECT_TRUE(quantize_input(-0x1p63, DType::i64, 0) == -(Int128{1} << 63));
  EXPECT_TRUE(quantize_input(0x1p63 - 1024, DType::i64, 0) == (Int128{1} << 63) - 1024);
  EXPECT_THROW(quantize_input(0x1p63, DType::i64, 0), Error);
  EXPECT_THROW(quantize_input(-1e30, DType::i64, 0), Error);
  EXPECT_TRUE(quantize_input(1.5, DType::boolean, 0) == 1);
  EXPECT_THROW(quantize_input(2, DType::boolean, 0), Error);
  EXPECT_THROW(quantize_input(NAN, DType::f32, 7), Error);
}

TEST(QuantizeConstant, RoundsToSinglePrecisionWhateverTheType) {
  const double values[] = {0.1, 16777217};
  const auto integers = quantize_constant(values, 0);
  EXPECT_TRUE(integers[1] == 16777216);
}

TEST(DivideHalfAway, AgreesWithDoublesWhereTheyAreExact) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10000; ++i) {
    const auto x = static_cast<std::int64_t>(random() % (1ull << 50)) - (std::int64_t{1} << 49);
    const auto d = static_cast<std::int64_t>(random() % 1000) + 1;
    EXPECT_TRUE(divide_half_away(x, d) == round_half_away(static_cast<double>(x) / static_cast<double>(d)))
        << x << "/" << d;
  }
}

TEST(DivideHalfAway, HoldsAtTheEdges) {
  const Int128 largest = std::numeric_limits<Int128>::max();
  EXPECT_TRUE(divide_half_away(largest, largest) == 1);
  EXPECT_TRUE(divide_half_away(std::numeric_limits<Int128>::min(), 1) == std::numeric_limits<Int128>::min());
  EXPECT_TRUE(divide_half_away(-1, 2) == -1);
  EXPECT_TRUE(divide_half_away(1, 3) == 0);
}

}  // namespace
}  // namespace ezkl
