#include "poly/multilinear.hpp"

#include <gtest/gtest.h>

#include "../random_elements.hpp"
#include "ezkl/error.hpp"
#include "poly/cube.hpp"

namespace ezkl {
namespace {

using testing::random_elements;

Fr bit(std::uint64_t index, std::size_t bits, std::size_t i) { return Fr::from_u64(index >> (bits - 1 - i) & 1); }

TEST(Multilinear, EqIsOneAtItsOwnCorner) {
  for (std::uint64_t a = 0; a < 8; ++a) {
    for (std::uint64_t b = 0; b < 8; ++b) {
      const std::vector<Fr> corner{bit(a, 3, 0), bit(a, 3, 1), bit(a, 3, 2)};
      EXPECT_EQ(multilinear::eq_at(b, corner), Fr::from_u64(a == b ? 1 : 0));
    }
  }
}

TEST(Multilinear, TablesAgreeWithTheProduct) {
  Random random = Random::from_seed(1);
  for (std::size_t bits = 0; bits < 8; ++bits) {
    const std::vector<Fr> point = random_elements(bits, random);
    const std::vector<Fr> table = multilinear::eq_table(point);
    ASSERT_EQ(table.size(), std::size_t{1} << bits);
    for (std::uint64_t i = 0; i < table.size(); ++i) {
      std::vector<Fr> corner;
      for (std::size_t k = 0; k < bits; ++k) corner.push_back(bit(i, bits, k));
      EXPECT_EQ(table[i], multilinear::eq(corner, point));
      EXPECT_EQ(table[i], multilinear::eq_at(i, point));
    }
  }
}

TEST(Multilinear, ExtensionIsTheSumOverCorners) {
  Random random = Random::from_seed(2);
  for (std::size_t bits = 0; bits < 7; ++bits) {
    const std::vector<Fr> point = random_elements(bits, random), weights = multilinear::eq_table(point);
    const std::vector<Fr> table = random_elements(weights.size(), random);
    Fr sum;
    for (std::size_t i = 0; i < table.size(); ++i) sum += table[i] * weights[i];
    EXPECT_EQ(multilinear::evaluate(table, point), sum);
  }
}

TEST(Multilinear, BelowAndIotaAreSumsOverIndices) {
  Random random = Random::from_seed(3);
  for (std::size_t bits = 0; bits < 6; ++bits) {
    const std::vector<Fr> point = random_elements(bits, random), table = multilinear::eq_table(point);
    const Fr first = Fr::from_i64(-5);
    Fr below, iota;
    for (std::uint64_t n = 0; n <= table.size(); ++n) {
      EXPECT_EQ(multilinear::below(n, point), below) << n;
      EXPECT_EQ(multilinear::iota(n, first, point), iota) << n;
      if (n == table.size()) break;
      below += table[n];
      iota += table[n] * (first + Fr::from_u64(n));
    }
  }
}

TEST(Multilinear, LargeTablesAreBoundInParts) {
  Random random = Random::from_seed(4);
  const std::vector<Fr> point = random_elements(15, random);
  std::vector<Fr> table(std::size_t{1} << 15);
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = Fr::from_u64(i);
  EXPECT_EQ(multilinear::evaluate(table, point), multilinear::iota(table.size(), Fr::zero(), point));
}

/// Every cell by the definition: the bits of the axes one after the other.
std::uint64_t cell_of(std::span<const std::size_t> extents, std::uint64_t element) {
  std::uint64_t cell = 0;
  unsigned shift = 0;
  for (std::size_t axis = extents.size(); axis-- > 0;) {
    cell |= element % extents[axis] << shift;
    element /= extents[axis];
    shift += axis_bits(extents[axis]);
  }
  return cell;
}

TEST(Cube, CellsOfAllSmallShapes) {
  for (std::size_t a = 1; a <= 5; ++a) {
    for (std::size_t b = 1; b <= 5; ++b) {
      for (std::size_t c = 1; c <= 5; ++c) {
        const std::vector<std::size_t> extents{a, b, c};
        const Cube cube(extents);
        EXPECT_EQ(cube.elements(), a * b * c);
        EXPECT_EQ(cube.elements() % cube.run(), 0u);
        for (std::uint64_t i = 0; i < cube.elements(); ++i) EXPECT_EQ(cube.cell(i), cell_of(extents, i));
      }
    }
  }
  const Cube scalar(std::span<const std::size_t>{});
  EXPECT_EQ(scalar.bits(), 0u);
  EXPECT_EQ(scalar.elements(), 1u);
  EXPECT_EQ(scalar.cell(0), 0u);
}

TEST(Cube, OnesIsTheSumOverItsCells) {
  Random random = Random::from_seed(5);
  for (const std::vector<std::size_t>& extents : {std::vector<std::size_t>{3, 1, 5}, {4, 2}, {1}, {7}, {}}) {
    const Cube cube(extents);
    const std::vector<Fr> point = random_elements(cube.bits(), random), table = multilinear::eq_table(point);
    Fr sum;
    for (std::uint64_t i = 0; i < cube.elements(); ++i) sum += table[cube.cell(i)];
    EXPECT_EQ(cube.ones(point), sum);
  }
}

TEST(Cube, RefusesSizesBeforeAnythingIsReserved) {
  const auto refused = [](std::vector<std::size_t> extents) {
    try {
      Cube cube(extents);
      return false;
    } catch (const Error& e) {
      return e.fault() == Fault::range;
    }
  };
  EXPECT_TRUE(refused({3, 0}));
  EXPECT_TRUE(refused({std::size_t{1} << 40}));
  EXPECT_TRUE(refused({SIZE_MAX}));
  EXPECT_TRUE(refused({std::size_t{1} << 20, (std::size_t{1} << 14) + 1}));
  EXPECT_TRUE(refused(std::vector<std::size_t>(64, 3)));
  EXPECT_FALSE(refused({std::size_t{1} << 20, std::size_t{1} << 14}));
}

}  // namespace
}  // namespace ezkl
