#include "api/cost_table.hpp"

#include <algorithm>
#include <cstdio>

#include "api/sumcheck_choice.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "circuit/node_cost.hpp"

namespace ezkl {
namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::string circuit_text(const GraphSettings& settings, const ProvingCost& cost) {
  const RunArgs& args = settings.run_args;
  std::string out = format("circuit    2^%u rows, %zu of the model in blocks of %zu; degree %u\n", cost.logrows,
                           settings.num_rows, std::size_t{1} << cost.logrows, cost.degree);
  out += format("columns    %zu advice, %zu fixed, %zu permuted; %zu lookup arguments\n", cost.advice, cost.fixed,
                cost.permutation, cost.lookups);
  out += format("arguments  %zu inner columns, decomposition %zu^%zu\n", args.num_inner_cols, args.decomp_base,
                args.decomp_legs);
  out += format(
      "predicted  %.3f s to prove on one core with AVX-512 IFMA, files not counted: %.3f commitments, %.3f "
      "transforms,\n"
      "           %.3f quotient, %.3f other\n",
      cost.seconds(), cost.commitments_s, cost.transforms_s, cost.quotient_s, cost.other_s);
  out += format("           %.0f MiB of memory, a proof of %zu points and %zu evaluations (%zu bytes)\n\n",
                cost.peak_mib, cost.points, cost.evaluations, cost.proof_bytes());
  return out;
}

unsigned long long number(std::uint64_t n) { return n; }

/// By phases: a lookup belongs to no node alone once all are in one sum.
std::string sumcheck_text(const GraphSettings& settings, const relations::ProverCost& cost) {
  const RunArgs& args = settings.run_args;
  std::string out = format("system     sumcheck: rows of 2^%u cells, limbs of %u bits, sums of at most 2^%u lookups\n",
                           *args.sumcheck.row_bits, *args.sumcheck.limb_bits, *args.sumcheck.tree_bits);
  out += format("arguments  values below %zu^%zu\n", args.decomp_base, args.decomp_legs);
  out += format("predicted  %.3f s to prove, about %llu bytes of rows in a proof\n\n", cost.seconds(),
                number(cost.row_bytes()));
  out += "     elements   seconds  phase\n";
  const auto line = [&](std::uint64_t elements, double seconds, const char* phase) {
    out += format("%13llu %9.4f  %s\n", number(elements), seconds, phase);
  };
  line(cost.committed, cost.commit_s, "commit");
  line(cost.leaves, cost.lookups_s, "lookups");
  line(cost.multiplied, cost.products_s, "products and squares");
  line(cost.contracted, cost.contractions_s, "contractions");
  line(cost.committed + cost.keyed, cost.opening_s, "opening");
  return out;
}

}  // namespace

std::string cost_table(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice) {
  const ChosenCircuit chosen = chosen_circuit(model, run_args, choice);
  const GraphSettings& settings = chosen.settings;
  const claims::Record claims = record_for(chosen.graph, settings.run_args, choice.max_model_size);
  if (is_sumcheck(settings.run_args)) return sumcheck_text(settings, sumcheck_cost(claims, settings));
  const ProvingCost cost = proving_cost(settings);
  std::string out = circuit_text(settings, cost);
  out += "        rows  columns      lookups   seconds       %  node\n";
  for (const NodeCost& node : node_costs(claims, settings, cost)) {
    out += format("%12llu %8zu %12llu %9.4f %7.1f  ", static_cast<unsigned long long>(node.rows), node.columns,
                  static_cast<unsigned long long>(node.lookups), node.seconds, 100 * node.seconds / cost.seconds());
    out += node.name + "\n";
  }
  return out;
}

}  // namespace ezkl
