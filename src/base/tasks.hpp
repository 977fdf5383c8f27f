#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

#include "base/session_state.hpp"

namespace ezkl {

/// The numbered tasks of one parallel call, which any thread of its session may take.
class Tasks {
 public:
  Tasks(std::size_t n, const std::function<void(std::size_t)>& task);

  std::size_t size() const { return n_; }
  SessionState* session() const { return session_; }
  bool left() const { return next_.load(std::memory_order_relaxed) < n_; }
  /// Whether this call is part of a task of `other`, or `other` itself.
  bool within(const Tasks& other) const;

  /// Takes tasks until none is left, those that follow one that threw without running them. Returns whether this call
  /// finished the last one.
  bool work();
  bool finished() const { return done_.load(std::memory_order_acquire) == n_; }
  /// What the first task that threw, by number, threw.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const std::size_t n_;
  const std::function<void(std::size_t)>& task_;
  SessionState* const session_;
  const Tasks* const around_;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::atomic<std::size_t> failed_;  ///< the first task that threw, n_ while none did; those before it have all begun
  std::mutex mutex_;                 ///< of error_
  std::exception_ptr error_;
};

/// Has the tasks done by this thread and others, `threads` in all for the outermost call of a session, and comes back
/// when the last one is done. Which threads these are is what a build chooses (EZKL_PARALLEL): pool.cpp or openmp.cpp.
void run_tasks(const std::shared_ptr<Tasks>& tasks, int threads);

}  // namespace ezkl
