#include "base/checked_int.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ezkl {
namespace {

constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();

TEST(CheckedInt, ComputesWhatFits) {
  EXPECT_EQ((CheckedInt(3) * 4 - 5 + 1).value(), 8);
  EXPECT_EQ((CheckedInt(-7) / 2).value(), -3);
  EXPECT_EQ((CheckedInt(lowest) + highest).value(), -1);
  EXPECT_EQ((-CheckedInt(highest)).value(), lowest + 1);
  EXPECT_EQ(CheckedInt(std::size_t{12}).size(), 12u);
  EXPECT_LT(CheckedInt(-1), CheckedInt(1));
}

TEST(CheckedInt, RefusesWhatDoesNot) {
  EXPECT_THROW(CheckedInt(highest) + 1, Error);
  EXPECT_THROW(CheckedInt(lowest) - 1, Error);
  EXPECT_THROW(CheckedInt(std::int64_t{1} << 32) * (std::int64_t{1} << 31), Error);
  EXPECT_THROW(CheckedInt(lowest) / -1, Error);
  EXPECT_THROW(CheckedInt(1) / 0, Error);
  EXPECT_THROW(-CheckedInt(lowest), Error);
  EXPECT_THROW(CheckedInt(std::uint64_t{1} << 63), Error);
  EXPECT_THROW(CheckedInt(-1).size(), Error);
}

TEST(CheckedInt, RealNumbersAreSaturated) {
  EXPECT_EQ(saturated_integer(-2.75), -2);
  EXPECT_EQ(saturated_integer(0x1p63), highest);
  EXPECT_EQ(saturated_integer(-INFINITY), lowest);
  EXPECT_THROW(saturated_integer(NAN), Error);
}

}  // namespace
}  // namespace ezkl
