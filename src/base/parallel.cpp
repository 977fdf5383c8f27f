#include "base/parallel.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "base/tasks.hpp"

namespace ezkl {
namespace {

int processors() {
  static const int count = [] {
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
    return int(std::max(1u, std::thread::hardware_concurrency()));
  }();
  return count;
}

/// False in a process forked from one that worked on several threads: it has none of them, and may have locks that one
/// held.
bool has_threads() {
  static const pid_t process = ::getpid();
  return process == ::getpid();
}

}  // namespace

int thread_count() {
  const int wanted = session_options().threads;
  return wanted > 0 ? wanted : processors();
}

void parallel_tasks(std::size_t n, const std::function<void(std::size_t)>& task) {
  if (n > 1 && thread_count() > 1 && has_threads()) {
    const auto tasks = std::make_shared<Tasks>(n, task);
    run_tasks(tasks, thread_count());
    return tasks->rethrow();
  }
  for (std::size_t i = 0; i < n; ++i) {
    check_stop();
    task(i);
  }
}

void parallel_for(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body) {
  if (n == 0) return;
  grain = std::max<std::size_t>(grain, 1);
  const auto threads = static_cast<std::size_t>(thread_count());
  if (threads == 1 || n / 2 < grain) {
    check_stop();
    return body(0, n);
  }
  // Ranges of falling size: large ones while there is much to do, small ones for whoever comes late or is done early.
  std::vector<std::size_t> ends;
  for (std::size_t end = 0; end < n; ends.push_back(end)) {
    end += std::max<std::size_t>(1, (n - end) / grain / (2 * threads)) * grain;
    if (n - std::min(end, n) < grain) end = n;
  }
  parallel_tasks(ends.size(), [&](std::size_t i) { body(i == 0 ? 0 : ends[i - 1], ends[i]); });
}

}  // namespace ezkl
