#include "base/parallel.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

TEST(Parallel, EveryItemOnce) {
  for (const std::size_t n : {0u, 1u, 2u, 1000u, 1001u}) {
    std::vector<std::atomic<int>> hits(n);
    parallel_for(n, 10, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++hits[i];
    });
    parallel_tasks(n, [&](std::size_t i) { ++hits[i]; });
    for (const auto& h : hits) EXPECT_EQ(h, 2);
  }
}

TEST(Parallel, RangesAreWholeGrainsButForTheLast) {
  std::mutex mutex;
  for (const std::size_t n : {16u, 17u, 31u, 32u, 1000u}) {
    parallel_for(n, 16, [&](std::size_t begin, std::size_t end) {
      const std::lock_guard lock(mutex);
      EXPECT_EQ(begin % 16, 0u);
      EXPECT_GE(end - begin, 16u);
      EXPECT_TRUE(end % 16 == 0 || end == n);
    });
  }
}

TEST(Parallel, CallsNest) {
  std::vector<std::atomic<int>> hits(64);
  parallel_tasks(8, [&](std::size_t a) {
    parallel_tasks(4, [&](std::size_t b) {
      parallel_for(2, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end; ++c) ++hits[8 * a + 2 * b + c];
      });
    });
  });
  for (const auto& h : hits) EXPECT_EQ(h, 1);
}

TEST(Parallel, IdleThreadsHelpWithCallsInsideTheLastTask) {
  if (thread_count() == 1) GTEST_SKIP() << "one thread";
  std::mutex mutex;
  std::set<std::thread::id> helpers;
  parallel_tasks(2, [&](std::size_t i) {
    if (i == 0) return;
    // Ends when a second thread has come, which has nothing else to do after the first task.
    std::atomic<int> here{0};
    parallel_tasks(2, [&](std::size_t) {
      ++here;
      while (here < 2) std::this_thread::yield();
      const std::lock_guard lock(mutex);
      helpers.insert(std::this_thread::get_id());
    });
  });
  EXPECT_EQ(helpers.size(), 2u);
}

TEST(Parallel, AWaitingThreadTakesOnNothingElse) {
  // Were a thread that waits for its inner call to begin another outer task, it would ask for the lock it holds.
  std::mutex mutex;
  std::atomic<int> sum{0};
  parallel_tasks(16, [&](std::size_t) {
    const std::lock_guard lock(mutex);
    parallel_tasks(4, [&](std::size_t) { ++sum; });
  });
  EXPECT_EQ(sum, 64);
}

TEST(Parallel, ASingleTaskMayUseAllThreads) {
  const int all = thread_count();
  parallel_tasks(1, [&](std::size_t) { EXPECT_EQ(thread_count(), all); });
}

TEST(Parallel, ManySmallJobs) {
  std::atomic<std::size_t> sum{0};
  for (std::size_t round = 0; round < 2000; ++round) parallel_tasks(5, [&](std::size_t i) { sum += i; });
  EXPECT_EQ(sum, 20000u);
}

TEST(Parallel, SeveralCallersAtOnce) {
  std::atomic<std::size_t> sum{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) parallel_tasks(8, [&](std::size_t i) { sum += i; });
    });
  }
  for (std::thread& t : callers) t.join();
  EXPECT_EQ(sum, 4u * 200u * 28u);
}

TEST(Parallel, AForkedProcessWorksOn) {
  parallel_tasks(4, [](std::size_t) {});
  const pid_t child = ::fork();
  if (child == 0) {
    std::atomic<int> hits{0};
    parallel_tasks(100, [&](std::size_t) { ++hits; });
    ::_exit(hits == 100 ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Parallel, TheFirstTaskThatFailsIsTheOneReported) {
  for (int round = 0; round < 50; ++round) {
    try {
      parallel_tasks(100, [](std::size_t i) {
        if (i == 20) std::this_thread::sleep_for(std::chrono::microseconds(100));
        if (i >= 20) throw Error(Fault::range, std::to_string(i));
      });
      FAIL();
    } catch (const Error& e) {
      EXPECT_STREQ(e.what(), "20");
    }
  }
}

TEST(Parallel, ExceptionsReachTheCaller) {
  EXPECT_THROW(parallel_tasks(100,
                              [](std::size_t i) {
                                if (i == 57) throw Error(Fault::range, "57");
                              }),
               Error);
  EXPECT_THROW(parallel_tasks(4,
                              [](std::size_t) {
                                parallel_tasks(4, [](std::size_t i) {
                                  if (i == 2) throw Error(Fault::range, "inside");
                                });
                              }),
               Error);
  EXPECT_THROW(parallel_for(100, 1, [](std::size_t, std::size_t) { throw Error(Fault::range, "all"); }), Error);
}

}  // namespace
}  // namespace ezkl
