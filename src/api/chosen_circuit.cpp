#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include "api/calibration_data.hpp"
#include "api/data_shapes.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"
#include "circuit/cost.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/field_inputs.hpp"
#include "graph/passes/tensor_scales.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

using Path = std::filesystem::path;

double price_of(const ChosenCircuit& circuit, const SettingsChoice& choice) {
  return price(proving_cost(circuit.settings), choice.target);
}

/// A model with its file's name, the samples of a choice and what its float run makes of them.
class Source {
 public:
  Source(const Path& path, const SettingsChoice& choice)
      : path_(path), choice_(choice), model_(read_model(path, choice.max_model_size)) {}

  const ModelDef& model() const { return model_; }

  /// Arguments that are all given ask for no data that happens to lie there.
  Graph graph(const RunArgs& args, bool as_given) {
    Graph out = in_context(path_.string(), [&] { return build_graph(model_, args); });
    if (as_given && !choice_.data) {
      samples_.emplace();
    } else {
      // Read once: the shapes of inputs are the same at every scale.
      if (!samples_) samples_ = samples_for(out, choice_);
      mark_field_inputs(out, inputs_given_as_felts(out, *samples_));
    }
    return out;
  }

  /// Once there was a graph.
  const std::vector<InputData>& samples() const { return *samples_; }

  ChosenCircuit circuit(const RunArgs& args, bool as_given) { return circuit(graph(args, as_given), args, as_given); }

  /// The circuit of a graph that was made with `args`.
  /// errors: Fault::range when the samples do not stay within what the circuit allows, or when it costs `limit` or
  /// more.
  ChosenCircuit circuit(Graph graph, const RunArgs& args, bool as_given,
                        double limit = std::numeric_limits<double>::infinity()) {
    ChosenCircuit out{std::move(graph), {}, samples(), {}};
    in_context(path_.string(), [&] {
      out.settings = as_given ? settings_for(out.graph, record(out.graph, args, choice_.max_model_size), args, false)
                              : choose_settings(out.graph, args, choice_.given, out.samples, choice_.margin,
                                                choice_.target, choice_.max_model_size, limit);
    });
    return out;
  }

  /// The same arguments with scales of single tensors, as the samples ask for them; nothing where they ask for none.
  /// errors: Fault::range for samples that the model has no values for.
  std::optional<RunArgs> with_tensor_scales(RunArgs args, Digits digits) const {
    if (!samples_ || samples_->empty() || args.semantics == Semantics::published) return std::nullopt;
    const Graph graph = build_float_graph(model_, args);
    // Of field elements the float model makes nothing that could be looked at.
    const bool hashed = args.input_visibility.kind == Visibility::Kind::hashed_private;
    if (hashed || !inputs_given_as_felts(graph, *samples_).empty()) return std::nullopt;
    std::vector<std::vector<FloatTensor>> inputs;
    for (const InputData& sample : *samples_) inputs.push_back(float_inputs(graph, sample));
    const auto scales = tensor_scales(graph, args, inputs, digits);
    args.variables.insert(args.variables.end(), scales.begin(), scales.end());
    return scales.empty() ? std::nullopt : std::optional(args);
  }

  /// Runs the circuit on its samples and compares it with the float model, if that can be run.
  /// errors: Fault::range when the samples do not stay within what the circuit allows.
  void check(ChosenCircuit& circuit) {
    if (!wanted_) wanted_ = float_results(circuit);
    const bool judged = wanted_->size() == circuit.samples.size();
    circuit.check =
        self_check(model_, circuit.graph, circuit.settings.run_args, circuit.samples, judged ? *wanted_ : Floats());
  }

 private:
  using Floats = std::vector<std::vector<FloatTensor>>;

  /// For each sample; nothing where the float model cannot be run, which is said.
  Floats float_results(const ChosenCircuit& circuit) const {
    try {
      if (!circuit.samples.empty()) refuse_hashes_in_place(circuit.settings.run_args);
      return float_outputs(model_, circuit.graph, circuit.samples);
    } catch (const Error& e) {
      if (e.fault() == Fault::internal) throw;
      log_warn(std::string("the settings are not checked against the float model: ") + e.what());
      return {};
    }
  }

  const Path& path_;
  const SettingsChoice& choice_;
  const ModelDef model_;
  std::optional<std::vector<InputData>> samples_;
  std::optional<Floats> wanted_;
};

