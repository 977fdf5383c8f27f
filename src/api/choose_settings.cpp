#include "api/choose_settings.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "circuit/cost.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

/// Legs that keep the bound base^legs of the run arguments, for a base of so many bits.
std::size_t legs_for(const RunArgs& args, unsigned bits) {
  const double bound = std::log2(static_cast<double>(args.decomp_base)) * static_cast<double>(args.decomp_legs);
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(bound / bits - 1e-9)));
}

/// A few samples rarely show both signs of a table's keys: the range reaches as far down as up, as far as keys can go.
std::pair<Int128, Int128> both_signs(const Graph& graph, const RunArgs& args, std::pair<Int128, Int128> seen) {
  const Int128 reach = std::max(-seen.first, seen.second);
  Int128 low = 0, high = 0;
  const claims::Record claims = record(graph, args);
  for (const claims::Claim& claim : claims.claims) {
    if (claim.kind != claims::Kind::table) continue;
    const claims::Interval possible = claims.tensors[claim.in[0].id].interval;
    low = std::min(low, std::max(possible.lo, -reach));
    high = std::max(high, std::min(possible.hi, reach));
  }
  return {low, high};
}

}  // namespace

std::pair<Int128, Int128> observed_lookup_range(const Graph& graph, const RunArgs& args,
                                                const std::vector<InputData>& samples, double margin) {
  const claims::Record claims = record(graph, args);
  claims::Interval keys{0, 0};
  const std::vector<InputSpec> specs = input_specs(graph);
  for (const InputData& sample : samples) {
    claims::Evaluation evaluation(claims, quantize_inputs(sample, specs), {false, false});
    evaluation.run();
    keys.lo = std::min(keys.lo, evaluation.extremes().keys.lo);
    keys.hi = std::max(keys.hi, evaluation.extremes().keys.hi);
  }
  return {static_cast<Int128>(std::floor(margin * static_cast<double>(keys.lo))),
          static_cast<Int128>(std::ceil(margin * static_cast<double>(keys.hi)))};
}

GraphSettings choose_settings(const Graph& graph, const RunArgs& args, const GivenArgs& given,
                              const std::vector<InputData>& samples, double margin, ChoiceTarget target) {
  RunArgs fixed = args;
  if (!given.lookup_range && !samples.empty()) {
    fixed.lookup_range = both_signs(graph, args, observed_lookup_range(graph, args, samples, margin));
  }
  std::vector<std::size_t> widths{fixed.num_inner_cols};
  if (!given.num_inner_cols) widths = {2, 3, 4};
  std::vector<unsigned> bases{0};  // 0: as given
  if (!given.decomposition) bases = {0, 7, 8, 9, 10, 11, 12, 13, 15};

  std::optional<GraphSettings> best;
  std::optional<Error> refused;
  double least = 0;
  const auto start = std::chrono::steady_clock::now();
  for (const unsigned bits : bases) {
    for (const std::size_t width : widths) {
      // A large model is worth a few seconds of looking, not minutes.
      if (best && std::chrono::steady_clock::now() - start > std::chrono::seconds(8)) return *best;
      RunArgs tried = fixed;
      tried.num_inner_cols = width;
      if (bits != 0) {
        tried.decomp_legs = legs_for(args, bits);
        tried.decomp_base = std::size_t{1} << bits;
      }
      try {
        GraphSettings settings = settings_for(graph, record(graph, tried), tried, !given.logrows, target);
        const double cost = price(proving_cost(settings), target);
        if (!best || cost < least) {
          least = cost;
          best = std::move(settings);
        }
      } catch (const Error& e) {
        if (e.fault() != Fault::range) throw;
        if (!refused) refused = e;
      }
    }
  }
  if (!best) throw *refused;
  return *best;
}

}  // namespace ezkl
