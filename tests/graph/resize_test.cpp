#include <gtest/gtest.h>

#include <cmath>

#include "converter_harness.hpp"
#include "graph/frontend/resize_taps.hpp"

namespace ezkl::testing_onnx {
namespace {

std::vector<std::size_t> nearest(const ResizeAxis& axis, const std::string& coordinates, const std::string& rounding) {
  ResizeMode mode;
  mode.coordinates = coordinates;
  mode.rounding = rounding;
  std::vector<std::size_t> indices;
  for (const auto& taps : resize_taps(axis, mode)) indices.push_back(taps->at(0).index);
  return indices;
}

TEST(ResizeTaps, NearestFollowsCoordinatesAndRounding) {
  using Indices = std::vector<std::size_t>;
  const ResizeAxis twice{2, 4, 2};
  EXPECT_EQ(nearest(twice, "asymmetric", "floor"), (Indices{0, 0, 1, 1}));
  EXPECT_EQ(nearest(twice, "asymmetric", "ceil"), (Indices{0, 1, 1, 1}));
  EXPECT_EQ(nearest(twice, "asymmetric", "round_prefer_floor"), (Indices{0, 0, 1, 1}));
  EXPECT_EQ(nearest(twice, "asymmetric", "round_prefer_ceil"), (Indices{0, 1, 1, 1}));
  EXPECT_EQ(nearest(twice, "half_pixel", "round_prefer_floor"), (Indices{0, 0, 1, 1}));
  EXPECT_EQ(nearest(twice, "align_corners", "floor"), (Indices{0, 0, 0, 1}));
  EXPECT_EQ(fault_of([&] { nearest(twice, "sideways", "floor"); }), Fault::unsupported);
  EXPECT_EQ(fault_of([&] { nearest(twice, "asymmetric", "up"); }), Fault::unsupported);
}

TEST(ResizeTaps, WeightsSumToOneAndStayInside) {
  for (const auto kernel : {ResizeMode::Kernel::linear, ResizeMode::Kernel::cubic}) {
    for (const bool exclude : {false, true}) {
      for (const bool antialias : {false, true}) {
        for (const double scale : {0.4, 0.5, 1.5, 3.0}) {
          ResizeMode mode;
          mode.kernel = kernel;
          mode.exclude_outside = exclude;
          mode.antialias = antialias;
          for (const auto& taps : resize_taps({5, std::size_t(std::floor(5 * scale)), scale}, mode)) {
            double sum = 0;
            for (const Tap& tap : *taps) {
              sum += tap.weight;
              EXPECT_LT(tap.index, 5u);
            }
            EXPECT_NEAR(sum, 1, 1e-12);
          }
        }
      }
    }
  }
}

TEST(ResizeTaps, CubicReproducesStraightLinesInside) {
  ResizeMode mode;
  mode.kernel = ResizeMode::Kernel::cubic;
  const auto taps = resize_taps({8, 16, 2}, mode);
  for (std::size_t i = 4; i < 12; ++i) {
    double value = 0;
    for (const Tap& tap : *taps[i]) value += tap.weight * double(tap.index);
    EXPECT_NEAR(value, (double(i) + 0.5) / 2 - 0.5, 0.05);
  }
}

TEST(ResizeTaps, CropsOutsideHaveNoTaps) {
  ResizeMode mode;
  mode.kernel = ResizeMode::Kernel::linear;
  mode.coordinates = "tf_crop_and_resize";
  const auto taps = resize_taps({4, 3, 0.75, 0.5, 1.5}, mode);
  EXPECT_TRUE(taps[0].has_value());
  EXPECT_TRUE(taps[1].has_value());
  EXPECT_FALSE(taps[2].has_value());
}

Model bilinear(const Reals& scales) {
  return {"Resize",
          "",
          {{"mode", text("linear")}},
          {floats({1, 1, 2, 2}, {1, 2, 3, 4})},
          {{1, floats({0}, {})}, {2, floats({scales.size()}, scales)}}};
}

TEST(Resize, BilinearBlendsNeighbours) {
  expect_close(run(bilinear({1, 1, 2, 2}))[0],
               {1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4});
}

TEST(Resize, SizesFollowTheOrderOfAxes) {
  const Model model{"Resize",
                    "",
                    {{"mode", text("nearest")}, {"axes", integers({3, 2})}},
                    {floats({1, 1, 2, 2}, {1, 2, 3, 4})},
                    {{1, floats({0}, {})}, {2, floats({0}, {})}, {3, whole(DType::i64, {2}, {2, 4})}}};
  expect_close(run(model)[0], {1, 2, 1, 2, 3, 4, 3, 4});
}

TEST(Resize, PublishedRepeatsWhateverTheCoordinates) {
  Model model{"Resize",
              "",
              {{"mode", text("nearest")},
               {"coordinate_transformation_mode", text("align_corners")},
               {"nearest_mode", text("floor")}},
              {floats({1, 1, 1, 2}, {1, 2})},
              {{1, floats({0}, {})}, {2, floats({4}, {1, 1, 1, 2})}}};
  RunArgs args = converter_args();
  args.semantics = Semantics::published;
  expect_close(run(model, args)[0], {1, 1, 2, 2});
  expect_close(run(model)[0], {1, 1, 1, 2});
  model.constants[2].data[3] = 1.5;
  EXPECT_EQ(fault_of([&] { run(model, args); }), Fault::unsupported);
}

TEST(Resize, BrokenScalesAreRefused) {
  EXPECT_EQ(fault_of([] { run(bilinear({1, 1, 0, 2})); }), Fault::format);
  EXPECT_EQ(fault_of([] { run(bilinear({1, 1, 1e30, 2})); }), Fault::format);
  EXPECT_EQ(fault_of([] { run(bilinear({1, 1, 2})); }), Fault::format);
}

}  // namespace
}  // namespace ezkl::testing_onnx
