#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "circuit/cost.hpp"
#include "circuit/lowering.hpp"
#include "circuit/statement_of.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr unsigned min_logrows = 6, max_logrows = 26;
constexpr std::size_t max_table_columns = 12;
constexpr std::size_t max_blocks = 24;          // beyond it more rows are always better
constexpr std::uint64_t large_model = 1 << 20;  // rows; each look at such a model takes a while

const claims::Values& no_values(claims::Tensor) { throw Error(Fault::internal, "a count has no values"); }

std::size_t usable_rows(unsigned k) { return (std::size_t{1} << k) - 6; }
std::size_t table_capacity(unsigned k) { return (std::size_t{1} << k) - 8; }

struct Count {
  circuit::Usage usage;
  std::vector<LookupOp> tables;
  std::vector<CheckedRange> ranges;
  std::vector<std::size_t> committed;
  std::size_t hashes = 0, hash_rows = 0, instances = 0;
  std::uint64_t einsum_rows = 0;
};

Count count(const claims::Record& record, GraphSettings settings, std::vector<CheckedRange> ranges, bool freivalds) {
  settings.required_range_checks = std::move(ranges);
  settings.required_lookups.clear();
  settings.total_einsum_col_size = freivalds ? 1 : 0;
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
  out.einsum_rows = walker.einsum_rows();
  return out;
}

std::size_t chunks(Int128 lo, Int128 hi, unsigned k) { return std::size_t((hi - lo) / Int128(table_capacity(k))) + 1; }

/// Whether a circuit of 2^k rows can hold what was counted, in a sensible number of columns.
bool feasible(const Count& c, const RunArgs& args, unsigned k) {
  const std::size_t usable = usable_rows(k);
  if (c.instances > usable || c.hash_rows > usable || c.usage.longest_dynamic + 1 > usable) return false;
  for (const auto& range : c.ranges) {
    if (chunks(range.first, range.second, k) > max_table_columns) return false;
  }
  return c.tables.empty() || chunks(args.lookup_range.first, args.lookup_range.second, k) <= max_table_columns;
}

/// Whether what was counted at the logrows of the run arguments holds at 2^k rows too: the same tables of one column or
/// several, and nothing that reaches a second block.
bool same_layout(const Count& c, const RunArgs& args, unsigned k) {
  const std::size_t least = std::min(usable_rows(k), usable_rows(args.logrows));
  if (c.usage.rows >= least || c.einsum_rows >= least || c.usage.dynamic_rows >= least) return false;
  const auto same = [&](Int128 lo, Int128 hi) { return chunks(lo, hi, k) == chunks(lo, hi, args.logrows); };
  for (const auto& range : c.ranges) {
    if (!same(range.first, range.second)) return false;
  }
  return c.tables.empty() || same(args.lookup_range.first, args.lookup_range.second);
}

