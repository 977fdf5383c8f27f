#include "api/cut_search.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Places = std::vector<std::size_t>;

std::vector<RowCount> rows(const std::vector<std::uint64_t>& model) {
  std::vector<RowCount> out;
  for (const std::uint64_t r : model) out.push_back({r, 0});
  return out;
}

TEST(CutSearch, ThePartsOfAPlaceStandSideBySide) {
  const CutSearch search({{10, 1}, {10, 50}}, {3, 4, 100}, {1, 1, 1});
  EXPECT_EQ(search.rows(0, 1), 10u);
  EXPECT_EQ(search.rows(0, 2), 103u);
  EXPECT_EQ(search.rows(1, 2), 104u);
}

TEST(CutSearch, FewestPartsBelowALimitAndTheNarrowestCutsOfThose) {
  const std::vector<std::uint64_t> none(7, 0);
  const CutSearch search(rows({10, 10, 10, 10, 10, 10}), none, {1, 9, 9, 5, 2, 9, 1});
  EXPECT_EQ(search.within(60), Places{});
  EXPECT_EQ(search.within(59), Places{4});
  EXPECT_EQ(search.within(30), Places{3});
  EXPECT_EQ(search.within(20), (Places{2, 4}));
  EXPECT_EQ(search.within(10), (Places{1, 2, 3, 4, 5}));
}

TEST(CutSearch, ANodeAboveTheLimitStandsAlone) {
  const CutSearch search(rows({10, 99, 10}), {0, 0, 0, 0}, {1, 1, 1, 1});
  EXPECT_EQ(search.within(20), (Places{1, 2}));
}

TEST(CutSearch, LinksCountForBothSides) {
  // Passing place 1 takes 30 rows in either part, which is more than the limit.
  const CutSearch search(rows({10, 10, 10}), {0, 30, 5, 0}, {1, 1, 1, 1});
  EXPECT_EQ(search.within(25), Places{2});
}

TEST(CutSearch, SoManyPartsOfMuchTheSameSize) {
  const std::vector<std::uint64_t> none(7, 0);
  const CutSearch search(rows({30, 10, 10, 10, 10, 10}), none, {1, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(search.into(2), Places{2});
  EXPECT_EQ(search.into(6), (Places{1, 2, 3, 4, 5}));
  EXPECT_THROW(search.into(7), Error);
  EXPECT_THROW(search.into(1), Error);
}

}  // namespace
}  // namespace ezkl
