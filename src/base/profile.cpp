#include "base/profile.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "base/ensure.hpp"
#include "base/memory.hpp"
#include "base/session_state.hpp"

namespace ezkl {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t since_epoch(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

std::int64_t cpu_ns(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

/// What is collected. One object, made at the first profile and never destroyed, since threads of the pool may look
/// at it at any time.
struct Collector {
  std::mutex mutex;  ///< of `records`
  std::vector<PhaseRecord> records;
  std::thread::id thread;
  Clock::time_point start;
  std::int32_t open = -1;  ///< the innermost phase; of the profile's own thread, as all that follows
  bool peaks = false;      ///< whether peaks can be restarted; otherwise only what is resident at boundaries is known
  std::atomic<const char*> name{nullptr};  ///< of the innermost phase

  std::int64_t now() const { return since_epoch(Clock::now()) - since_epoch(start); }
  /// Called at every boundary: what was reached since the last one counts for all phases that are open.
  std::uint64_t note_memory() {
    const ProcessMemory memory = process_memory();
    const std::uint64_t reached = peaks ? memory.peak : memory.resident;
    for (std::int32_t r = open; r >= 0; r = records[std::size_t(r)].parent) {
      std::uint64_t& peak = records[std::size_t(r)].peak_bytes;
      peak = std::max(peak, reached);
    }
    if (peaks) restart_peak();
    return memory.resident;
  }
};

/// Set while a profile collects.
std::atomic<Collector*> active{nullptr};

std::atomic<std::uint32_t> pool_threads{0};

std::uint32_t pool_thread_number() {
  thread_local const std::uint32_t number = ++pool_threads;
  return number;
}

}  // namespace

Profile::Profile(const char* name) {
  static Collector* const collector = new Collector;
  EZKL_ENSURE(active.load() == nullptr, "one profile at a time");
  const std::lock_guard lock(collector->mutex);
  collector->records.clear();
  collector->thread = std::this_thread::get_id();
  collector->start = Clock::now();
  collector->open = -1;
  collector->peaks = restart_peak();
  collector->name = name;
  PhaseRecord record;
  record.name = name;
  record.cpu_ns = -cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
  collector->records.push_back(record);
  collector->open = 0;
  active.store(collector, std::memory_order_release);
}

Profile::~Profile() { active.store(nullptr); }

std::vector<PhaseRecord> Profile::finish() {
  Collector* const collector = active.load();
  EZKL_ENSURE(collector != nullptr && collector->open == 0, "a profile ends once, after the phases in it");
  active.store(nullptr);
  const std::lock_guard lock(collector->mutex);
  PhaseRecord& whole = collector->records.front();
  whole.end_bytes = collector->note_memory();
  whole.end_ns = collector->now();
  whole.cpu_ns += cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
  return std::move(collector->records);
}

void Phase::begin(const char* name) {
  name_before_ = enter_phase(name);
  Collector* const collector = active.load(std::memory_order_acquire);
  if (collector == nullptr || std::this_thread::get_id() != collector->thread) return;
  const std::lock_guard lock(collector->mutex);
  collector->note_memory();
  PhaseRecord record;
  record.name = name;
  record.parent = collector->open;
  record.begin_ns = collector->now();
  record.cpu_ns = -cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
  record_ = static_cast<std::int32_t>(collector->records.size());
  collector->records.push_back(record);
  collector->open = record_;
  collector->name = name;
}

void Phase::end() {
  leave_phase(std::exchange(name_before_, nullptr));
  if (record_ < 0) return;
  Collector* const collector = active.load(std::memory_order_acquire);
  if (collector == nullptr) return;
  const std::lock_guard lock(collector->mutex);
  PhaseRecord& record = collector->records[static_cast<std::size_t>(record_)];
  record.end_ns = collector->now();
  record.cpu_ns += cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
  record.end_bytes = collector->note_memory();
  collector->open = record.parent;
  collector->name = collector->records[static_cast<std::size_t>(record.parent)].name;
  record_ = -1;
}

PoolPhase::PoolPhase() {
  Collector* const collector = active.load(std::memory_order_acquire);
  if (collector == nullptr || std::this_thread::get_id() == collector->thread) return;
  name_ = collector->name;
  begin_ns_ = since_epoch(Clock::now());
  begin_cpu_ns_ = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
}

PoolPhase::~PoolPhase() {
  if (name_ == nullptr) return;
  Collector* const collector = active.load(std::memory_order_acquire);
  if (collector == nullptr) return;
  PhaseRecord record;
  record.name = name_;
  record.thread = pool_thread_number();
  record.cpu_ns = cpu_ns(CLOCK_THREAD_CPUTIME_ID) - begin_cpu_ns_;
  const std::lock_guard lock(collector->mutex);
  record.begin_ns = begin_ns_ - since_epoch(collector->start);
  record.end_ns = collector->now();
  if (record.begin_ns < 0) return;  // of a profile that is over
  collector->records.push_back(record);
}

}  // namespace ezkl
