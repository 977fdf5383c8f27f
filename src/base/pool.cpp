// Parallel calls by a pool of threads of our own, which sleep soon when there is nothing to do.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/tasks.hpp"

namespace ezkl {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a thread looks for work before it sleeps: about what waking it costs. OpenMP runtimes go on for
/// milliseconds, which shows as processor time between the parallel parts of a proof.
constexpr auto patience = std::chrono::microseconds(30);

/// How long a caller sleeps before it looks whether its progress is to be told.
constexpr auto nap = std::chrono::milliseconds(100);

/// The worker threads of one process, for all sessions. The caller of a parallel call works as well. Tasks may be
/// parallel themselves: their calls are there for every thread that has nothing else to do, so that the last tasks of a
/// call are cut among all threads.
class Pool {
 public:
  void run(const std::shared_ptr<Tasks>& tasks, int threads) {
    {
      const std::lock_guard lock(mutex_);
      hire(threads - 1);
      open_.push_back({tasks, tasks->session() ? tasks->session()->helpers : helpers_of_none_, threads});
      published_.fetch_add(1, std::memory_order_release);
      if (sleepers_ > 0) changed_.notify_all();
    }
    tasks->work();
    {
      const std::lock_guard lock(mutex_);
      open_.erase(std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.tasks == tasks; }));
    }
    // Other threads are at its last tasks. Only parts of these may be taken meanwhile: whatever else there is might
    // need a lock that this thread's caller holds.
    const auto part_of_it = [&](const Open& other) { return other.tasks->within(*tasks); };
    help(
        part_of_it, [] {}, [&] { return tasks->finished(); });
  }

 private:
  /// A call of which tasks may be left.
  struct Open {
    std::shared_ptr<Tasks> tasks;
    std::shared_ptr<std::atomic<int>> helpers;  ///< of the session
    int threads;
  };

  /// A system that gives no more threads is worked on with those that there are.
  void hire(int wanted) {
    try {
      for (; workers_ < wanted; ++workers_) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
    }
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
  }

  /// Works on calls that are `wanted`, older and so larger ones first, until it is `over`; `left` follows each.
  template <class Wanted, class Left, class Over>
  void help(const Wanted& wanted, const Left& left, const Over& over) {
    for (auto until = Clock::now() + patience; !over();) {
      const std::uint64_t seen = published_.load(std::memory_order_acquire);
      if (const std::shared_ptr<Tasks> tasks = find(wanted)) {
        const SessionScope scope(tasks->session());
        const bool last = tasks->work();
        left();
        if (last) {
          const std::lock_guard lock(mutex_);
          if (sleepers_ > 0) changed_.notify_all();
        }
        until = Clock::now() + patience;
        continue;
      }
      const auto news = [&] { return over() || published_.load(std::memory_order_acquire) != seen; };
      while (!news() && Clock::now() < until) pause();
      if (news()) continue;
      report_when_due();
      std::unique_lock lock(mutex_);
      ++sleepers_;
      if (reports_progress()) {
        changed_.wait_for(lock, nap, news);
      } else {
        changed_.wait(lock, news);
      }
      --sleepers_;
    }
  }

  template <class Wanted>
  std::shared_ptr<Tasks> find(const Wanted& wanted) {
    const std::lock_guard lock(mutex_);
    for (const Open& open : open_) {
      if (open.tasks->left() && wanted(open)) return open.tasks;
    }
    return nullptr;
  }

  void serve() {
    // A session gets no more threads than it asks for. Its counter outlives it: the call may be over, and the session
    // with it, before the last helper has left.
    std::shared_ptr<std::atomic<int>> place;
    const auto has_place = [&](const Open& open) {
      if (*open.helpers >= open.threads - 1) return false;
      ++*open.helpers;  // under the pool's mutex, as the comparison
      place = open.helpers;
      return true;
    };
    help(
        has_place, [&] { --*std::exchange(place, nullptr); }, [] { return false; });
  }

  std::mutex mutex_;  ///< of all below but published_
  std::condition_variable changed_;
  int sleepers_ = 0, workers_ = 0;
  std::vector<Open> open_;  ///< a call before those inside it
  const std::shared_ptr<std::atomic<int>> helpers_of_none_ = std::make_shared<std::atomic<int>>(0);
  std::atomic<std::uint64_t> published_{0};  ///< calls so far
};

}  // namespace

void run_tasks(const std::shared_ptr<Tasks>& tasks, int threads) {
  // Never destroyed: its threads sleep in it when the process ends.
  static Pool* const pool = new Pool;
  pool->run(tasks, threads);
}

}  // namespace ezkl
