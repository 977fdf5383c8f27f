#include "circuit/range_plan.hpp"

namespace ezkl::circuit {
namespace {

constexpr std::size_t max_digits = 128;

std::uint64_t check_cost(const Tape::Range& range) { return range.chunks == 1 ? 0 : 2; }

}  // namespace

std::uint64_t RangePlans::run_cost(std::size_t terms) const { return 2 * ((terms + width_ - 1) / width_ * width_); }

const RangePlan& RangePlans::plan(Int128 lo, Int128 hi) {
  const auto found = plans_.find({lo, hi});
  if (found != plans_.end()) return found->second;
  return plans_.emplace(std::pair{lo, hi}, best(lo, hi)).first->second;
}

void RangePlans::digit_plans(RangePlan& best, std::size_t table, Int128 base) {
  const Int128 width = best.hi - best.lo;
  std::size_t digits = 1;
  Int128 power = 1;  // base^(digits - 1)
  while (width / power >= base) {
    power *= base;
    ++digits;
  }
  if (digits == 1 && table != RangePlan::no_table) return;  // direct, shifted and complement serve these
  if (digits > max_digits) return;
  const std::uint64_t check = table == RangePlan::no_table ? 2 : check_cost(ranges_[table]);
  const std::uint64_t run = run_cost(digits + (best.lo != 0 ? 1 : 0));
  RangePlan out = best;
  out.table = table;
  out.base = base;
  out.digits = digits;
  out.cost = ~std::uint64_t{0};
  if ((width + 1) % power == 0) {
    out.method = RangePlan::Method::digits;
    out.top = (width + 1) / power - 1;
    out.checks_top = out.top + 1 != base;
    out.cost = run + digits * check;
    // A top digit of its own range needs no digit check.
    if (out.checks_top) out.cost = out.cost - check + plan(0, out.top).cost;
  } else {
    out.method = RangePlan::Method::both_digits;
    out.cost = run + run_cost(digits) + 2 + 2 * digits * check;
  }
  if (out.cost < best.cost) best = out;
}

RangePlan RangePlans::best(Int128 lo, Int128 hi) {
  RangePlan best;
  best.lo = lo;
  best.hi = hi;
  best.cost = ~std::uint64_t{0};
  const auto offer = [&](RangePlan::Method method, std::uint64_t cost, std::size_t table) {
    if (cost >= best.cost) return;
    best.method = method;
    best.cost = cost;
    best.table = table;
  };
  if (lo == 0 && hi == 1) offer(RangePlan::Method::boolean, 2, RangePlan::no_table);
  for (std::size_t t = 0; t < ranges_.size(); ++t) {
    const auto& range = ranges_[t];
    const std::uint64_t check = check_cost(range);
    if (range.lo == lo && range.hi == hi) {
      offer(RangePlan::Method::direct, 1 + check, t);
    } else if (range.hi - range.lo == hi - lo) {
      offer(RangePlan::Method::shifted, 2 + check, t);
    } else if (range.hi - range.lo > hi - lo) {
      offer(RangePlan::Method::complement, (range.lo == lo ? 3 : 4) + 2 * check, t);
    }
  }
  if (lo == -hi && hi > 0) {
    offer(RangePlan::Method::sign, 4 + plan(0, hi).cost, RangePlan::no_table);
    for (std::size_t t = 0; t < ranges_.size(); ++t) {
      if (ranges_[t].lo == -1 && ranges_[t].hi == 1 && hi > 1) {
        offer(RangePlan::Method::sign, 2 + check_cost(ranges_[t]) + plan(0, hi).cost, t);
      }
    }
  }
  digit_plans(best, RangePlan::no_table, 2);
  for (std::size_t t = 0; t < ranges_.size(); ++t) {
    if (ranges_[t].lo == 0 && ranges_[t].hi >= 1) digit_plans(best, t, ranges_[t].hi + 1);
  }
  return best;
}

RangePlans::Cells RangePlans::cells(Int128 lo, Int128 hi, std::vector<bool>& used) {
  const RangePlan plan = this->plan(lo, hi);
  Cells out;
  // A value in a range check of one column needs no cell beside those that it has.
  const auto check = [&](std::size_t times) {
    if (plan.table == RangePlan::no_table) {
      out.cells += times;
    } else {
      used[plan.table] = true;
      if (ranges_[plan.table].chunks > 1) out.cells += times;
    }
  };
  const auto nested = [&](Int128 most) {
    if (most == 0) return;
    const Cells inner = cells(0, most, used);
    out.cells += inner.cells;
    out.rows += inner.rows;
  };
  const auto run = [&](std::size_t terms) { out.rows += (terms + width_ - 1) / width_; };
  switch (plan.method) {
    case RangePlan::Method::direct:
      check(1);
      break;
    case RangePlan::Method::boolean:
      out.cells += 1;
      break;
    case RangePlan::Method::shifted:
      check(1);
      out.cells += 1;
      break;
    case RangePlan::Method::complement:
      check(2);
      out.cells += plan.lo == ranges_[plan.table].lo ? 1 : 2;
      break;
    case RangePlan::Method::digits:
      check(plan.digits - (plan.checks_top ? 1 : 0));
      if (plan.checks_top) nested(plan.top);
      run(plan.digits + (plan.lo != 0 ? 1 : 0));
      break;
    case RangePlan::Method::both_digits:
      check(2 * plan.digits);
      run(plan.digits + (plan.lo != 0 ? 1 : 0));
      run(plan.digits);
      out.cells += 1;
      break;
    case RangePlan::Method::sign: {
      check(1);
      nested(plan.hi);
      out.cells += 1;
      // One product has room for one of two values that wait for their checks.
      const RangePlan& magnitude = this->plan(0, plan.hi);
      const auto waits = [&](const RangePlan& p) {
        return p.table != RangePlan::no_table && ranges_[p.table].chunks == 1;
      };
      if (waits(plan) && magnitude.method == RangePlan::Method::direct && waits(magnitude)) out.cells += 1;
      break;
    }
  }
  return out;
}

}  // namespace ezkl::circuit
