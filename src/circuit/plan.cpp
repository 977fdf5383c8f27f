#include <algorithm>
#include <bit>
#include <optional>

#include "circuit/lowering.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr unsigned min_logrows = 6, max_logrows = 26;

const claims::Values& no_values(claims::Tensor) { throw Error(Fault::internal, "a count has no values"); }

std::size_t usable_rows(unsigned k) { return (std::size_t{1} << k) - 6; }
std::size_t table_capacity(unsigned k) { return (std::size_t{1} << k) - 8; }

struct Count {
  circuit::Usage usage;
  std::vector<LookupOp> tables;
  std::vector<CheckedRange> ranges;
  std::vector<std::size_t> committed;
  std::size_t hashes = 0, hash_rows = 0, instances = 0;
};

Count count(const claims::Record& record, GraphSettings settings, std::vector<CheckedRange> ranges) {
  settings.required_range_checks = std::move(ranges);
  settings.required_lookups.clear();
  circuit::Tape tape(settings, true);
  circuit::Walker walker(record, tape, no_values);
  walker.run();
  Count out;
  out.usage = tape.usage();
  out.tables.assign(tape.tables().begin(), tape.tables().end());
  for (std::size_t i = 0; i < tape.ranges().size(); ++i) {
    if (out.usage.ranges[i]) out.ranges.emplace_back(tape.ranges()[i].lo, tape.ranges()[i].hi);
  }
  std::sort(out.tables.begin(), out.tables.end());
  std::sort(out.ranges.begin(), out.ranges.end());
  out.committed = walker.committed();
  out.hashes = walker.num_hashes();
  out.hash_rows = walker.hash_rows();
  out.instances = walker.num_instances();
  return out;
}

std::size_t chunks(Int128 lo, Int128 hi, unsigned k) { return std::size_t((hi - lo) / Int128(table_capacity(k))) + 1; }

/// Rough proving time at a size, in full-width commitments of one row: small-valued columns are cheap, running products
/// and sums are not. Only the order of candidates matters.
double cost(const Count& c, const GraphSettings& settings, unsigned k) {
  const auto& args = settings.run_args;
  const std::size_t usable = usable_rows(k), width = args.num_inner_cols;
  if (c.instances > usable || c.hash_rows > usable || c.usage.longest_dynamic + 1 > usable) return -1;
  for (const auto& range : c.ranges) {
    if (chunks(range.first, range.second, k) > 12) return -1;
  }
  const std::size_t lookup_chunks = c.tables.empty() ? 0 : chunks(args.lookup_range.first, args.lookup_range.second, k);
  if (lookup_chunks > 12) return -1;
  const std::size_t blocks = blocks_for(c.usage.rows * width, usable * width);
  const std::size_t constants = c.usage.constants / usable + 1;
  std::size_t dynamic = 0;
  if (c.usage.num_dynamic > 0) dynamic = blocks_for(c.usage.dynamic_rows, usable);
  const auto cells = double(blocks * width);
  double lookups = double(c.tables.size() * lookup_chunks) * cells + double(dynamic) * cells;
  for (const auto& range : c.ranges) lookups += double(chunks(range.first, range.second, k)) * cells;
  const double columns = 3 * cells + 3 * double(dynamic) + double(constants);
  const double small = 0.35;  // commitment to small values against one to field elements
  return double(std::size_t{1} << k) * (columns * (small + 0.5) + lookups * 0.9 + 8);
}

/// Intervals that are claimed most often and are not free with `ranges`.
std::vector<CheckedRange> frequent_ranges(const claims::Record& record) {
  std::map<CheckedRange, std::size_t> seen;
  for (const auto& claim : record.claims) {
    if (claim.kind != claims::Kind::range || claim.interval.hi - claim.interval.lo < 2) continue;
    seen[{claim.interval.lo, claim.interval.hi}] += volume(record.tensors[claim.in[0].id].shape);
  }
  std::vector<std::pair<std::size_t, CheckedRange>> order;
  for (const auto& [range, elements] : seen) order.emplace_back(elements, range);
  std::sort(order.rbegin(), order.rend());
  std::vector<CheckedRange> out;
  for (const auto& [elements, range] : order) out.push_back(range);
  return out;
}

