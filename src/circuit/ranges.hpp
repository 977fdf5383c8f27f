#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "circuit/tape.hpp"

namespace ezkl::circuit {

/// Proves lo <= x <= hi with the range checks that the settings offer: directly, shifted, from both ends, or by digits.
class RangeLowering {
 public:
  explicit RangeLowering(Tape& tape) : tape_(tape) {}
  void check(Var x, Int128 lo, Int128 hi);

 private:
  enum class Method : std::uint8_t {
    direct,       ///< a range check for exactly this range
    boolean,      ///< x · x = x
    shifted,      ///< x + c is in a range check of the same width
    complement,   ///< x + c and its mirror image in [lo, hi] are both in a wider range check
    digits,       ///< x - lo is a number of `digits` digits, the top one bounded by `top`
    both_digits,  ///< x - lo and hi - x are both numbers of `digits` digits
    sign          ///< x = s·m with m in [0, hi] and s = ±1, or s in the range check [-1, 1]
  };
  struct Plan {
    Method method = Method::boolean;
    Int128 lo = 0, hi = 0;
    std::uint64_t cost = 0;  ///< in half cells
    std::size_t table = 0;   ///< range check used, for digits `no_table`: bits
    std::size_t digits = 0;
    Int128 base = 2;
    bool checks_top = false;
    Int128 top = 0;
  };
  static constexpr std::size_t no_table = ~std::size_t{0};

  const Plan& plan(Int128 lo, Int128 hi);
  Plan best(Int128 lo, Int128 hi);
  void digit_plans(Plan& best, std::size_t table, Int128 base);
  std::uint64_t run_cost(std::size_t terms) const;
  /// x = lo + Σ base^i · digit_i, each digit in its range; returns the top digit.
  Var digit_run(const Plan& plan, Var x, Int128 lo, bool free_top);
  /// A new value, in a range check or (no_table) 0 or 1.
  Var checked(Int128 value, std::size_t table);
  void apply(const Plan& plan, Var x);

  Tape& tape_;
  std::map<std::pair<Int128, Int128>, Plan> plans_;
};

}  // namespace ezkl::circuit
