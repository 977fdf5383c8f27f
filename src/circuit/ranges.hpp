#pragma once

#include "circuit/range_plan.hpp"
#include "circuit/tape.hpp"

namespace ezkl::circuit {

/// Proves lo <= x <= hi with the range checks that the settings offer: directly, shifted, from both ends, or by digits.
class RangeLowering {
 public:
  explicit RangeLowering(Tape& tape) : tape_(tape), plans_(tape.ranges(), tape.geometry().width) {}
  void check(Var x, Int128 lo, Int128 hi);

 private:
  /// x = lo + Σ base^i · digit_i, each digit in its range; returns the top digit.
  Var digit_run(const RangePlan& plan, Var x, Int128 lo, bool free_top);
  /// A new value, in a range check or (RangePlan::no_table) 0 or 1.
  Var checked(Int128 value, std::size_t table);
  void apply(const RangePlan& plan, Var x);

  Tape& tape_;
  RangePlans plans_;
};

}  // namespace ezkl::circuit
