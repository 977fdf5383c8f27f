#include "base/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
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

TEST(Parallel, ExceptionsReachTheCaller) {
  EXPECT_THROW(parallel_tasks(100, [](std::size_t i) { if (i == 57) throw Error(Fault::range, "57"); }), Error);
  EXPECT_THROW(parallel_for(100, 1, [](std::size_t, std::size_t) { throw Error(Fault::range, "all"); }), Error);
}

}  // namespace
}  // namespace ezkl