/// The least logrows at which nothing is cut into pieces.
unsigned whole_logrows(const Count& c, const RunArgs& args) {
  Int128 most = Int128(std::max<std::uint64_t>(
                    {c.usage.rows, c.einsum_rows, c.hash_rows, c.instances, c.usage.dynamic_rows, c.usage.constants})) +
                8;
  for (const auto& range : c.ranges) most = std::max(most, range.second - range.first + 9);
  if (!c.tables.empty()) most = std::max(most, args.lookup_range.second - args.lookup_range.first + 9);
  unsigned k = min_logrows;
  while (k < max_logrows && (Int128{1} << k) < most) ++k;
  return k;
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

/// An equation that asks for at least so many cells and for two challenges: sizes in the settings only say how many
/// columns there are.
std::pair<std::string, std::map<std::string, std::size_t>> einsum_room(std::size_t cells) {
  const std::size_t inner = std::max<std::size_t>(2, (cells + 4) / 5);
  return {"ab,bc->ac", {{"a", 2}, {"b", inner}, {"c", 2}}};
}

GraphSettings settings_for(const claims::Record& record, const GraphSettings& base, const Count& c, unsigned logrows) {
  GraphSettings out = base;
  out.run_args.logrows = logrows;
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
  out.total_einsum_col_size = c.einsum_rows * width;
  if (c.einsum_rows > 0) {
    // A run repeats its sum where it reaches a new block.
    out.total_einsum_col_size += (c.einsum_rows / usable_rows(logrows) + 1) * width;
    out.einsum_equations.push_back(einsum_room(out.total_einsum_col_size));
  }
  out.required_lookups = c.tables;
  out.required_range_checks = c.ranges;
  out.polycommit_sizes = c.committed;
  out.poseidon_rows = c.hash_rows;
  out.poseidon_counts = {c.hashes};
  if (const Visibility& outputs = out.run_args.output_visibility; outputs.kind == Visibility::Kind::hashed_private) {
    // As the published package counts: an output that is not listed counts too.
    out.poseidon_counts[0] += record.outputs.size() - outputs.outlets.size();
  }
  out.model_instance_shapes.clear();
  for (const ShownTensor& shown : statement_order_of(record).instances) {
    if (shown.manner != Manner::values) continue;
    out.model_instance_shapes.push_back(record.tensors[bindings_of(record, shown)[0]->tensor.id].shape);
  }
  return out;
}

/// Looks for the settings with the least predicted cost.
class Search {
 public:
  Search(const claims::Record& record, const GraphSettings& base, bool choose_logrows, ChoiceTarget target)
      : record_(record), base_(base), choose_logrows_(choose_logrows), target_(target) {}

  void attempt(const std::vector<CheckedRange>& ranges, bool freivalds) {
    const Count c = count(record_, base_, ranges, freivalds);
    if (freivalds && c.einsum_rows == 0) return;
    const unsigned given = base_.run_args.logrows, whole = whole_logrows(c, base_.run_args);
    const unsigned first = choose_logrows_ ? std::max(min_logrows, whole - std::min(whole, 4u)) : given;
    const unsigned last = choose_logrows_ ? whole : given;
    std::vector<std::pair<double, unsigned>> sizes;  // (predicted cost, logrows)
    for (unsigned k = first; k <= last; ++k) {
      if (!feasible(c, base_.run_args, k)) continue;
      const std::size_t blocks = c.usage.rows / usable_rows(k) + 1;
      if (choose_logrows_ && blocks > max_blocks && k < last) continue;
      sizes.emplace_back(price(proving_cost(settings_for(record_, base_, c, k)), target_), k);
    }
    std::stable_sort(sizes.begin(), sizes.end());
    // Counts are taken at the logrows of the run arguments first, and again, the most promising first, at others where
    // blocks end elsewhere: sums that are carried over and tables of several columns take further cells.
    for (const auto& [predicted, k] : sizes) {
      if (best_ && predicted >= cost_) break;
      GraphSettings settings = settings_for(record_, base_, c, k);
      double cost = predicted;
      if (k != given && !same_layout(c, base_.run_args, k)) {
        GraphSettings there = base_;
        there.run_args.logrows = k;
        const Count exact = count(record_, there, ranges, freivalds);
        if (!feasible(exact, base_.run_args, k)) continue;
        settings = settings_for(record_, base_, exact, k);
        cost = price(proving_cost(settings), target_);
        if (best_ && cost >= cost_) continue;
      }
      best_ = settings;
      cost_ = cost;
      ranges_ = ranges;
      freivalds_ = freivalds;
    }
    rows_ = c.usage.rows;
  }

  const std::optional<GraphSettings>& best() const { return best_; }
  const std::vector<CheckedRange>& ranges() const { return ranges_; }
  bool freivalds() const { return freivalds_; }
  std::uint64_t last_rows() const { return rows_; }

 private:
  const claims::Record& record_;
  const GraphSettings& base_;
  bool choose_logrows_;
  ChoiceTarget target_;
  std::optional<GraphSettings> best_;
  double cost_ = 0;
  std::vector<CheckedRange> ranges_;
  bool freivalds_ = false;
  std::uint64_t rows_ = 0;
};

}  // namespace

GraphSettings plan_settings(const claims::Record& record, const GraphSettings& base, bool choose_logrows,
                            ChoiceTarget target) {
  const unsigned given = base.run_args.logrows;
  const auto digit_range = [](Int128 size) { return CheckedRange{0, size - 1}; };
  const Int128 decomp_base(base.run_args.decomp_base);
  Search search(record, base, choose_logrows, target);
  search.attempt({digit_range(decomp_base)}, false);
  const bool large = search.last_rows() > large_model;
  if (!base.run_args.disable_freivalds && circuit::has_matrix_products(record)) {
    search.attempt({digit_range(decomp_base)}, true);
  }

  // Digits that just fit the columns make the fewest rows; the base of the run arguments only bounds values.
  const unsigned middle = search.best() ? search.best()->run_args.logrows : given;
  for (const unsigned k : {middle - 1, middle, middle - 2, middle + 1}) {
    if (k < min_logrows || k > max_logrows || (!choose_logrows && k != given)) continue;
    if ((Int128{1} << (k - 1)) == decomp_base) continue;
    search.attempt({digit_range(Int128{1} << (k - 1))}, search.freivalds());
    if (large) break;
  }
  std::size_t tried = 0;
  for (const auto& range : frequent_ranges(record)) {
    if (++tried > (large ? 1u : 3u) || !search.best()) break;
    if (chunks(range.first, range.second, search.best()->run_args.logrows) > 1) continue;
    auto ranges = search.ranges();
    if (std::find(ranges.begin(), ranges.end(), range) != ranges.end()) continue;
    ranges.push_back(range);
    search.attempt(ranges, search.freivalds());
  }
  if (!search.best()) {
    throw Error(Fault::range, choose_logrows ? "no circuit of up to 2^26 rows holds this model"
                                             : "2^" + std::to_string(given) +
                                                   " rows are too few for this model's tables, instances or hashes: "
                                                   "raise --logrows or narrow --lookup-range");
  }
  return *search.best();
}

}  // namespace ezkl
