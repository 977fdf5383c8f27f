#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "converter_harness.hpp"

namespace ezkl::testing_onnx {
namespace {

double quantized(double x, double scale, double zero, double low, double high) {
  return std::clamp(std::nearbyint(x / scale) + zero, low, high);
}

TEST(Quantized, QuantizeSmallScalesExactly) {
  // A scale that param_scale 10 could not hold: 1/0.00731 has to keep its digits.
  const Reals x{-1, -0.5, 0, 0.25, 0.5, 1.5, 3};
  Reals want;
  for (double value : x) want.push_back(quantized(value, 0.00731, 128, 0, 255));
  const Model model{
      "QuantizeLinear", "", {}, {floats({7}, x)}, {{1, floats({}, {0.00731})}, {2, whole(DType::u8, {}, {128})}}};
  EXPECT_EQ(run(model)[0], want);
}

TEST(Quantized, QuantizeRoundsHalvesToEven) {
  const Model model{
      "QuantizeLinear", "", {}, {floats({4}, {1, 3, -1, 5})}, {{1, floats({}, {2})}, {2, whole(DType::i8, {}, {0})}}};
  EXPECT_EQ(run(model)[0], (Reals{0, 2, 0, 2}));
}

TEST(Quantized, DequantizeAlongAnAxisAndInBlocks) {
  const FloatTensor x = whole(DType::u8, {2, 4}, {0, 10, 20, 30, 40, 50, 60, 255});
  const Model columns{"DequantizeLinear",
                      "",
                      {{"axis", integer(1)}},
                      {x},
                      {{1, floats({4}, {0.5, 1, 0.003, 2})}, {2, whole(DType::u8, {4}, {0, 10, 20, 0})}}};
  expect_close(run(columns)[0], {0, 0, 0, 60, 20, 40, 0.12, 510}, 0.001);
  const Model blocks{"DequantizeLinear",
                     "",
                     {{"axis", integer(1)}, {"block_size", integer(2)}},
                     {x},
                     {{1, floats({2, 2}, {1, 0.5, 0.25, 2})}}};
  expect_close(run(blocks)[0], {0, 10, 10, 15, 10, 12.5, 120, 510}, 0.001);
}

TEST(Quantized, MatMulKeepsWithinItsType) {
  const Reals a{200, 10, 0, 255};
  const Reals b{3, 250, 7, 100};
  const double a_scale = 0.0066;
  const double b_scale = 0.00705;
  const double y_scale = 0.0107;
  Reals want;
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 2; ++column) {
      double sum = 0;
      for (int k = 0; k < 2; ++k) sum += (a[std::size_t(row * 2 + k)] - 113) * (b[std::size_t(k * 2 + column)] - 114);
      want.push_back(quantized(sum * a_scale * b_scale, y_scale, 118, 0, 255));
    }
  }
  const Model model{"QLinearMatMul",
                    "",
                    {},
                    {whole(DType::u8, {2, 2}, a), whole(DType::u8, {2, 2}, b)},
                    {{1, floats({}, {a_scale})},
                     {2, whole(DType::u8, {}, {113})},
                     {4, floats({}, {b_scale})},
                     {5, whole(DType::u8, {}, {114})},
                     {6, floats({}, {y_scale})},
                     {7, whole(DType::u8, {}, {118})}}};
  EXPECT_EQ(run(model)[0], want);
}

TEST(Quantized, IntegerProductsTakeZeroPointsAway) {
  const Model product{"MatMulInteger",
                      "",
                      {},
                      {whole(DType::u8, {1, 2}, {11, 7}), whole(DType::u8, {2, 1}, {1, 4})},
                      {{2, whole(DType::u8, {}, {12})}, {3, whole(DType::u8, {}, {0})}}};
  EXPECT_EQ(run(product)[0], (Reals{-21}));
  const Model conv{"ConvInteger",
                   "",
                   {{"pads", integers({1, 1, 0, 0})}},
                   {whole(DType::u8, {1, 1, 2, 2}, {2, 3, 5, 6}), whole(DType::u8, {1, 1, 2, 2}, {1, 1, 1, 1})},
                   {{2, whole(DType::u8, {}, {1})}}};
  EXPECT_EQ(run(conv)[0], (Reals{1, 3, 5, 12}));
}

TEST(Quantized, PublishedSemanticsDoNothing) {
  RunArgs args = converter_args();
  args.semantics = Semantics::published;
  const Model model{"QuantizeLinear", "", {}, {floats({2}, {0.5, -1})}, {{1, floats({}, {0.25})}}};
  EXPECT_EQ(run(model, args)[0], (Reals{0.5, -1}));
}

TEST(Quantized, BadParametersAreRefused) {
  const Model negative{"QuantizeLinear", "", {}, {floats({2}, {0.5, -1})}, {{1, floats({}, {-0.25})}}};
  EXPECT_EQ(fault_of([&] { run(negative); }), Fault::format);
  const Model shaped{"QuantizeLinear", "", {}, {floats({2}, {0.5, -1})}, {{1, floats({3}, {1, 1, 1})}}};
  EXPECT_NE(fault_of([&] { run(shaped); }), Fault::usage);
}

TEST(IntegerDivision, TruncatesUnlessPublished) {
  Model model{"Div", "", {}, {whole(DType::i64, {6}, {2, 7, -7, 6, -1, 0})}, {{1, whole(DType::i64, {1}, {3})}}};
  RunArgs args = converter_args();
  EXPECT_EQ(run(model, args)[0], (Reals{0, 2, -2, 2, 0, 0}));
  args.semantics = Semantics::published;
  expect_close(run(model, args)[0], {2 / 3., 7 / 3., -7 / 3., 2, -1 / 3., 0}, 0.01);
  // Computed divisors, of either sign.
  args.semantics = Semantics::onnx;
  const Model computed{"Div", "", {}, {model.inputs[0], whole(DType::i64, {6}, {3, -2, -2, 3, 2, 5})}, {}};
  EXPECT_EQ(run(computed, args)[0], (Reals{0, -3, 3, 2, 0, 0}));
}

}  // namespace
}  // namespace ezkl::testing_onnx
