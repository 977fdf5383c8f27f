#include "circuit/layout_count.hpp"

#include <algorithm>
#include <map>

#include "circuit/range_plan.hpp"
#include "circuit/walker.hpp"

namespace ezkl::circuit {
namespace {

std::uint64_t rows_of(std::uint64_t terms, std::size_t width) { return (terms + width - 1) / width; }

/// Cells that stand alone and rows that are taken whole.
struct Taken {
  std::uint64_t cells = 0, rows = 0;
};

/// As Walker::linear_into lays it out.
Taken linear_cells(std::size_t scaled, std::size_t units, bool constant, std::size_t width) {
  const std::size_t all = scaled + units + (constant ? 1 : 0);
  if (scaled == 0) return {all - 1, 0};
  const std::size_t first = std::min<std::size_t>(all, rows_of(scaled, width) * width);
  if (first == 1) return {all, 0};
  return {all - first, rows_of(first, width)};
}

void add(Taken& to, const PlainCells& plain, std::size_t width) {
  to.cells += plain.cells;
  for (const auto& [terms, times] : plain.dots) to.rows += times * rows_of(terms, width);
  for (const auto& [terms, times] : plain.sums) to.rows += times * rows_of(terms, width);
  for (const auto& [terms, times] : plain.units) {
    // As Walker::units_value lays them out.
    if (terms >= 4 * width) {
      to.rows += times * rows_of(terms, width);
    } else {
      to.cells += times * (terms - 1);
    }
  }
  for (const auto& [form, times] : plain.linear) {
    const auto& [scaled, units, constant] = form;
    const Taken one = linear_cells(scaled, units, constant, width);
    to.cells += times * one.cells;
    to.rows += times * one.rows;
  }
}

}  // namespace

LayoutCount exact_count(const claims::Record& record, const RunArgs& args, const std::vector<CheckedRange>& ranges,
                        bool freivalds) {
  GraphSettings settings;
  settings.run_args = args;
  settings.required_range_checks = ranges;
  settings.total_einsum_col_size = freivalds ? 1 : 0;
  Tape tape(settings, true);
  Walker walker(record, tape);
  walker.run();
  const Usage usage = tape.usage();
  LayoutCount out(layout_facts(tape, walker));
  out.rows = usage.rows;
  out.einsum_rows = walker.einsum_rows();
  for (std::size_t i = 0; i < tape.ranges().size(); ++i) {
    if (usage.ranges[i]) out.ranges.emplace_back(tape.ranges()[i].lo, tape.ranges()[i].hi);
  }
  std::sort(out.ranges.begin(), out.ranges.end());
  return out;
}

CheckCounts check_counts(const LayoutProfile& profile, const claims::Record& record) {
  std::map<CheckedRange, std::uint64_t> counts;
  for (std::size_t i = 0; i < record.claims.size(); ++i) {
    const claims::Interval& range = record.claims[i].interval;
    if (profile.checked[i] > 0 && range.lo < range.hi) counts[{range.lo, range.hi}] += profile.checked[i];
  }
  return {counts.begin(), counts.end()};
}

LayoutCount least_count(const LayoutProfile& profile, const CheckCounts& checks, const RunArgs& args,
                        const std::vector<CheckedRange>& ranges, bool freivalds) {
  GraphSettings settings;
  settings.run_args = args;
  settings.required_range_checks = ranges;
  const Tape tape(settings, true);
  const std::size_t width = args.num_inner_cols;
  LayoutCount out(profile);

  Taken taken;
  add(taken, profile.plain, width);
  for (const ProductCells& product : profile.products) {
    const std::uint64_t combined = freivalds ? freivalds_rows(product.m, product.n, product.k, width) : 0;
    out.einsum_rows += combined * product.groups;
    if (combined == 0) {
      add(taken, product.plain, width);
    } else {
      out.constants -= product.constants;
    }
  }
  RangePlans plans(tape.ranges(), width);
  std::vector<bool> used(tape.ranges().size());
  for (const auto& [range, times] : checks) {
    const RangePlans::Cells one = plans.cells(range.first, range.second, used);
    taken.cells += times * one.cells;
    taken.rows += times * one.rows;
  }
  out.rows = taken.rows + rows_of(taken.cells, width);
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) out.ranges.emplace_back(tape.ranges()[i].lo, tape.ranges()[i].hi);
  }
  std::sort(out.ranges.begin(), out.ranges.end());
  return out;
}

}  // namespace ezkl::circuit
