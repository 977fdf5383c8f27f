#include "ezkl/session.hpp"

#include <utility>

#include "base/cpu.hpp"
#include "base/progress.hpp"
#include "base/session_state.hpp"

namespace ezkl {
namespace {

constexpr int most_threads = 1024;
constexpr auto report_every = std::chrono::milliseconds(100);

thread_local SessionState* current = nullptr;
thread_local bool calling = false;  ///< whether this thread made the call that it works for

void report(SessionState& session) noexcept {
  session.next_report = std::chrono::steady_clock::now() + report_every;
  try {
    std::string phase;
    ProgressReport report;
    {
      const std::lock_guard lock(session.mutex);
      phase = session.phase;
      if (!session.counted.empty()) {
        const Progress& counted = *session.counted.back();
        phase = counted.what();
        report.done = counted.done();
        report.total = counted.total();
      }
      if (session.plan) {
        report.weight = session.plan->weight();
        const double steps = report.total == 0 ? 0 : double(report.done) / double(report.total);
        report.part = session.plan->part_before() + report.weight * steps;
      }
    }
    report.phase = phase;
    session.options.progress(report);
  } catch (...) {
    // Nothing may leave the middle of a parallel call: whoever throws wants no more of it.
    session.stopped = true;
  }
}

}  // namespace

SessionState* current_session() noexcept { return current; }

const SessionOptions& session_options() {
  static const SessionOptions defaults;
  return current ? current->options : defaults;
}

bool reports_progress() noexcept { return calling && current && current->options.progress; }

void report_now() noexcept {
  if (reports_progress()) report(*current);
}

void report_when_due() noexcept {
  if (reports_progress() && std::chrono::steady_clock::now() >= current->next_report) report(*current);
}

void check_stop() {
  if (!current) return;
  report_when_due();
  if (current->stopped.load(std::memory_order_relaxed)) throw Stopped();
}

SessionScope::SessionScope(SessionState* session) noexcept
    : before_(std::exchange(current, session)), calling_before_(std::exchange(calling, false)) {
  // A caller that works on its own call's tasks stays the caller.
  if (before_ == session) calling = calling_before_;
}

SessionScope::~SessionScope() {
  current = before_;
  calling = calling_before_;
}

const char* enter_phase(const char* name) {
  if (!calling || !current) return nullptr;
  const char* before = nullptr;
  {
    const std::lock_guard lock(current->mutex);
    before = std::exchange(current->phase, name);
    if (current->plan) current->plan->enter(name);
  }
  try {
    if (current->options.progress) report(*current);
    check_stop();
  } catch (...) {
    leave_phase(before);
    throw;
  }
  return before;
}

void leave_phase(const char* before) noexcept {
  if (!calling || !current || !before) return;
  const std::lock_guard lock(current->mutex);
  current->phase = before;
}

Session::Session(SessionOptions options) {
  if (options.threads < 0 || options.threads > most_threads) {
    throw Error(Fault::usage, std::to_string(options.threads) + " threads: from 1 to " + std::to_string(most_threads) +
                                  " can be had, 0 stands for as many as processors");
  }
  if (!options.kernels.empty()) force_cpu_level(options.kernels);
  state_ = std::make_unique<SessionState>(std::move(options));
}

Session::~Session() = default;

const SessionOptions& Session::options() const noexcept { return state_->options; }
void Session::stop() noexcept { state_->stopped.store(true); }
bool Session::stopped() const noexcept { return state_->stopped.load(); }
void Session::resume() noexcept { state_->stopped.store(false); }

Session::Use::Use(Session& session)
    : before_(current), calling_before_(calling), outermost_(current != session.state_.get()) {
  SessionState* const state = session.state_.get();
  if (!outermost_) return;
  if (state->in_use.exchange(true))
    throw Error(Fault::usage, "a session serves one thread at a time, this one is in use");
  current = state;
  calling = true;
}

Session::Use::~Use() {
  if (!outermost_) return;
  current->in_use = false;
  current = before_;
  calling = calling_before_;
}

}  // namespace ezkl
