#include "base/profile.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "../limits.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

/// Touches every page of some memory, and gives it back.
void take_memory(std::size_t bytes) {
  std::vector<char> block(bytes);
  for (std::size_t i = 0; i < bytes; i += 1024) block[i] = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

const PhaseRecord& find(const std::vector<PhaseRecord>& records, const char* name) {
  for (const PhaseRecord& r : records) {
    if (std::strcmp(r.name, name) == 0 && r.thread == 0) return r;
  }
  throw Error(Fault::internal, std::string("no phase ") + name);
}

TEST(Profile, PhasesNestAndFollowEachOther) {
  Profile profile("all");
  {
    Phase phase("first");
    { const Phase inner("inner"); }
    phase.next("second");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const std::vector<PhaseRecord> records = profile.finish();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_STREQ(records[0].name, "all");
  EXPECT_EQ(records[0].parent, -1);
  EXPECT_EQ(find(records, "first").parent, 0);
  EXPECT_EQ(find(records, "inner").parent, 1);
  EXPECT_EQ(find(records, "second").parent, 0);
  EXPECT_GE(find(records, "second").end_ns - find(records, "second").begin_ns, 5'000'000);
  EXPECT_GE(find(records, "second").begin_ns, find(records, "first").end_ns);
  EXPECT_LT(find(records, "second").cpu_ns, 5'000'000);
}

TEST(Profile, APhaseHasItsOwnPeakAndThoseOfItsParts) {
  if (testing::sanitized) GTEST_SKIP() << "the sanitizer holds freed memory back";
  constexpr std::size_t much = 64u << 20;
  Profile profile("all");
  {
    Phase phase("large");
    {
      const Phase inner("inner");
      take_memory(much);
    }
    phase.next("small");
    take_memory(much / 64);
  }
  const std::vector<PhaseRecord> records = profile.finish();
  const std::uint64_t small = find(records, "small").peak_bytes;
  if (small == 0) GTEST_SKIP() << "this system does not tell";
  EXPECT_GE(find(records, "inner").peak_bytes, small + much / 2);
  EXPECT_GE(find(records, "large").peak_bytes, find(records, "inner").peak_bytes);
  EXPECT_GE(find(records, "all").peak_bytes, find(records, "inner").peak_bytes);
}

TEST(Profile, ThreadsOfThePoolCarryTheNameOfTheCallersPhase) {
  Profile profile("all");
  std::size_t helped = 0;  // calls in which another thread took tasks
  {
    const Phase phase("loop");
    for (int round = 0; round < 10; ++round) {
      std::atomic<bool> help = false;
      parallel_tasks(8, [&, caller = std::this_thread::get_id()](std::size_t) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (std::this_thread::get_id() != caller) help = true;
      });
      helped += help ? 1 : 0;
    }
  }
  const std::vector<PhaseRecord> records = profile.finish();
  std::size_t others = 0;
  for (const PhaseRecord& r : records) {
    if (r.thread == 0) continue;
    ++others;
    EXPECT_STREQ(r.name, "loop");
    EXPECT_LE(r.begin_ns, r.end_ns);
  }
  // The last run of a thread may end after the profile.
  EXPECT_GE(others + 1, helped);
  if (helped == 0) {
    EXPECT_EQ(others, 0u);
  }
}

TEST(Profile, WithoutOneNothingHappensAndThereIsOneAtATime) {
  {
    Phase phase("nobody looks");
    phase.next("still nobody");
  }
  Profile profile("all");
  EXPECT_THROW(Profile("second"), Error);
  std::thread([] { const Phase phase("elsewhere"); }).join();
  EXPECT_EQ(profile.finish().size(), 1u);
  EXPECT_THROW(profile.finish(), Error);
}

TEST(Profile, APhaseThatAnErrorEndsLeavesTheNextProfileAlone) {
  try {
    Profile profile("all");
    const Phase phase("inner");
    throw Error(Fault::usage, "stop");
  } catch (const Error&) {
  }
  Profile profile("again");
  EXPECT_EQ(profile.finish().size(), 1u);
}

TEST(Profile, TheTableJoinsPhasesOfOneName) {
  std::vector<PhaseRecord> records(5);
  records[0] = {"prove", -1, 0, 0, 4'000'000'000, 6'000'000'000, 300u << 20, 0};
  records[1] = {"coset", 0, 0, 0, 1'000'000'000, 2'000'000'000, 200u << 20, 0};
  records[2] = {"load", 1, 0, 0, 500'000'000, 500'000'000, 100u << 20, 0};
  records[3] = {"coset", 0, 0, 2'000'000'000, 3'000'000'000, 1'000'000'000, 250u << 20, 0};
  records[4] = {"coset", -1, 1, 0, 1'000'000'000, 900'000'000, 0, 0};
  EXPECT_EQ(phase_table(records),
            "phase                                       wall s      cpu s  threads  peak MiB\n"
            "prove                                        4.000      6.000     1.50     300.0\n"
            "  coset x2                                   2.000      3.000     1.50     250.0\n"
            "    load                                     0.500      0.500     1.00     100.0\n");
}

}  // namespace
}  // namespace ezkl
