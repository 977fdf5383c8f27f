#include "tensor/shape.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(Shape, VolumeOfAScalarIsOneAndOfAnEmptyTensorZero) {
  EXPECT_EQ(volume({}), 1u);
  EXPECT_EQ(volume({2, 3, 4}), 24u);
  EXPECT_EQ(volume({std::size_t{1} << 62, 0, std::size_t{1} << 62}), 0u);
}

TEST(Shape, VolumeRefusesMoreThan2To40Elements) {
  EXPECT_EQ(volume({std::size_t{1} << 20, std::size_t{1} << 20}), std::size_t{1} << 40);
  EXPECT_THROW(volume({std::size_t{1} << 20, (std::size_t{1} << 20) + 1}), Error);
  EXPECT_THROW(volume({std::size_t{1} << 63, 2}), Error);
}

TEST(Shape, StridesAreRowMajor) {
  EXPECT_EQ(strides({2, 3, 4}), (std::vector<std::size_t>{12, 4, 1}));
  EXPECT_TRUE(strides({}).empty());
}

TEST(Shape, BroadcastStretchesOnesFromTheRight) {
  EXPECT_EQ(broadcast_shape({3, 1}, {2, 1, 4}), (Shape{2, 3, 4}));
  EXPECT_EQ(broadcast_shape({}, {5}), (Shape{5}));
  EXPECT_EQ(broadcast_shape({1}, {0}), (Shape{0}));
  EXPECT_THROW(broadcast_shape({2, 3}, {3, 2}), Error);
}

TEST(Shape, PrintsAsAList) { EXPECT_EQ(to_string(Shape{1, 3, 28}), "[1, 3, 28]"); }

}  // namespace
}  // namespace ezkl
