#include "base/cpu.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

// The level is chosen once in a process, so the cases run in children.
TEST(CpuDeathTest, ForcedLevels) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto fault_with = [](const char* level) {
    ::setenv("EZKL_CPU", level, 1);
    try {
      cpu_bits();
      std::exit(cpu_level() == std::string_view(level) ? 0 : 1);
    } catch (const Error& e) {
      std::exit(int(e.fault()));
    }
  };
  EXPECT_EXIT(fault_with("portable"), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(fault_with("sse9"), ::testing::ExitedWithCode(int(Fault::usage)), "");
  EXPECT_EXIT(fault_with("AVX2"), ::testing::ExitedWithCode(int(Fault::usage)), "");
}

TEST(Cpu, AnEmptyVariableForcesNothing) {
  ::setenv("EZKL_CPU", "", 1);
  EXPECT_EQ(forced_cpu(), nullptr);
  ::setenv("EZKL_CPU", "adx", 1);
  EXPECT_STREQ(forced_cpu(), "adx");
  ::unsetenv("EZKL_CPU");
}

}  // namespace
}  // namespace ezkl
