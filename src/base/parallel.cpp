#include "base/parallel.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/profile.hpp"

namespace ezkl {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a thread looks for work before it sleeps: about what waking it costs. OpenMP runtimes go on for
/// milliseconds, which shows as processor time between the parallel parts of a proof.
constexpr auto patience = std::chrono::microseconds(30);

/// True in worker threads, and in a caller while its tasks run.
thread_local bool inside = false;

int configured_threads() {
  // The variable may be a list for nested levels; the first number counts.
  if (const char* const text = std::getenv("OMP_NUM_THREADS")) {
    const long n = std::strtol(text, nullptr, 10);
    if (n >= 1) return int(std::min(n, 1024L));
  }
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
  return int(std::max(1u, std::thread::hardware_concurrency()));
}

int all_threads() {
  static const int count = configured_threads();
  return count;
}

/// Numbered tasks that any thread may take.
class Job {
 public:
  Job(std::size_t n, const std::function<void(std::size_t)>& task) : n_(n), task_(task) {}

  /// Takes tasks until none is left. Returns whether this call finished the last one.
  bool work() {
    bool last = false;
    std::optional<PoolPhase> phase;
    for (;;) {
      const std::size_t i = next_.fetch_add(1, std::memory_order_relaxed);
      if (i >= n_) return last;
      if (!phase) phase.emplace();
      // The function outlives the job's last task, not this object.
      if (!failed_.load(std::memory_order_relaxed)) {
        try {
          task_(i);
        } catch (...) {
          if (!failed_.exchange(true)) error_ = std::current_exception();
        }
      }
      last = done_.fetch_add(1, std::memory_order_acq_rel) + 1 == n_;
    }
  }
  bool finished() const { return done_.load(std::memory_order_acquire) == n_; }
  void rethrow() const {
    if (failed_) std::rethrow_exception(error_);
  }

 private:
  const std::size_t n_;
  const std::function<void(std::size_t)>& task_;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;
};

/// The worker threads of one process. The caller of a job works as well.
class Pool {
 public:
  explicit Pool(int workers) : process_(::getpid()) {
    for (int i = 0; i < workers; ++i) std::thread([this] { serve(); }).detach();
  }

  void run(std::size_t n, const std::function<void(std::size_t)>& task) {
    const auto job = std::make_shared<Job>(n, task);
    {
      const std::lock_guard lock(mutex_);
      job_ = job;
      number_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    inside = true;
    job->work();
    inside = false;
    const auto until = Clock::now() + patience;
    while (!job->finished() && Clock::now() < until) pause();
    if (!job->finished()) {
      std::unique_lock lock(mutex_);
      finished_.wait(lock, [&] { return job->finished(); });
    }
    job->rethrow();
  }

  /// Held by whoever runs a job.
  std::mutex& turn() { return turn_; }

  /// False in a process forked from this one: it has none of the threads, and may have locks that one of them held.
  bool usable() const { return process_ == ::getpid(); }

 private:
  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
  }

  void serve() {
    inside = true;
    std::uint64_t seen = 0;
    for (;;) {
      const auto until = Clock::now() + patience;
      while (number_.load(std::memory_order_acquire) == seen && Clock::now() < until) pause();
      std::shared_ptr<Job> job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return number_.load(std::memory_order_relaxed) != seen; });
        seen = number_.load(std::memory_order_relaxed);
        job = job_;
      }
      if (job->work()) {
        const std::lock_guard lock(mutex_);
        finished_.notify_all();
      }
    }
  }

  const pid_t process_;
  std::mutex mutex_, turn_;
  std::condition_variable wake_, finished_;
  std::shared_ptr<Job> job_;
  std::atomic<std::uint64_t> number_{0};
};

Pool& pool() {
  // Never destroyed: its threads sleep in it when the process ends.
  static Pool* const instance = new Pool(all_threads() - 1);
  return *instance;
}

}  // namespace

int thread_count() { return inside ? 1 : all_threads(); }

void parallel_tasks(std::size_t n, const std::function<void(std::size_t)>& task) {
  const auto serially = [&] {
    for (std::size_t i = 0; i < n; ++i) task(i);
  };
  if (n <= 1 || thread_count() == 1 || !pool().usable()) return serially();
  // A second thread of the program that wants to be parallel at the same time works alone.
  const std::unique_lock turn(pool().turn(), std::try_to_lock);
  if (!turn.owns_lock()) return serially();
  pool().run(n, task);
}

void parallel_for(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body) {
  if (n == 0) return;
  const std::size_t most = n / std::max<std::size_t>(grain, 1);
  const std::size_t parts = std::clamp<std::size_t>(most, 1, std::size_t(thread_count()));
  parallel_tasks(parts, [&](std::size_t i) { body(n * i / parts, n * (i + 1) / parts); });
}

}  // namespace ezkl
