#include "base/parallel.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace ezkl {
namespace {

/// Keeps the first exception of a parallel region; afterwards no further task is begun.
class FirstError {
 public:
  template <class Body>
  void guard(Body&& body) {
    if (failed_.load(std::memory_order_relaxed)) return;
    try {
      body();
    } catch (...) {
      if (!failed_.exchange(true)) error_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failed_) std::rethrow_exception(error_);
  }

 private:
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;
};

}  // namespace

int thread_count() { return omp_in_parallel() ? 1 : std::max(1, omp_get_max_threads()); }

void parallel_for(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body) {
  if (n == 0) return;
  const std::size_t most = n / std::max<std::size_t>(grain, 1);
  const std::size_t parts = std::clamp<std::size_t>(most, 1, std::size_t(thread_count()));
  if (parts == 1) {
    body(0, n);
    return;
  }
  FirstError error;
#pragma omp parallel for num_threads(int(parts)) schedule(static, 1)
  for (std::size_t i = 0; i < parts; ++i) {
    error.guard([&] { body(n * i / parts, n * (i + 1) / parts); });
  }
  error.rethrow();
}

void parallel_tasks(std::size_t n, const std::function<void(std::size_t)>& task) {
  const std::size_t threads = std::min(n, std::size_t(thread_count()));
  if (threads <= 1) {
    for (std::size_t i = 0; i < n; ++i) task(i);
    return;
  }
  FirstError error;
#pragma omp parallel for num_threads(int(threads)) schedule(dynamic, 1)
  for (std::size_t i = 0; i < n; ++i) {
    error.guard([&] { task(i); });
  }
  error.rethrow();
}

}  // namespace ezkl
