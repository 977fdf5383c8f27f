#include "base/parallel.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
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

TEST(Parallel, InnerCallsRunInTheirThread) {
  parallel_tasks(4, [&](std::size_t) {
    const int outer = thread_count();
    parallel_for(100, 1, [&](std::size_t begin, std::size_t end) {
      if (outer == 1) {
        EXPECT_EQ(end - begin, 100u);
      }
    });
  });
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

TEST(Parallel, ExceptionsReachTheCaller) {
  EXPECT_THROW(parallel_tasks(100,
                              [](std::size_t i) {
                                if (i == 57) throw Error(Fault::range, "57");
                              }),
               Error);
  EXPECT_THROW(parallel_for(100, 1, [](std::size_t, std::size_t) { throw Error(Fault::range, "all"); }), Error);
}

}  // namespace
}  // namespace ezkl
