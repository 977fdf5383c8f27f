#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "circuit/cost.hpp"
#include "circuit/layout_count.hpp"
#include "circuit/lowering.hpp"
#include "circuit/statement_of.hpp"
#include "circuit/walker.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using circuit::LayoutCount;

constexpr unsigned min_logrows = 6, max_logrows = 26;
constexpr std::size_t max_table_columns = 12;
constexpr std::size_t max_blocks = 24;             // beyond it more rows are always better
constexpr std::uint64_t most_walked = 40'000'000;  // elements that all walks of a plan look at

std::size_t usable_rows(unsigned k) { return (std::size_t{1} << k) - 6; }
std::size_t table_capacity(unsigned k) { return (std::size_t{1} << k) - 8; }

std::size_t chunks(Int128 lo, Int128 hi, unsigned k) { return std::size_t((hi - lo) / Int128(table_capacity(k))) + 1; }

/// Whether a circuit of 2^k rows can hold what was counted, in a sensible number of columns.
bool feasible(const LayoutCount& c, const RunArgs& args, unsigned k) {
  const std::size_t usable = usable_rows(k);
  if (c.instances > usable || c.hash_rows > usable || c.longest_dynamic + 1 > usable) return false;
  for (const auto& range : c.ranges) {
    if (chunks(range.first, range.second, k) > max_table_columns) return false;
  }
  return c.tables.empty() || chunks(args.lookup_range.first, args.lookup_range.second, k) <= max_table_columns;
}

/// The least logrows at which nothing is cut into pieces.
unsigned whole_logrows(const LayoutCount& c, const RunArgs& args) {
  Int128 most =
      Int128(std::max<std::uint64_t>({c.rows, c.einsum_rows, c.hash_rows, c.instances, c.dynamic_rows, c.constants})) +
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

GraphSettings settings_for(const claims::Record& record, const GraphSettings& base, const LayoutCount& c,
                           unsigned logrows) {
  GraphSettings out = base;
  out.run_args.logrows = logrows;
  const std::size_t width = out.run_args.num_inner_cols;
  out.total_assignments = c.rows * width;
  out.num_rows = std::max<std::size_t>(c.rows, c.hash_rows);
  out.total_const_size = c.constants;
  out.num_dynamic_lookups = c.num_dynamic;
  out.total_dynamic_col_size = c.dynamic_rows;
  out.max_dynamic_input_len = c.longest_dynamic;
  out.num_shuffles = c.num_shuffles;
  out.total_shuffle_col_size = c.shuffle_rows;
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
  const auto count_unlisted = [&](const Visibility& visibility, std::size_t tensors) {
    // As the published package counts: a tensor that is not listed counts too.
    if (visibility.kind != Visibility::Kind::hashed_private) return;
    out.poseidon_counts[0] += tensors - visibility.outlets.size();
  };
  count_unlisted(out.run_args.input_visibility, record.inputs.size());
  count_unlisted(out.run_args.output_visibility, record.outputs.size());
  out.model_instance_shapes = instance_shapes(record);
  return out;
}

/// A record with what one walk found out about it.
struct Profiled {
  const claims::Record* record = nullptr;
  std::shared_ptr<const circuit::LayoutProfile> profile;
  circuit::CheckCounts checks;
  std::vector<CheckedRange> frequent;
  bool products = false;
};

/// A circuit that could be made, and what it costs at least.
struct Candidate {
  const PlanOption* option = nullptr;
  std::vector<CheckedRange> ranges;
  bool freivalds = false;
  unsigned logrows = 0;
  double cost = 0;
};

RunArgs at_logrows(RunArgs args, unsigned k) {
  args.logrows = k;
  return args;
}

/// The circuits of one option that are worth a look, by what they take at least.
class Search {
 public:
  Search(const PlanOption& option, const Profiled& known, bool choose_logrows, ChoiceTarget target, CostModel& costs,
         std::vector<Candidate>& out)
      : option_(option), known_(known), choose_logrows_(choose_logrows), target_(target), costs_(costs), out_(out) {}

  void run() {
    const RunArgs& args = option_.base.run_args;
    const unsigned given = args.logrows;
    const auto digit_range = [](Int128 size) { return CheckedRange{0, size - 1}; };
    const Int128 decomp_base(args.decomp_base);
    attempt({digit_range(decomp_base)}, false);
    if (!args.disable_freivalds && known_.products) attempt({digit_range(decomp_base)}, true);
    // Digits that just fit the columns make the fewest rows; the base of the run arguments only bounds values.
    const unsigned middle = best() != nullptr ? best()->logrows : given;
    for (const unsigned k : {middle - 1, middle, middle - 2, middle + 1}) {
      if (k < min_logrows || k > max_logrows || (!choose_logrows_ && k != given)) continue;
      if ((Int128{1} << (k - 1)) == decomp_base) continue;
      attempt({digit_range(Int128{1} << (k - 1))}, best() != nullptr && best()->freivalds);
    }
    std::size_t tried = 0;
    for (const CheckedRange& range : known_.frequent) {
      if (++tried > most_extra_ranges || best() == nullptr) break;
      if (chunks(range.first, range.second, best()->logrows) > 1) continue;
      std::vector<CheckedRange> ranges = best()->ranges;
      if (std::find(ranges.begin(), ranges.end(), range) != ranges.end()) continue;
      ranges.push_back(range);
      attempt(ranges, best()->freivalds);
    }
  }

 private:
  static constexpr std::size_t most_extra_ranges = 3;

  const Candidate* best() const { return best_ ? &out_[*best_] : nullptr; }

  LayoutCount least(const std::vector<CheckedRange>& ranges, bool freivalds, unsigned k) const {
    const RunArgs args = at_logrows(option_.base.run_args, k);
    return circuit::least_count(*known_.profile, known_.checks, args, ranges, freivalds);
  }

  void attempt(const std::vector<CheckedRange>& ranges, bool freivalds) {
    const RunArgs& args = option_.base.run_args;
    const LayoutCount at_given = least(ranges, freivalds, args.logrows);
    if (freivalds && at_given.einsum_rows == 0) return;
    const unsigned whole = whole_logrows(at_given, args);
    const unsigned first = choose_logrows_ ? std::max(min_logrows, whole - std::min(whole, 4u)) : args.logrows;
    const unsigned last = choose_logrows_ ? whole : args.logrows;
    for (unsigned k = first; k <= last; ++k) {
      const LayoutCount c = least(ranges, freivalds, k);
      if (!feasible(c, args, k)) continue;
      const std::size_t blocks = c.rows / usable_rows(k) + 1;
      if (choose_logrows_ && blocks > max_blocks && k < last) continue;
      const double cost = price(costs_.of(settings_for(*known_.record, option_.base, c, k)), target_);
      out_.push_back({&option_, ranges, freivalds, k, cost});
      if (!best_ || cost < out_[*best_].cost) best_ = out_.size() - 1;
    }
  }

  const PlanOption& option_;
  const Profiled& known_;
  bool choose_logrows_;
  ChoiceTarget target_;
  CostModel& costs_;
  std::vector<Candidate>& out_;
  std::optional<std::size_t> best_;
};

/// Elements that a walk over a record looks at.
std::uint64_t walk_size(const claims::Record& record) {
  std::uint64_t out = 0;
  for (const claims::TensorInfo& tensor : record.tensors) out += volume(tensor.shape);
  return out;
}

/// Profiles of records: one walk serves all that differ in bounds only.
class Profiles {
 public:
  explicit Profiles(std::uint64_t& walked) : walked_(walked) {}

  /// Null where another walk would take too long.
  const Profiled* of(const claims::Record& record, const RunArgs& args) {
    for (const Profiled& known : known_) {
      if (known.record == &record) return &known;
    }
    Profiled made;
    made.record = &record;
    for (const Profiled& known : known_) {
      if (circuit::same_layout(*known.record, record)) made.profile = known.profile;
    }
    if (!made.profile) {
      if (!known_.empty() && walked_ > most_walked) return nullptr;
      walked_ += walk_size(record);
      made.profile = std::make_shared<const circuit::LayoutProfile>(circuit::layout_profile(record, args));
    }
    made.checks = circuit::check_counts(*made.profile, record);
    made.frequent = frequent_ranges(record);
    made.products = circuit::has_matrix_products(record);
    return &known_.emplace_back(std::move(made));
  }

 private:
  std::uint64_t& walked_;
  std::list<Profiled> known_;
};

}  // namespace

