#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "base/session_state.hpp"

namespace ezkl {

/// Counted work, which the session tells of; its end as well, where it is counted to the end. Any thread of the call
/// may make one and `step` it.
class Progress {
 public:
  Progress(std::string what, std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// errors: Stopped.
  void step(std::uint64_t n = 1);

  const std::string& what() const { return what_; }
  std::uint64_t done() const { return done_.load(std::memory_order_relaxed); }
  std::uint64_t total() const { return total_; }

 private:
  std::string what_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_{0};
  SessionState* session_;
};

struct PhaseCost {
  const char* phase;
  double cost;
};

/// What the phases of the call are predicted to cost, in their order and in any unit: from it follows which part of the
/// call is done. Phases that it does not list count for the one around or before them. The session is told of the end.
class PhasePlan {
 public:
  explicit PhasePlan(std::vector<PhaseCost> costs);
  ~PhasePlan();
  PhasePlan(const PhasePlan&) = delete;
  PhasePlan& operator=(const PhasePlan&) = delete;

  double weight() const;       ///< of the phase, of 1
  double part_before() const;  ///< of 1, of the phases before it; 1 at the end
  void enter(const char* phase) const;

 private:
  std::vector<PhaseCost> costs_;
  double total_ = 0;
  const int exceptions_ = std::uncaught_exceptions();
  mutable std::size_t at_ = 0;  ///< under the session's mutex, as the next
  mutable bool begun_ = false;
  SessionState* session_ = nullptr;
  const PhasePlan* before_ = nullptr;
};

}  // namespace ezkl
