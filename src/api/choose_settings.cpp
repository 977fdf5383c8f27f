#include "api/choose_settings.hpp"

#include <algorithm>
#include <cmath>
#include <list>
#include <optional>
#include <string_view>
#include <utility>

#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/sumcheck_choice.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "circuit/lowering.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/claims/interval.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

/// The bound base^legs of the run arguments, in bits.
double bound_bits(const RunArgs& args) {
  return std::log2(static_cast<double>(args.decomp_base)) * static_cast<double>(args.decomp_legs);
}

/// Digits of so many bits each that a bound of `bound` bits takes.
std::size_t legs_for(double bound, unsigned bits) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(bound / bits - 1e-9)));
}

/// `args` with a table range that reaches to where flat functions (Exp, Sigmoid, Tanh, Erf) are constant at the base
/// scale: what samples show beyond needs no keys.
RunArgs up_to_flat_ends(RunArgs args) {
  constexpr int steepest = 12;  // e^-12 is less than half a step of every scale that has a table
  const int scale = std::clamp(std::max(args.input_scale, args.param_scale), 0, 16);
  const Int128 reach = std::max<Int128>(32769, Int128{steepest} << scale);
  args.lookup_range = {-reach, reach};
  return args;
}

/// Keys and values that the samples show, and the keys that tables can be given at all.
struct Observed {
  claims::Extremes seen;
  claims::Interval possible_keys{0, 0};
};

Observed observed(const Graph& graph, const claims::Record& claims, const std::vector<InputData>& samples) {
  Observed out;
  for (const claims::Claim& claim : claims.claims) {
    if (claim.kind != claims::Kind::table) continue;
    out.possible_keys = claims::hull(out.possible_keys, claims.tensors[claim.in[0].id].interval);
  }
  claims::Extremes& seen = out.seen;
  const std::vector<InputSpec> specs = input_specs(graph);
  for (const InputData& sample : samples) {
    claims::Evaluation evaluation(claims, quantize_inputs(sample, specs), {false, false});
    evaluation.run();
    const claims::Extremes& one = evaluation.extremes();
    seen.keys = {std::min(seen.keys.lo, one.keys.lo), std::max(seen.keys.hi, one.keys.hi)};
    seen.outgrown = std::max(seen.outgrown, one.outgrown);
  }
  return out;
}

std::pair<Int128, Int128> widened(const claims::Interval& keys, double margin) {
  return {static_cast<Int128>(std::floor(margin * static_cast<double>(keys.lo))),
          static_cast<Int128>(std::ceil(margin * static_cast<double>(keys.hi)))};
}

/// The same bound on values as one digit of 16 bits, if the samples stay `margin` times below it: ranges then take no
/// limbs, or few.
RunArgs in_one_leg(const Graph& graph, const RunArgs& args, const std::vector<InputData>& samples, double margin,
                   std::uint64_t max_model_size) {
  constexpr std::size_t widest = std::size_t{1} << 16;
  RunArgs tight = args, out = args;
  tight.decomp_legs = out.decomp_legs = 1;
  tight.decomp_base = std::max<std::size_t>(2, static_cast<std::size_t>(static_cast<double>(widest) / margin));
  out.decomp_base = widest;
  try {
    const claims::Record claims = record(graph, up_to_flat_ends(tight), max_model_size);
    return observed(graph, claims, samples).seen.outgrown == 0 ? out : args;
  } catch (const Error& e) {
    if (!does_not_fit(e)) throw;
    return args;
  }
}

/// A few samples rarely show both signs of a table's keys: the range reaches as far down as up, as far as keys can go.
std::pair<Int128, Int128> both_signs(std::pair<Int128, Int128> seen, const claims::Interval& possible) {
  const Int128 reach = std::max(-seen.first, seen.second);
  return {std::max(possible.lo, -reach), std::min(possible.hi, reach)};
}

}  // namespace

GivenArgs unusual_args(const RunArgs& args) {
  const RunArgs usual;
  GivenArgs out;
  out.logrows = args.logrows != usual.logrows;
  out.num_inner_cols = args.num_inner_cols != usual.num_inner_cols;
  return out;
}

void refuse_options_in_vain(const RunArgs& args, const GivenArgs& given, ChoiceTarget target) {
  if (!is_sumcheck(args)) return;
  std::vector<std::string_view> named;
  if (given.logrows) named.emplace_back("logrows");
  if (given.num_inner_cols) named.emplace_back("num_inner_cols");
  if (target != ChoiceTarget::prove) named.emplace_back("target");
  refuse_plonk_options(args, named);
}

