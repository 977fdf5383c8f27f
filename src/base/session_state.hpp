#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ezkl/session.hpp"

namespace ezkl {

class PhasePlan;
class Progress;

/// What a session is inside. Threads that work for a call have the session of the thread that called.
struct SessionState {
  explicit SessionState(SessionOptions given) : options(std::move(given)) {}

  const SessionOptions options;
  std::atomic<bool> stopped{false};
  std::atomic<bool> in_use{false};
  const std::shared_ptr<std::atomic<int>> helpers = std::make_shared<std::atomic<int>>(0);  ///< threads of the pool

  std::mutex mutex;  ///< of what follows: what is known of the call's progress
  const char* phase = "";
  std::vector<const Progress*> counted;  ///< the innermost last
  const PhasePlan* plan = nullptr;
  std::chrono::steady_clock::time_point next_report{};  ///< the calling thread's alone
};

/// The session of this thread, null without one.
SessionState* current_session() noexcept;

/// Its options, the defaults without one.
const SessionOptions& session_options();

/// Leaves a call whose session is stopped. No ezkl::Error, so that nothing that looks into errors of a part takes it
/// for one; becomes Fault::cancelled where it leaves the library.
struct Stopped {};

/// For whatever takes long, every 100 ms or more often. Ends a stopped call, and reports the progress of this one, if
/// this is the thread that called. errors: Stopped.
void check_stop();

/// Only reports, where a thread must not leave what it waits for.
void report_when_due() noexcept;
/// Reports where something ends that was counted.
void report_now() noexcept;

/// Whether there is somebody to tell, and this thread is the one that tells it.
bool reports_progress() noexcept;

/// The session of a thread that works for another one's call, until the end of the scope.
class SessionScope {
 public:
  explicit SessionScope(SessionState* session) noexcept;
  ~SessionScope();
  SessionScope(const SessionScope&) = delete;
  SessionScope& operator=(const SessionScope&) = delete;

 private:
  SessionState* before_;
  bool calling_before_;
};

/// Names what the calling thread does from now on, and reports it; elsewhere nothing. Gives the name before.
/// errors: Stopped.
const char* enter_phase(const char* name);
/// Goes back to that name.
void leave_phase(const char* before) noexcept;

}  // namespace ezkl
