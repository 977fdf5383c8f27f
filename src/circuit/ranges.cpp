#include "circuit/ranges.hpp"

#include "base/int128.hpp"
#include "ezkl/error.hpp"

namespace ezkl::circuit {
namespace {

constexpr std::size_t max_digits = 128;

std::uint64_t check_cost(const Tape::Range& range) { return range.chunks == 1 ? 0 : 2; }

}  // namespace

std::uint64_t RangeLowering::run_cost(std::size_t terms) const {
  const std::size_t width = tape_.geometry().width;
  return 2 * ((terms + width - 1) / width * width);
}

const RangeLowering::Plan& RangeLowering::plan(Int128 lo, Int128 hi) {
  const auto found = plans_.find({lo, hi});
  if (found != plans_.end()) return found->second;
  return plans_.emplace(std::pair{lo, hi}, best(lo, hi)).first->second;
}

void RangeLowering::digit_plans(Plan& best, std::size_t table, Int128 base) {
  const Int128 width = best.hi - best.lo;
  std::size_t digits = 1;
  Int128 power = 1;  // base^(digits - 1)
  while (width / power >= base) {
    power *= base;
    ++digits;
  }
  if (digits == 1 && table != no_table) return;  // direct, shifted and complement serve these
  if (digits > max_digits) return;
  const std::uint64_t check = table == no_table ? 2 : check_cost(tape_.ranges()[table]);
  const std::uint64_t run = run_cost(digits + (best.lo != 0 ? 1 : 0));
  Plan out = best;
  out.table = table;
  out.base = base;
  out.digits = digits;
  out.cost = ~std::uint64_t{0};
  if ((width + 1) % power == 0) {
    out.method = Method::digits;
    out.top = (width + 1) / power - 1;
    out.checks_top = out.top + 1 != base;
    out.cost = run + digits * check;
    // A top digit of its own range needs no digit check.
    if (out.checks_top) out.cost = out.cost - check + plan(0, out.top).cost;
  } else {
    out.method = Method::both_digits;
    out.cost = run + run_cost(digits) + 2 + 2 * digits * check;
  }
  if (out.cost < best.cost) best = out;
}

RangeLowering::Plan RangeLowering::best(Int128 lo, Int128 hi) {
  Plan best;
  best.lo = lo;
  best.hi = hi;
  best.cost = ~std::uint64_t{0};
  const auto offer = [&](Method method, std::uint64_t cost, std::size_t table) {
    if (cost >= best.cost) return;
    best.method = method;
    best.cost = cost;
    best.table = table;
  };
  if (lo == 0 && hi == 1) offer(Method::boolean, 2, no_table);
  const auto ranges = tape_.ranges();
  for (std::size_t t = 0; t < ranges.size(); ++t) {
    const auto& range = ranges[t];
    const std::uint64_t check = check_cost(range);
    if (range.lo == lo && range.hi == hi) {
      offer(Method::direct, 1 + check, t);
    } else if (range.hi - range.lo == hi - lo) {
      offer(Method::shifted, 2 + check, t);
    } else if (range.hi - range.lo > hi - lo) {
      offer(Method::complement, (range.lo == lo ? 3 : 4) + 2 * check, t);
    }
  }
  if (lo == -hi && hi > 0) {
    offer(Method::sign, 4 + plan(0, hi).cost, no_table);
    for (std::size_t t = 0; t < ranges.size(); ++t) {
      if (ranges[t].lo == -1 && ranges[t].hi == 1 && hi > 1) {
        offer(Method::sign, 2 + check_cost(ranges[t]) + plan(0, hi).cost, t);
      }
    }
  }
  digit_plans(best, no_table, 2);
  for (std::size_t t = 0; t < ranges.size(); ++t) {
    if (ranges[t].lo == 0 && ranges[t].hi >= 1) digit_plans(best, t, ranges[t].hi + 1);
  }
  return best;
}

Var RangeLowering::checked(Int128 value, std::size_t table) {
  const Var v = tape_.fresh(value);
  if (table == no_table) {
    tape_.mult(v, v, v);
  } else {
    tape_.need_range(v, table);
  }
  return v;
}

Var RangeLowering::digit_run(const Plan& plan, Var x, Int128 lo, bool free_top) {
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

void RangeLowering::apply(const Plan& plan, Var x) {
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
      if (plan.table == no_table) {
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
  apply(plan(lo, hi), x);
}

}  // namespace ezkl::circuit
