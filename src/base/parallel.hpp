#pragma once

#include <cstddef>
#include <functional>

namespace ezkl {

/// Threads a parallel call made here would use: 1 inside another parallel call, else what OMP_NUM_THREADS or the
/// number of processors says.
int thread_count();

/// Cuts 0 .. n-1 into at most thread_count() ranges of at least `grain` items and runs `body(begin, end)` on each.
/// Runs serially inside another parallel call. The first exception of a body is thrown again in the caller.
void parallel_for(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body);

/// Runs `task(i)` for every i in 0 .. n-1, handing out indices one at a time in ascending order. Exceptions and
/// nesting as for parallel_for; a single task runs in the caller, so that it may itself be parallel.
void parallel_tasks(std::size_t n, const std::function<void(std::size_t)>& task);

}  // namespace ezkl