SampleNeeds::SampleNeeds(const Graph& graph, const RunArgs& args, const std::vector<InputData>& samples,
                         std::uint64_t max_model_size)
    : graph_(graph),
      args_(args),
      samples_(samples),
      max_model_size_(max_model_size),
      claims_(record(graph, samples.empty() ? args : up_to_flat_ends(args), max_model_size)) {}

bool SampleNeeds::has_tables() const {
  return std::any_of(claims_.claims.begin(), claims_.claims.end(),
                     [](const claims::Claim& claim) { return claim.kind == claims::Kind::table; });
}

std::pair<Int128, Int128> SampleNeeds::lookup_range(double margin) const {
  return widened(observed(graph_, claims_, samples_).seen.keys, margin);
}

RunArgs SampleNeeds::fitted(const GivenArgs& given, double margin) const {
  RunArgs out = args_;
  if (samples_.empty()) return out;
  constexpr double widest = 100;  // any base below then stays within the 126 bits that integers have
  Observed found = observed(graph_, claims_, samples_);
  // A wider bound can let later values grow that were held before, so it looks again, a few times; values that still do
  // not fit are for gen-witness to name.
  for (int round = 0; round < 4 && !given.decomposition; ++round) {
    if (found.seen.outgrown == 0 || bound_bits(out) >= widest) break;
    const double needed = std::log2(margin * static_cast<double>(found.seen.outgrown));
    const double digit = std::log2(static_cast<double>(out.decomp_base));
    out.decomp_legs =
        std::max(out.decomp_legs + 1, static_cast<std::size_t>(std::ceil(std::min(needed, widest) / digit)));
    found = observed(graph_, record(graph_, up_to_flat_ends(out), max_model_size_), samples_);
  }
  if (!given.lookup_range) out.lookup_range = both_signs(widened(found.seen.keys, margin), found.possible_keys);
  if (is_sumcheck(out) && !given.decomposition) out = in_one_leg(graph_, out, samples_, margin, max_model_size_);
  return out;
}

CheapestSettings cheapest_settings(const Graph& graph, const RunArgs& fitted, const GivenArgs& given,
                                   ChoiceTarget target, std::uint64_t max_model_size, double limit) {
  if (is_sumcheck(fitted)) {
    const claims::Record claims = record(graph, fitted, max_model_size);
    GraphSettings settings = sumcheck_settings(graph, claims, fitted);
    const double seconds = sumcheck_cost(claims, settings).seconds();
    if (seconds >= limit) throw Error(Fault::range, "dearer than other settings");
    return {std::move(settings), seconds, seconds};
  }
  std::vector<std::size_t> widths{fitted.num_inner_cols};
  if (!given.num_inner_cols) widths = {2, 3, 4};
  std::vector<unsigned> bases{0};                                      // 0: as given
  if (!given.decomposition) bases = {0, 13, 12, 11, 10, 15, 9, 8, 7};  // what large models choose stands first

  std::list<claims::Record> records;
  std::vector<PlanOption> options;
  std::optional<Error> refused;
  for (const unsigned bits : bases) {
    RunArgs tried = fitted;
    if (bits != 0) {
      tried.decomp_legs = legs_for(bound_bits(fitted), bits);
      tried.decomp_base = std::size_t{1} << bits;
    }
    try {
      records.push_back(record_for(graph, tried, max_model_size));
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
      if (!refused) refused = e;
      continue;
    }
    for (const std::size_t width : widths) {
      tried.num_inner_cols = width;
      options.push_back({&records.back(), base_settings(graph, tried)});
    }
  }
  if (options.empty()) throw *refused;
  GraphSettings settings = plan_settings(options, !given.logrows, target, limit);
  const ProvingCost cost = proving_cost(settings);
  return {std::move(settings), cost.seconds(), price(cost, target)};
}

GraphSettings choose_settings(const Graph& graph, const RunArgs& args, const GivenArgs& given,
                              const std::vector<InputData>& samples, double margin, ChoiceTarget target,
                              std::uint64_t max_model_size) {
  const RunArgs fitted =
      samples.empty() ? args : SampleNeeds(graph, args, samples, max_model_size).fitted(given, margin);
  return cheapest_settings(graph, fitted, given, target, max_model_size).settings;
}

}  // namespace ezkl
