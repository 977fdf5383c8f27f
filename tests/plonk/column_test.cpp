#include "plonk/column.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl::plonk {
namespace {

TEST(ColumnValues, SmallValuesStaySmallAndWideOnesAreSortedByRow) {
  ColumnValues column(8);
  const Fr wide = Fr::from_u64(3).inverse();
  column.set(5, wide);
  column.set(1, wide + Fr::one());
  column.set(3, std::int64_t{-7});
  column.set(4, Fr::from_i64(-9));
  ASSERT_EQ(column.wide().size(), 2u);
  EXPECT_EQ(column.wide()[0].first, 1u);
  EXPECT_EQ(column.wide()[1].first, 5u);
  EXPECT_EQ(column.small()[4], -9);
  EXPECT_EQ(column.at(3), Fr::from_i64(-7));
  EXPECT_EQ(column.at(5), wide);
  EXPECT_EQ(column.at(0), Fr::zero());
  std::vector<Fr> all(8);
  column.to_field(all);
  for (std::size_t row = 0; row < 8; ++row) EXPECT_EQ(all[row], column.at(row)) << row;
}

TEST(ColumnValues, OverwritingForgetsTheOldValue) {
  ColumnValues column(4);
  const Fr wide = Fr::from_u64(3).inverse();
  column.set(2, wide);
  column.set(2, std::int64_t{4});
  EXPECT_TRUE(column.wide().empty());
  EXPECT_EQ(column.at(2), Fr::from_u64(4));
  column.set(2, wide);
  EXPECT_EQ(column.small()[2], 0);
  column.set(2, Fr::zero());
  EXPECT_TRUE(column.is_zero());
}

TEST(ColumnValues, RowsBeyondTheColumnAreABug) {
  ColumnValues column(4);
  EXPECT_THROW(column.set(4, std::int64_t{1}), Error);
  EXPECT_THROW(column.set(4, Fr::one()), Error);
  EXPECT_THROW(column.at(4), Error);
  std::vector<Fr> out(3);
  EXPECT_THROW(column.to_field(out), Error);
}

TEST(SelectorBits, FollowTheKeyFile) {
  SelectorBits bits(16);
  bits.set(0);
  bits.set(9);
  EXPECT_TRUE(bits.get(9));
  EXPECT_FALSE(bits.get(8));
  EXPECT_EQ(bits.bytes()[0], 1);
  EXPECT_EQ(bits.bytes()[1], 2);
}

}  // namespace
}  // namespace ezkl::plonk