struct Choice {
  double cost = -1;
  unsigned logrows = 0;
  Count count;
};

void consider(Choice& best, const GraphSettings& base, const Count& c, unsigned first, unsigned last) {
  for (unsigned k = first; k <= last; ++k) {
    const double price = cost(c, base, k);
    if (price >= 0 && (best.cost < 0 || price < best.cost)) best = {price, k, c};
  }
}

GraphSettings settings_for(const claims::Record& record, const GraphSettings& base, const Choice& choice) {
  const Count& c = choice.count;
  GraphSettings out = base;
  out.run_args.logrows = choice.logrows;
  const std::size_t width = out.run_args.num_inner_cols;
  out.total_assignments = c.usage.rows * width;
  out.num_rows = std::max<std::size_t>(c.usage.rows, c.hash_rows);
  out.total_const_size = c.usage.constants;
  out.num_dynamic_lookups = c.usage.num_dynamic;
  out.total_dynamic_col_size = c.usage.dynamic_rows;
  out.max_dynamic_input_len = c.usage.longest_dynamic;
  out.num_shuffles = c.usage.num_shuffles;
  out.total_shuffle_col_size = c.usage.shuffle_rows;
  out.einsum_equations.clear();
  out.total_einsum_col_size = 0;
  out.required_lookups = c.tables;
  out.required_range_checks = c.ranges;
  out.polycommit_sizes = c.committed;
  out.poseidon_rows = c.hash_rows;
  out.poseidon_counts = {c.hashes};
  out.model_instance_shapes.clear();
  for (const auto group : {claims::Slot::Group::input, claims::Slot::Group::output}) {
    for (const auto& binding : record.bindings) {
      if (binding.slot.group == group && binding.visibility.kind == Visibility::Kind::public_) {
        out.model_instance_shapes.push_back(record.tensors[binding.tensor.id].shape);
      }
    }
  }
  return out;
}

}  // namespace

GraphSettings plan_settings(const claims::Record& record, const GraphSettings& base, bool choose_logrows) {
  const unsigned given = base.run_args.logrows;
  const unsigned first = choose_logrows ? min_logrows : given, last = choose_logrows ? max_logrows : given;
  const auto digit_range = [](Int128 size) { return CheckedRange{0, size - 1}; };
  const Int128 decomp_base(base.run_args.decomp_base);

  Choice best;
  std::vector<CheckedRange> chosen;
  const auto attempt = [&](const std::vector<CheckedRange>& ranges) {
    const double before = best.cost;
    consider(best, base, count(record, base, ranges), first, last);
    if (best.cost != before) chosen = ranges;
  };
  attempt({digit_range(decomp_base)});
  // Digits that just fit the columns make the fewest rows; the base of the run arguments only bounds values.
  const unsigned middle = best.cost < 0 ? given : best.logrows;
  for (const unsigned k : {middle - 2, middle - 1, middle, middle + 1}) {
    if (k < std::max(first, min_logrows) || k > last || (Int128{1} << (k - 1)) == decomp_base) continue;
    attempt({digit_range(Int128{1} << (k - 1))});
  }
  std::size_t tried = 0;
  for (const auto& range : frequent_ranges(record)) {
    if (++tried > 3) break;
    if (best.cost < 0 || chunks(range.first, range.second, best.logrows) > 1) continue;
    if (std::find(chosen.begin(), chosen.end(), range) != chosen.end()) continue;
    auto ranges = chosen;
    ranges.push_back(range);
    attempt(ranges);
  }
  if (best.cost < 0) {
    throw Error(Fault::range, choose_logrows ? "no circuit of up to 2^26 rows holds this model"
                                             : "2^" + std::to_string(given) +
                                                   " rows are too few for this model's tables, instances or hashes: "
                                                   "raise --logrows or narrow --lookup-range");
  }
  return settings_for(record, base, best);
}

}  // namespace ezkl
