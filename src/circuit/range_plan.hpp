#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "circuit/tape.hpp"

namespace ezkl::circuit {

/// How lo <= x <= hi is best proven with the range checks that the settings offer.
struct RangePlan {
  enum class Method : std::uint8_t {
    direct,       ///< a range check for exactly this range
    boolean,      ///< x · x = x
    shifted,      ///< x + c is in a range check of the same width
    complement,   ///< x + c and its mirror image in [lo, hi] are both in a wider range check
    digits,       ///< x - lo is a number of `digits` digits, the top one bounded by `top`
    both_digits,  ///< x - lo and hi - x are both numbers of `digits` digits
    sign          ///< x = s·m with m in [0, hi] and s = ±1, or s in the range check [-1, 1]
  };
  static constexpr std::size_t no_table = ~std::size_t{0};

  Method method = Method::boolean;
  Int128 lo = 0, hi = 0;
  std::uint64_t cost = 0;        ///< in half cells
  std::size_t table = no_table;  ///< range check used, for digits `no_table`: bits
  std::size_t digits = 0;
  Int128 base = 2;
  bool checks_top = false;
  Int128 top = 0;
};

/// The plans for range checks of some settings.
class RangePlans {
 public:
  /// `width`: inner columns.
  RangePlans(std::span<const Tape::Range> ranges, std::size_t width)
      : ranges_(ranges.begin(), ranges.end()), width_(width) {}

  /// lo < hi
  const RangePlan& plan(Int128 lo, Int128 hi);

  /// What one check takes, apart from a cell for x itself: cells, and rows of sums. Marks the range checks that it
  /// uses.
  struct Cells {
    std::uint64_t cells = 0, rows = 0;
  };
  Cells cells(Int128 lo, Int128 hi, std::vector<bool>& used);

 private:
  RangePlan best(Int128 lo, Int128 hi);
  void digit_plans(RangePlan& best, std::size_t table, Int128 base);
  std::uint64_t run_cost(std::size_t terms) const;

  std::vector<Tape::Range> ranges_;
  std::size_t width_;
  std::map<std::pair<Int128, Int128>, RangePlan> plans_;
};

}  // namespace ezkl::circuit