/// Whether the circuit of a graph looks up functions: so it is where their range is what does not fit.
bool has_tables(const Graph& graph, const RunArgs& args, const SettingsChoice& choice) {
  try {
    const claims::Record claims = record(graph, args, choice.max_model_size);
    return std::any_of(claims.claims.begin(), claims.claims.end(),
                       [](const claims::Claim& claim) { return claim.kind == claims::Kind::table; });
  } catch (const Error& e) {
    if (!does_not_fit(e)) throw;
    return true;
  }
}

/// Of a graph without tables, whose digits cost little: the circuit whose results are brought back to the scale only
/// every second time, fewer roundings, if it is as cheap; else the usual one, which `graph` is. `args` are as given.
/// errors: Fault::range when neither takes the samples.
ChosenCircuit circuit_by_roundings(Source& source, Graph graph, const RunArgs& args, int scale,
                                   const SettingsChoice& choice) {
  std::optional<ChosenCircuit> fewer;
  const auto unless_refused = [](const auto& body) {
    try {
      body();
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
    }
  };
  if (args.scale_rebase_multiplier == 1 && !source.samples().empty()) {
    unless_refused([&] {
      ChosenCircuit found = source.circuit(with_scale(args, scale, 2, choice.given), false);
      source.check(found);
      fewer = std::move(found);
    });
  }
  const bool holds = fewer && fewer->check.beyond == 0;
  // Most models get fewer rows by it: that the usual circuit is dearer is then clear before it is laid out.
  std::optional<ChosenCircuit> usual;
  const auto lay_out = [&] {
    const double limit = holds ? price_of(*fewer, choice) : std::numeric_limits<double>::infinity();
    const RunArgs usual_args = with_scale(args, scale, args.scale_rebase_multiplier, choice.given);
    ChosenCircuit found = source.circuit(std::move(graph), usual_args, false, limit);
    source.check(found);
    usual = std::move(found);
  };
  if (holds) {
    unless_refused(lay_out);
  } else {
    lay_out();
  }
  const bool fewer_is_better = !usual || (fewer && fewer->check.beyond <= usual->check.beyond &&
                                          price_of(*fewer, choice) <= price_of(*usual, choice));
  return fewer_is_better ? *std::move(fewer) : *std::move(usual);
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
ChosenCircuit circuit_at_usual_scale(Source& source, const RunArgs& args, const SettingsChoice& choice) {
  constexpr int fine_enough = 11, step = 2;
  std::optional<ChosenCircuit> best;
  for (int scale = finest_scale; scale > args.param_scale; scale -= step) {
    try {
      const RunArgs tried = with_scale(args, scale, args.scale_rebase_multiplier, choice.given);
      Graph graph = source.graph(tried, false);
      if (!has_tables(graph, tried, choice)) return circuit_by_roundings(source, std::move(graph), args, scale, choice);
      if (source.samples().empty() && !choice.given.lookup_range) break;
      ChosenCircuit found = source.circuit(std::move(graph), tried, false);
      source.check(found);
      const bool nearer = best && found.check.beyond < best->check.beyond;
      const bool as_near = best && found.check.beyond == best->check.beyond;
      if (!best || nearer || (as_near && much_dearer(*best, found, choice))) best = std::move(found);
      if (scale <= fine_enough) return *best;
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
    }
  }
  if (best) return *best;
  ChosenCircuit last = source.circuit(args, false);
  source.check(last);
  return last;
}

/// Samples that take more than half of the tolerance say that others will err beyond it: the next finer scale, where it
/// brings them nearer and the circuit has no more rows and is about as cheap.
ChosenCircuit with_room_for_others(Source& source, const RunArgs& args, const SettingsChoice& choice,
                                   ChosenCircuit found) {
  constexpr double near_the_tolerance = 0.5, as_cheap = 1.1;
  constexpr int step = 2;
  if (found.check.samples == 0 || found.check.share_of_allowed <= near_the_tolerance) return found;
  try {
    const RunArgs& had = found.settings.run_args;
    const RunArgs tried = with_scale(args, had.param_scale + step, had.scale_rebase_multiplier, choice.given);
    ChosenCircuit finer = source.circuit(source.graph(tried, false), tried, false, as_cheap * price_of(found, choice));
    if (finer.settings.run_args.logrows > had.logrows) return found;
    source.check(finer);
    return finer.check.beyond == 0 && finer.check.share_of_allowed < found.check.share_of_allowed ? finer : found;
  } catch (const Error& e) {
    if (e.fault() != Fault::range) throw;
    return found;
  }
}

/// A circuit whose samples come out as the float model has them, by means that cost more the later they are tried:
/// the usual scale; other scales for the tensors whose digits it does not hold; finer scales for all.
/// errors: Fault::range when none does.
ChosenCircuit circuit_at_best_scale(Source& source, const RunArgs& args, const SettingsChoice& choice) {
  std::optional<ChosenCircuit> usual;
  std::optional<Error> refusal;
  const auto tried = [&](const auto& circuit) -> std::optional<ChosenCircuit> {
    try {
      return circuit();
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
      if (!refusal) refusal = e;
      return std::nullopt;
    }
  };
  const auto holds = [&](const std::optional<ChosenCircuit>& found) { return found && found->check.beyond == 0; };
  const auto checked = [&](const RunArgs& other) {
    ChosenCircuit found = source.circuit(other, false);
    source.check(found);
    return found;
  };
  const auto at_scale = [&](int scale) { return with_scale(args, scale, args.scale_rebase_multiplier, choice.given); };

  usual = tried([&] { return circuit_at_usual_scale(source, args, choice); });
  if (holds(usual)) return with_room_for_others(source, args, choice, *std::move(usual));
  for (const Digits digits : {Digits::of_largest, Digits::of_slices}) {
    const auto found = tried([&]() -> ChosenCircuit {
      const auto other = source.with_tensor_scales(at_scale(finest_scale), digits);
      if (!other) throw Error(Fault::range, "the samples ask for no scales of single tensors");
      return checked(*other);
    });
    if (!holds(found)) continue;
    log_info(std::to_string(found->settings.run_args.variables.size() - args.variables.size()) +
             " tensors have scales of their own (run_args.variables): one scale for all would lose digits");
    return *found;
  }
  // What does not fit at the usual scale does not fit at a finer one.
  if (!usual) throw *refusal;
  for (const int scale : finer_scales) {
    const auto found = tried([&] { return checked(at_scale(scale)); });
    if (holds(found)) return *found;
  }
  // The published meaning of some operators is not the float model's.
  if (args.semantics == Semantics::published) return *usual;
  throw Error(Fault::range,
              "no settings bring the circuit near the float model: at scale " +
                  std::to_string(usual->settings.run_args.param_scale) + ", for " +
                  std::to_string(usual->check.beyond) + " of " + std::to_string(usual->check.samples) + " samples, " +
                  usual->check.report,
              {{"input_scale", "settings are written all the same with {}"}, {"param_scale", "and {} given"}});
}

}  // namespace

