// What gen-settings says of circuits that are too large for a machine.
#include "forecast.hpp"

#include <gtest/gtest.h>

#include "ezkl/session.hpp"

namespace {

using namespace ezkl;

GraphSettings of_rows(unsigned logrows, std::size_t rows) {
  GraphSettings out;
  out.run_args.logrows = logrows;
  out.num_rows = rows;
  out.total_assignments = 2 * rows;
  return out;
}

std::string warning_of(unsigned logrows, std::size_t rows) { return cli::forecast(of_rows(logrows, rows)).warning; }

TEST(Forecast, SmallCircuitsAreNoReasonToWarn) { EXPECT_EQ(warning_of(10, 1000), ""); }

TEST(Forecast, PartsThatFitAreOffered) {
  const std::string text = warning_of(26, 60'000'000);
  const std::size_t at = text.find("ezkl split --max-rows ");
  ASSERT_NE(at, std::string::npos) << text;
  const std::size_t rows = std::stoul(text.substr(at + 22));
  EXPECT_EQ(rows & (rows - 1), 0u);
  // A part of that size is none to warn of.
  unsigned logrows = 0;
  while ((std::size_t{1} << logrows) < rows) ++logrows;
  EXPECT_EQ(warning_of(logrows, rows - 7), "");
}

TEST(Forecast, MoreRowsThanTheModelHasAreNamed) {
  EXPECT_NE(warning_of(26, 100).find("has 100 rows, and a smaller --logrows will do"), std::string::npos);
}

TEST(Forecast, SomeMemoryIsKnown) { EXPECT_GT(cli::memory_of_this_process(), std::uint64_t{1} << 20); }

}  // namespace
