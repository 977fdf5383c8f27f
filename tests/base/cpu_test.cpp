#include "base/cpu.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

// The level is chosen once in a process, so the cases run in children.
TEST(CpuDeathTest, ForcedLevels) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto fault_of = [](const char* first, const char* second) {
    try {
      force_cpu_level(first);
      if (cpu_level() != std::string_view(first)) std::exit(1);
      force_cpu_level(second);
      std::exit(0);
    } catch (const Error& e) {
      std::exit(int(e.fault()));
    }
  };
  const int usage = int(Fault::usage);
  EXPECT_EXIT(fault_of("portable", "portable"), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(fault_of("sse9", "portable"), ::testing::ExitedWithCode(usage), "");
  EXPECT_EXIT(fault_of("AVX2", "portable"), ::testing::ExitedWithCode(usage), "");
  EXPECT_EXIT(fault_of("portable", "adx"), ::testing::ExitedWithCode(usage), "");
}

}  // namespace
}  // namespace ezkl
