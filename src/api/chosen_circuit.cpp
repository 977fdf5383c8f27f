#include <bit>
#include <optional>

#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "circuit/cost.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

using Path = std::filesystem::path;

constexpr int finest_scale = 13;

double price_of(const ChosenCircuit& circuit, const SettingsChoice& choice) {
  return price(proving_cost(circuit.settings), choice.target);
}

/// errors: Fault::range when the samples do not stay within what the circuit allows.
void check_samples(const ChosenCircuit& circuit) {
  const claims::Record claims = record(circuit.graph, circuit.settings.run_args);
  const std::vector<InputSpec> specs = input_specs(circuit.graph);
  for (const InputData& sample : circuit.samples) claims::Evaluation(claims, quantize_inputs(sample, specs)).run();
}

ChosenCircuit circuit_at_scale(const ModelDef& model, const Path& path, const RunArgs& args,
                               const SettingsChoice& choice) {
  ChosenCircuit out{in_context(path.string(), [&] { return build_graph(model, args); }), {}, {}};
  out.samples = samples_for(out.graph, choice);
  in_context(path.string(), [&] {
    out.settings = choose_settings(out.graph, args, choice.given, out.samples, choice.margin, choice.target);
  });
  return out;
}

/// Run arguments with both scales `scale` and results brought back to them once they have `multiplier` times as many
/// bits. Bits behind the point are not to cost bits before it: the bound on values, which products have to fit, moves
/// up with them unless it was given.
RunArgs with_scale(RunArgs args, int scale, std::uint32_t multiplier, const GivenArgs& given) {
  const int more = 2 * (scale - args.param_scale) + (static_cast<int>(multiplier) - 1) * scale;
  args.input_scale = args.param_scale = scale;
  args.scale_rebase_multiplier = multiplier;
  if (given.decomposition || more <= 0) return args;
  const auto bits = static_cast<int>(std::bit_width(args.decomp_base) - 1);
  args.decomp_legs += static_cast<std::size_t>((more + bits - 1) / bits);
  return args;
}

/// The circuit whose results are brought back to the scale only every second time, if it is as cheap: fewer roundings.
ChosenCircuit with_fewer_roundings(const ModelDef& model, const Path& path, const RunArgs& args,
                                   const SettingsChoice& choice, ChosenCircuit usual) {
  if (args.scale_rebase_multiplier != 1 || usual.samples.empty()) return usual;
  try {
    const int scale = usual.settings.run_args.param_scale;
    ChosenCircuit found = circuit_at_scale(model, path, with_scale(args, scale, 2, choice.given), choice);
    check_samples(found);
    return price_of(found, choice) <= price_of(usual, choice) ? found : usual;
  } catch (const Error& e) {
    if (e.fault() != Fault::range) throw;
    return usual;
  }
}

/// Whether bits behind the point cost more than they are worth: twice as much, or four times where nobody has to wait
/// for it.
bool much_dearer(const ChosenCircuit& fine, const ChosenCircuit& coarse, const SettingsChoice& choice) {
  constexpr double soon = 5;  // seconds
  const double times = proving_cost(fine.settings).seconds() < soon ? 4 : 2;
  return price_of(fine, choice) > times * price_of(coarse, choice);
}

/// The finest scale that has a circuit: a coarser one only where function tables, whose length doubles with every bit,
/// make the finest much dearer. How long tables must be is only known from samples; without any the scales stay.
ChosenCircuit circuit_at_best_scale(const ModelDef& model, const Path& path, const RunArgs& args,
                                    const SettingsChoice& choice) {
  constexpr int fine_enough = 11, step = 2;
  std::optional<ChosenCircuit> best;
  for (int scale = finest_scale; scale > args.param_scale; scale -= step) {
    try {
      const RunArgs tried = with_scale(args, scale, args.scale_rebase_multiplier, choice.given);
      ChosenCircuit found = circuit_at_scale(model, path, tried, choice);
      const bool tables = !found.settings.required_lookups.empty();
      if (tables && found.samples.empty() && !choice.given.lookup_range) break;
      check_samples(found);
      if (!tables) return with_fewer_roundings(model, path, args, choice, std::move(found));
      if (!best || much_dearer(*best, found, choice)) best = std::move(found);
      if (scale <= fine_enough) return *best;
    } catch (const Error& e) {
      if (e.fault() != Fault::range) throw;
    }
  }
  return best ? *best : circuit_at_scale(model, path, args, choice);
}

}  // namespace

ChosenCircuit chosen_circuit(const Path& path, const RunArgs& run_args, const SettingsChoice& choice) {
  const bool choose_scale = !choice.given.logrows && !choice.given.scales;
  check_run_args(choose_scale ? with_scale(run_args, finest_scale, run_args.scale_rebase_multiplier, choice.given)
                              : run_args);
  if (choice.given.scales) warn_of_scales(run_args);
  if (choice.given.logrows) {
    ChosenCircuit out{graph_of_file(path, run_args, {}, choice.max_model_size), {}, {}};
    in_context(path.string(),
               [&] { out.settings = settings_for(out.graph, record(out.graph, run_args), run_args, false); });
    return out;
  }
  const ModelDef model = read_model(path, choice.max_model_size);
  return choose_scale ? circuit_at_best_scale(model, path, run_args, choice)
                      : circuit_at_scale(model, path, run_args, choice);
}

}  // namespace ezkl