RunArgs with_scale(RunArgs args, int scale, std::uint32_t multiplier, const GivenArgs& given) {
  const int more = 2 * (scale - args.param_scale) + (static_cast<int>(multiplier) - 1) * scale;
  args.input_scale = args.param_scale = scale;
  args.scale_rebase_multiplier = multiplier;
  if (given.decomposition || more <= 0) return args;
  const auto bits = static_cast<int>(std::bit_width(args.decomp_base) - 1);
  args.decomp_legs += static_cast<std::size_t>((more + bits - 1) / bits);
  return args;
}

ChosenCircuit chosen_circuit(const Path& path, const RunArgs& run_args, const SettingsChoice& choice) {
  const bool choose_scale = !choice.given.logrows && !choice.given.scales;
  check_run_args(choose_scale ? with_scale(run_args, finest_scale, run_args.scale_rebase_multiplier, choice.given)
                              : run_args);
  if (choice.given.scales) warn_of_scales(run_args);
  Phase phase("read model");
  Source source(path, choice);
  const RunArgs args = with_data_shapes(source.model(), run_args, choice);
  // What is too large before there are scales is so at every scale.
  if (choose_scale) in_context(path.string(), [&] { build_float_graph(source.model(), args); });
  phase.next("choose settings");
  ChosenCircuit out =
      choose_scale ? circuit_at_best_scale(source, args, choice) : source.circuit(args, choice.given.logrows);
  try {
    if (!choose_scale) source.check(out);
  } catch (const Error& e) {
    // What was given is written, whatever becomes of it.
    if (e.fault() == Fault::internal) throw;
    log_warn(std::string("with these arguments the circuit does not take its own sample data: ") + e.what());
    return out;
  }
  if (out.check.beyond > 0) {
    log_warn("with these arguments " + std::to_string(out.check.beyond) + " of " + std::to_string(out.check.samples) +
             " samples differ from the float model: " + out.check.report);
  }
  return out;
}

}  // namespace ezkl
