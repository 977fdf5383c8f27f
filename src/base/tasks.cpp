#include "base/tasks.hpp"

#include <optional>
#include <utility>

#include "base/profile.hpp"

namespace ezkl {
namespace {

/// The call of which this thread runs a task.
thread_local const Tasks* current = nullptr;

}  // namespace

Tasks::Tasks(std::size_t n, const std::function<void(std::size_t)>& task)
    : n_(n), task_(task), session_(current_session()), around_(current), failed_(n) {}

bool Tasks::within(const Tasks& other) const {
  const Tasks* tasks = this;
  while (tasks != nullptr && tasks != &other) tasks = tasks->around_;
  return tasks != nullptr;
}

bool Tasks::work() {
  const Tasks* const before = std::exchange(current, this);
  bool last = false;
  std::optional<PoolPhase> phase;
  for (;;) {
    const std::size_t i = next_.fetch_add(1, std::memory_order_relaxed);
    if (i >= n_) break;
    if (before == nullptr && !phase) phase.emplace();
    // The function outlives the last task, not this object.
    if (i < failed_.load(std::memory_order_relaxed)) {
      try {
        check_stop();
        task_(i);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (i < failed_) {
          failed_ = i;
          error_ = std::current_exception();
        }
      }
    }
    last = done_.fetch_add(1, std::memory_order_acq_rel) + 1 == n_;
  }
  current = before;
  return last;
}

}  // namespace ezkl
