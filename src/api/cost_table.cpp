#include "api/cost_table.hpp"

#include <algorithm>
#include <cstdio>

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
  out += format("predicted  %.3f s to prove: %.3f commitments, %.3f transforms, %.3f quotient, %.3f other\n",
                cost.seconds(), cost.commitments_s, cost.transforms_s, cost.quotient_s, cost.other_s);
  out += format("           %.0f MiB of memory, a proof of %zu points and %zu evaluations (%zu bytes)\n\n",
                cost.peak_mib, cost.points, cost.evaluations, cost.proof_bytes());
  return out;
}

}  // namespace

std::string cost_table(const std::filesystem::path& model, const RunArgs& run_args, const SettingsChoice& choice) {
  const ChosenCircuit chosen = chosen_circuit(model, run_args, choice);
  const GraphSettings& settings = chosen.settings;
  const claims::Record claims = record_for(chosen.graph, settings.run_args, choice.max_model_size);
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
