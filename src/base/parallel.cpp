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
#include <utility>
#include <vector>

#include "base/profile.hpp"

namespace ezkl {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a thread looks for work before it sleeps: about what waking it costs. OpenMP runtimes go on for
/// milliseconds, which shows as processor time between the parallel parts of a proof.
constexpr auto patience = std::chrono::microseconds(30);

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

class Job;

/// The job whose task this thread runs.
thread_local const Job* current = nullptr;

/// Numbered tasks that any thread may take.
class Job {
 public:
  Job(std::size_t n, const std::function<void(std::size_t)>& task) : n_(n), task_(task), around_(current), failed_(n) {}

  bool has_tasks() const { return next_.load(std::memory_order_relaxed) < n_; }
  /// Whether this job is part of another one's task, or that job itself.
  bool within(const Job& other) const {
    const Job* job = this;
    while (job != nullptr && job != &other) job = job->around_;
    return job != nullptr;
  }

  /// Takes tasks until none is left. Returns whether this call finished the last one.
  bool work() {
    const Job* const before = std::exchange(current, this);
    bool last = false;
    std::optional<PoolPhase> phase;
    for (;;) {
      const std::size_t i = next_.fetch_add(1, std::memory_order_relaxed);
      if (i >= n_) break;
      if (before == nullptr && !phase) phase.emplace();
      // The function outlives the job's last task, not this object.
      if (i < failed_.load(std::memory_order_relaxed)) {
        try {
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
  bool finished() const { return done_.load(std::memory_order_acquire) == n_; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const std::size_t n_;
  const std::function<void(std::size_t)>& task_;
  const Job* const around_;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::atomic<std::size_t> failed_;  ///< the first task that threw, n_ while none did; those before it have all begun
  std::mutex mutex_;                 ///< of error_
  std::exception_ptr error_;
};

/// The worker threads of one process. The caller of a job works as well. Tasks may be parallel themselves: their jobs
/// are there for every thread that has nothing else to do, so that the last tasks of a job are cut among all threads.
class Pool {
 public:
  explicit Pool(int workers) : process_(::getpid()) {
    for (int i = 0; i < workers; ++i) std::thread([this] { serve(); }).detach();
  }

  void run(std::size_t n, const std::function<void(std::size_t)>& task) {
    const auto job = std::make_shared<Job>(n, task);
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(job);
      published_.fetch_add(1, std::memory_order_release);
      if (sleepers_ > 0) changed_.notify_all();
    }
    job->work();
    {
      const std::lock_guard lock(mutex_);
      open_.erase(std::find(open_.begin(), open_.end(), job));
    }
    // Other threads are at its last tasks. Only parts of these may be taken meanwhile: whatever else there is might
    // need a lock that this thread's caller holds.
    const auto part_of_it = [&](const Job& other) { return other.within(*job); };
    help(part_of_it, [&] { return job->finished(); });
    job->rethrow();
  }

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

  /// Works on jobs that are `wanted`, older and so larger ones first, until it is `over`.
  template <class Wanted, class Over>
  void help(const Wanted& wanted, const Over& over) {
    for (auto until = Clock::now() + patience; !over();) {
      const std::uint64_t seen = published_.load(std::memory_order_acquire);
      if (const std::shared_ptr<Job> job = find(wanted)) {
        if (job->work()) {
          const std::lock_guard lock(mutex_);
          if (sleepers_ > 0) changed_.notify_all();
        }
        until = Clock::now() + patience;
        continue;
      }
      const auto news = [&] { return over() || published_.load(std::memory_order_acquire) != seen; };
      while (!news() && Clock::now() < until) pause();
      if (news()) continue;
      std::unique_lock lock(mutex_);
      ++sleepers_;
      changed_.wait(lock, news);
      --sleepers_;
    }
  }

  template <class Wanted>
  std::shared_ptr<Job> find(const Wanted& wanted) {
    const std::lock_guard lock(mutex_);
    for (const std::shared_ptr<Job>& job : open_) {
      if (job->has_tasks() && wanted(*job)) return job;
    }
    return nullptr;
  }

  void serve() {
    help([](const Job&) { return true; }, [] { return false; });
  }

  const pid_t process_;
  std::mutex mutex_;  ///< of all below but published_
  std::condition_variable changed_;
  int sleepers_ = 0;
  std::vector<std::shared_ptr<Job>> open_;   ///< of which tasks may be left, a job before those inside it
  std::atomic<std::uint64_t> published_{0};  ///< jobs so far
};

Pool& pool() {
  // Never destroyed: its threads sleep in it when the process ends.
  static Pool* const instance = new Pool(all_threads() - 1);
  return *instance;
}

}  // namespace

int thread_count() { return all_threads(); }

void parallel_tasks(std::size_t n, const std::function<void(std::size_t)>& task) {
  if (n > 1 && thread_count() > 1 && pool().usable()) return pool().run(n, task);
  for (std::size_t i = 0; i < n; ++i) task(i);
}

void parallel_for(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body) {
  if (n == 0) return;
  grain = std::max<std::size_t>(grain, 1);
  const auto threads = static_cast<std::size_t>(thread_count());
  if (threads == 1 || n / 2 < grain) return body(0, n);
  // Ranges of falling size: large ones while there is much to do, small ones for whoever comes late or is done early.
  std::vector<std::size_t> ends;
  for (std::size_t end = 0; end < n; ends.push_back(end)) {
    end += std::max<std::size_t>(1, (n - end) / grain / (2 * threads)) * grain;
    if (n - std::min(end, n) < grain) end = n;
  }
  parallel_tasks(ends.size(), [&](std::size_t i) { body(i == 0 ? 0 : ends[i - 1], ends[i]); });
}

}  // namespace ezkl
