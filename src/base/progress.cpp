#include "base/progress.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ezkl {

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(std::max<std::uint64_t>(total, 1)), session_(current_session()) {
  if (!session_) return;
  const std::lock_guard lock(session_->mutex);
  session_->counted.push_back(this);
}

Progress::~Progress() {
  if (!session_) return;
  if (done() >= total_) report_now();
  const std::lock_guard lock(session_->mutex);
  std::erase(session_->counted, this);
}

void Progress::step(std::uint64_t n) {
  done_.fetch_add(n, std::memory_order_relaxed);
  check_stop();
}

PhasePlan::PhasePlan(std::vector<PhaseCost> costs) : costs_(std::move(costs)) {
  for (const PhaseCost& phase : costs_) total_ += phase.cost;
  if (total_ <= 0 || !reports_progress()) return;
  session_ = current_session();
  const std::lock_guard lock(session_->mutex);
  before_ = std::exchange(session_->plan, this);
}

PhasePlan::~PhasePlan() {
  if (!session_) return;
  if (std::uncaught_exceptions() == exceptions_) {
    {
      const std::lock_guard lock(session_->mutex);
      at_ = costs_.size();
    }
    report_now();
  }
  const std::lock_guard lock(session_->mutex);
  session_->plan = before_;
}

double PhasePlan::weight() const { return at_ < costs_.size() ? costs_[at_].cost / total_ : 0; }

double PhasePlan::part_before() const {
  if (at_ == costs_.size()) return 1;
  double cost = 0;
  for (std::size_t i = 0; i < at_; ++i) cost += costs_[i].cost;
  return cost / total_;
}

void PhasePlan::enter(const char* phase) const {
  for (std::size_t i = begun_ ? at_ + 1 : 0; i < costs_.size(); ++i) {
    if (std::string_view(costs_[i].phase) != phase) continue;
    at_ = i;
    begun_ = true;
    return;
  }
}

}  // namespace ezkl