GraphSettings plan_settings(std::span<const PlanOption> options, bool choose_logrows, ChoiceTarget target,
                            double limit) {
  std::uint64_t walked = 0;
  Profiles profiles(walked);
  CostModel costs;
  std::vector<Candidate> candidates;
  std::optional<Error> refused;
  const auto unless_refused = [&](const auto& body) {
    try {
      body();
    } catch (const Error& e) {
      if (e.fault() != Fault::range) throw;
      if (!refused) refused = e;
    }
  };
  for (const PlanOption& option : options) {
    unless_refused([&] {
      const Profiled* known = profiles.of(*option.record, option.base.run_args);
      if (known != nullptr) Search(option, *known, choose_logrows, target, costs, candidates).run();
    });
  }
  // What a candidate takes exactly is never less: those that cannot be the best any more need no layout of their own.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.cost < b.cost; });
  std::optional<GraphSettings> best;
  double least = limit;
  for (const Candidate& c : candidates) {
    if (c.cost >= least || (best && walked > most_walked)) break;
    unless_refused([&] {
      const RunArgs args = at_logrows(c.option->base.run_args, c.logrows);
      walked += walk_size(*c.option->record);
      const LayoutCount exact = circuit::exact_count(*c.option->record, args, c.ranges, c.freivalds);
      if (!feasible(exact, args, c.logrows)) return;
      GraphSettings settings = settings_for(*c.option->record, c.option->base, exact, c.logrows);
      const double cost = price(costs.of(settings), target);
      if (cost >= least) return;
      best = std::move(settings);
      least = cost;
    });
  }
  if (best) return *best;
  if (refused) throw *refused;
  if (!candidates.empty() && limit < std::numeric_limits<double>::infinity()) {
    throw Error(Fault::range, "no circuit is as cheap as one that there is");
  }
  if (choose_logrows) throw Error(Fault::range, "no circuit of up to 2^26 rows holds this model");
  throw Error(
      Fault::range,
      "2^" + std::to_string(options[0].base.run_args.logrows) +
          " rows are too few for this model's tables, instances or hashes",
      {{"logrows", "raise {}"},
       {"lookup_range", "or narrow {}"},
       {"logrows", "or leave {} out: what it leaves at its usual values (scales, digits, tables) is then chosen"}});
}

GraphSettings plan_settings(const claims::Record& record, const GraphSettings& base, bool choose_logrows,
                            ChoiceTarget target) {
  const PlanOption option{&record, base};
  return plan_settings(std::span(&option, 1), choose_logrows, target);
}

}  // namespace ezkl
