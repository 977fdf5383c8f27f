#include "circuit/ranges.hpp"

#include "base/int128.hpp"
#include "ezkl/error.hpp"

namespace ezkl::circuit {

using Method = RangePlan::Method;

Var RangeLowering::checked(Int128 value, std::size_t table) {
  const Var v = tape_.fresh(value);
  if (table == RangePlan::no_table) {
    tape_.mult(v, v, v);
  } else {
    tape_.need_range(v, table);
  }
  return v;
}

Var RangeLowering::digit_run(const RangePlan& plan, Var x, Int128 lo, bool free_top) {
  std::vector<Var> digits, powers;
  auto rest = tape_.witness() ? Uint128(tape_.value(x)) - Uint128(lo) : Uint128(0);
  const auto base = Uint128(plan.base);
  Int128 power = 1;
  for (std::size_t i = 0; i < plan.digits; ++i) {
    const bool top = i + 1 == plan.digits;
    const auto digit = Int128(top ? rest : rest % base);
    digits.push_back(top && free_top ? tape_.fresh(digit) : checked(digit, plan.table));
    powers.push_back(tape_.constant(power));
    rest /= base;
    if (!top) power *= plan.base;
  }
  const Var top = digits.back();
  // The top digit's own range may be checked on this very row, so it has to be asked for before.
  if (free_top) check(top, 0, plan.top);
  if (lo != 0) {
    digits.push_back(tape_.constant(1));
    powers.push_back(tape_.constant(lo));
  }
  tape_.dot(digits, powers, x);
  return top;
}

void RangeLowering::apply(const RangePlan& plan, Var x) {
  const bool witness = tape_.witness();
  const Int128 value = witness ? tape_.value(x) : 0;
  const auto distance = [&](Int128 a, Int128 b) { return witness ? Int128(Uint128(a) - Uint128(b)) : Int128(0); };
  switch (plan.method) {
    case Method::direct:
      tape_.need_range(x, plan.table);
      return;
    case Method::boolean:
      tape_.mult(x, x, x);
      return;
    case Method::shifted: {
      const Int128 shift = plan.lo - tape_.ranges()[plan.table].lo;
      tape_.add(checked(distance(value, shift), plan.table), tape_.constant(shift), x);
      return;
    }
    case Method::complement: {
      const Int128 shift = plan.lo - tape_.ranges()[plan.table].lo;
      Var moved = x;
      if (shift == 0) {
        tape_.need_range(x, plan.table);
      } else {
        moved = checked(distance(value, shift), plan.table);
        tape_.add(moved, tape_.constant(shift), x);
      }
      const Int128 ends = plan.lo + plan.hi - 2 * shift;
      const Var mirrored = checked(distance(ends, distance(value, shift)), plan.table);
      tape_.add(mirrored, moved, tape_.constant(ends));
      return;
    }
    case Method::digits:
      digit_run(plan, x, plan.lo, plan.checks_top);
      return;
    case Method::both_digits: {
      digit_run(plan, x, plan.lo, false);
      // hi - x >= 0: x = hi - Σ, written as the digits of the mirrored value.
      const Var mirrored = tape_.fresh(distance(plan.hi, value));
      digit_run(plan, mirrored, 0, false);
      tape_.add(x, mirrored, tape_.constant(plan.hi));
      return;
    }
    case Method::sign: {
      const bool negative = value < 0;
      const Var magnitude = tape_.fresh(negative ? distance(0, value) : value);
      check(magnitude, 0, plan.hi);
      const Var sign = tape_.fresh(negative ? -1 : 1);
      if (plan.table == RangePlan::no_table) {
        tape_.mult(sign, sign, tape_.constant(1));
      } else {
        tape_.need_range(sign, plan.table);
      }
      tape_.mult(sign, magnitude, x);
      return;
    }
  }
}

void RangeLowering::check(Var x, Int128 lo, Int128 hi) {
  if (Tape::is_constant(x)) {
    const Int128 value = tape_.constant_value(x);
    if (value < lo || value > hi) {
      throw Error(Fault::unsatisfied,
                  "the constant " + to_string(value) + " must lie in [" + to_string(lo) + ", " + to_string(hi) + "]");
    }
    return;
  }
  if (lo == hi) {
    tape_.equal(x, tape_.constant(lo));
    return;
  }
  apply(plans_.plan(lo, hi), x);
}

}  // namespace ezkl::circuit
