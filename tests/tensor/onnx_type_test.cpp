#include "tensor/onnx_type.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

template <class T>
void expect_limits_of(DType type) {
  EXPECT_EQ(bits_of(type), 8 * sizeof(T)) << name(type);
  const auto [low, high] = integer_limits(type);
  EXPECT_TRUE(low == Int128{std::numeric_limits<T>::min()}) << name(type);
  EXPECT_TRUE(high == Int128{std::numeric_limits<T>::max()}) << name(type);
}

TEST(OnnxType, IntegersHaveTheLimitsOfTheirBits) {
  expect_limits_of<std::uint8_t>(DType::u8);
  expect_limits_of<std::uint16_t>(DType::u16);
  expect_limits_of<std::uint32_t>(DType::u32);
  expect_limits_of<std::uint64_t>(DType::u64);
  expect_limits_of<std::int8_t>(DType::i8);
  expect_limits_of<std::int16_t>(DType::i16);
  expect_limits_of<std::int32_t>(DType::i32);
  expect_limits_of<std::int64_t>(DType::i64);
  EXPECT_TRUE(integer_limits(DType::boolean).second == 1);
  EXPECT_THROW(integer_limits(DType::f32), Error);
  EXPECT_EQ(bits_of(DType::f16), 16u);
}

TEST(OnnxType, IntegersOfFourBitsAreHeldInEight) {
  EXPECT_EQ(onnx_element_type(onnx_uint4), std::nullopt);
  EXPECT_EQ(onnx_holding_type(onnx_uint4), DType::u8);
  EXPECT_EQ(onnx_holding_type(onnx_int4), DType::i8);
  EXPECT_EQ(onnx_holding_type(onnx_bfloat16), DType::f32);
  EXPECT_EQ(onnx_holding_type(8), std::nullopt);
}

}  // namespace
}  // namespace ezkl
