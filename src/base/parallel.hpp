#pragma once

#include <cstddef>
#include <functional>

namespace ezkl {

/// Threads that work for the calls of this thread: what its session says, or as many as processors.
int thread_count();

/// Runs `body(begin, end)` on ranges that together are 0 .. n-1, of at least `grain` items but where n is less. All but
/// the last begin and end at multiples of `grain`. Exceptions as for parallel_tasks.
void parallel_for(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body);

/// Runs `task(i)` for every i in 0 .. n-1, handing out indices one at a time in ascending order. If tasks throw, the
/// exception of the first one, by index, is thrown again in the caller: that of a run on one thread. Tasks have the
/// caller's session; once that is stopped, none begins and Stopped is thrown (session_state.hpp).
///
/// Bodies and tasks may call both functions again. Threads prefer tasks of the outermost calls; those that find none
/// left help with the calls inside the last ones. A thread that waits for its call's tasks takes on nothing but parts
/// of them, so a caller may hold locks that those do not need.
void parallel_tasks(std::size_t n, const std::function<void(std::size_t)>& task);

}  // namespace ezkl
