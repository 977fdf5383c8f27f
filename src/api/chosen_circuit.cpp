#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "api/calibration_data.hpp"
#include "api/data_shapes.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/field_inputs.hpp"
#include "graph/passes/chains.hpp"
#include "graph/passes/tensor_scales.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

using Path = std::filesystem::path;

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A circuit that could be chosen: its graph and arguments that hold the samples, before it is laid out and after.
struct Candidate {
  std::shared_ptr<const Graph> graph;
  RunArgs args;
  /// How it does on the samples; nothing where this decomposition does not hold them, and another may.
  std::optional<SelfCheckResult> check{};
  std::optional<GraphSettings> settings{};  ///< once it is laid out
  double seconds = 0, price = 0;            ///< then, unless its size was given too: as CheapestSettings

  bool holds() const { return check && check->beyond == 0; }
};

/// A model with the samples of a choice and what its float run makes of them.
class Source {
 public:
  /// `args`: as ScaledGraphs. What is too large before there are scales is so at every scale.
  Source(const Path& path, const SettingsChoice& choice, const ModelDef& model, const RunArgs& args)
      : path_(path), choice_(choice), model_(model), graphs_(in_model([&] { return ScaledGraphs(model, args); })) {}

  /// Arguments that are all given ask for no data that happens to lie there.
  std::shared_ptr<const Graph> graph(const RunArgs& args, bool as_given = false) {
    Graph out = in_model([&] { return graphs_.integers(args); });
    if (as_given && !choice_.data) {
      samples_.emplace();
    } else {
      // Read once: the shapes of inputs are the same at every scale.
      if (!samples_) samples_ = samples_for(out, choice_);
      mark_field_inputs(out, inputs_given_as_felts(out, *samples_));
    }
    return std::make_shared<const Graph>(std::move(out));
  }

  /// Once there was a graph.
  const std::vector<InputData>& samples() const { return *samples_; }

  SampleNeeds needs(const Graph& graph, const RunArgs& args) const {
    return in_model([&] { return SampleNeeds(graph, args, samples(), choice_.max_model_size); });
  }

  /// The circuit of a graph that was made with `args`, laid out if the samples hold: most that are tried are refused by
  /// them, which takes little to see. Of a published model's circuits none need hold.
  /// errors: Fault::range when the samples do not stay within what the circuit allows, or when it costs `limit` or
  /// more.
  Candidate tried(std::shared_ptr<const Graph> graph, const SampleNeeds& needs, double limit = unlimited) {
    Candidate out{std::move(graph), fitted(needs)};
    if (limit == unlimited) {
      try {
        out.check = checked(*out.graph, out.args);
      } catch (const Error& e) {
        if (!does_not_fit(e) || choice_.given.decomposition) throw;
      }
    }
    if (out.check && !out.holds() && out.args.semantics != Semantics::published) return out;
    lay_out(out, limit);
    // Where values are held decides the claims; how many rows and columns hold them does not.
    RunArgs laid_out = out.settings->run_args;
    laid_out.logrows = out.args.logrows;
    laid_out.num_inner_cols = out.args.num_inner_cols;
    laid_out.sumcheck = out.args.sumcheck;
    if (!out.check || !(laid_out == out.args)) out.check = checked(*out.graph, out.settings->run_args);
    return out;
  }
  Candidate tried(const RunArgs& args) {
    const auto made = graph(args);
    return tried(made, needs(*made, args));
  }

  /// The circuit of arguments that were given, all of them or the scales, whether its samples hold or not.
  Candidate laid_out(const RunArgs& args) {
    const bool all = choice_.given.logrows;
    Candidate out{graph(args, all), args};
    if (all) {
      in_model([&] {
        out.settings = settings_for(*out.graph, record(*out.graph, args, choice_.max_model_size), args, false);
      });
      return out;
    }
    if (!samples().empty()) out.args = fitted(needs(*out.graph, args));
    lay_out(out, unlimited);
    return out;
  }

  /// The same arguments with scales of single tensors, as the samples ask for them; nothing where they ask for none.
  /// errors: Fault::range for samples that the model has no values for.
  std::optional<RunArgs> with_tensor_scales(const RunArgs& args, Digits digits) const {
    return with_variables(
        args, [&](const Graph& graph, const auto& inputs) { return tensor_scales(graph, args, inputs, digits); });
  }

  /// The same arguments with tables for chains of operators on one tensor, as far as the samples go; nothing where
  /// there are none. errors: as with_tensor_scales.
  std::optional<RunArgs> with_chains(const RunArgs& args) const {
    return with_variables(args, [&](const Graph& graph, const auto& inputs) {
      return chain_variables(graph, args, inputs, choice_.margin);
    });
  }

  /// Runs a circuit on the samples and compares it with the float model, if that can be run.
  /// errors: Fault::range when the samples do not stay within what the circuit allows.
  SelfCheckResult checked(const Graph& graph, const RunArgs& args) {
    if (samples().empty()) return {};
    if (!wanted_) wanted_ = float_results(graph, args);
    const bool judged = wanted_->size() == samples().size();
    const claims::Record claims = record(graph, args, model_.budget.limit());
    return self_check({model_, graph, claims}, args, samples(), judged ? *wanted_ : Floats());
  }

  /// What is wrong with the first sample that differs, and where it begins; empty when none does.
  std::string report(const Candidate& found) const {
    if (!found.check || found.check->beyond == 0) return "";
    const RunArgs& args = found.settings ? found.settings->run_args : found.args;
    const claims::Record claims = record(*found.graph, args, model_.budget.limit());
    const SelfCheckResult& check = *found.check;
    return SelfCheck(model_, *found.graph, claims).report(samples()[check.first_beyond], check.first_verdict);
  }

 private:
  using Floats = std::vector<std::vector<FloatTensor>>;

  /// The arguments with those that `choose` makes of the graph of reals and of the samples; nothing where it makes
  /// none.
  template <class Choose>
  std::optional<RunArgs> with_variables(RunArgs args, const Choose& choose) const {
    if (!samples_ || samples_->empty() || args.semantics == Semantics::published) return std::nullopt;
    const Graph graph = graphs_.reals(args);
    // Of field elements the float model makes nothing that could be looked at.
    const bool hashed = args.input_visibility.kind == Visibility::Kind::hashed_private;
    if (hashed || !inputs_given_as_felts(graph, *samples_).empty()) return std::nullopt;
    Floats inputs;
    for (const InputData& sample : *samples_) inputs.push_back(float_inputs(graph, sample));
    const auto variables = choose(graph, inputs);
    args.variables.insert(args.variables.end(), variables.begin(), variables.end());
    return variables.empty() ? std::nullopt : std::optional(std::move(args));
  }

  template <class Body>
  std::invoke_result_t<Body> in_model(Body&& body) const {
    return in_context(path_.string(), std::forward<Body>(body));
  }

  RunArgs fitted(const SampleNeeds& needs) const {
    return in_model([&] { return needs.fitted(choice_.given, choice_.margin); });
  }

  void lay_out(Candidate& found, double limit) const {
    in_model([&] {
      CheapestSettings cheapest =
          cheapest_settings(*found.graph, found.args, choice_.given, choice_.target, choice_.max_model_size, limit);
      found.settings = std::move(cheapest.settings);
      found.seconds = cheapest.seconds;
      found.price = cheapest.price;
    });
  }

  /// For each sample; nothing where the float model cannot be run, which is said.
  Floats float_results(const Graph& graph, const RunArgs& args) const {
    try {
      refuse_hashes_in_place(args);
      return float_outputs(model_, graph, samples());
    } catch (const Error& e) {
      if (e.fault() == Fault::internal) throw;
      log_warn(std::string("the settings are not checked against the float model: ") + e.what());
      return {};
    }
  }

  const Path& path_;
  const SettingsChoice& choice_;
  const ModelDef& model_;
  ScaledGraphs graphs_;
  std::optional<std::vector<InputData>> samples_;
  std::optional<Floats> wanted_;
};

/// Of a graph without tables, whose digits cost little: the circuit whose results are brought back to the scale only
/// every second time, fewer roundings, if it is as cheap; else the usual one, which `graph` is. `args` are as given.
/// errors: Fault::range when neither takes the samples.
Candidate circuit_by_roundings(Source& source, const std::shared_ptr<const Graph>& graph, const SampleNeeds& needs,
                               const RunArgs& args, int scale, const SettingsChoice& choice) {
  std::optional<Candidate> fewer;
  const auto unless_refused = [](const auto& body) {
    try {
      body();
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
    }
  };
  if (args.scale_rebase_multiplier == 1 && !source.samples().empty()) {
    unless_refused([&] { fewer = source.tried(with_scale(args, scale, 2, choice.given)); });
  }
  const bool holds = fewer && fewer->holds();
  // Most models get fewer rows by it: that the usual circuit is dearer is then clear before it is laid out.
  std::optional<Candidate> usual;
  const auto lay_out = [&] { usual = source.tried(graph, needs, holds ? fewer->price : unlimited); };
  if (holds) {
    unless_refused(lay_out);
  } else {
    lay_out();
  }
  if (!usual) return *std::move(fewer);
  const bool as_near = fewer && fewer->check->beyond <= usual->check->beyond && fewer->settings && usual->settings;
  return as_near && fewer->price <= usual->price ? *std::move(fewer) : *std::move(usual);
}

/// Whether bits behind the point cost more than they are worth: twice as much, or four times where nobody has to wait
/// for it.
bool much_dearer(const Candidate& fine, const Candidate& coarse) {
  constexpr double soon = 5;  // seconds
  const double times = fine.seconds < soon ? 4 : 2;
  return fine.price > times * coarse.price;
}

/// The finest scale that has a circuit: a coarser one only where function tables, whose length doubles with every bit,
/// make the finest much dearer. How long tables must be is only known from samples; without any the scales stay.
Candidate circuit_at_usual_scale(Source& source, const RunArgs& args, const SettingsChoice& choice) {
  constexpr int fine_enough = 11, step = 2;
  std::optional<Candidate> best;
  for (int scale = finest_scale; scale > args.param_scale; scale -= step) {
    try {
      const RunArgs tried = with_scale(args, scale, args.scale_rebase_multiplier, choice.given);
      const auto graph = source.graph(tried);
      const SampleNeeds needs = source.needs(*graph, tried);
      if (!needs.has_tables()) return circuit_by_roundings(source, graph, needs, args, scale, choice);
      if (source.samples().empty() && !choice.given.lookup_range) break;
      Candidate found = source.tried(graph, needs);
      const bool nearer = best && found.check->beyond < best->check->beyond;
      const bool as_near = best && found.check->beyond == best->check->beyond && found.settings && best->settings;
      if (!best || nearer || (as_near && much_dearer(*best, found))) best = std::move(found);
      if (scale <= fine_enough) return *best;
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
    }
  }
  return best ? *std::move(best) : source.tried(args);
}

/// Samples that take more than half of the tolerance say that others will err beyond it: the next finer scale, where it
/// brings them nearer and the circuit has no more rows and is about as cheap.
Candidate with_room_for_others(Source& source, const RunArgs& args, const SettingsChoice& choice, Candidate found) {
  constexpr double near_the_tolerance = 0.5, as_cheap = 1.1;
  constexpr int step = 2;
  if (found.check->samples == 0 || found.check->share_of_allowed <= near_the_tolerance) return found;
  try {
    const RunArgs& had = found.settings->run_args;
    const RunArgs tried = with_scale(args, had.param_scale + step, had.scale_rebase_multiplier, choice.given);
    const auto graph = source.graph(tried);
    Candidate finer = source.tried(graph, source.needs(*graph, tried), as_cheap * found.price);
    const bool nearer = finer.holds() && finer.check->share_of_allowed < found.check->share_of_allowed;
    return nearer && finer.settings->run_args.logrows <= had.logrows ? finer : found;
  } catch (const Error& e) {
    if (e.fault() != Fault::range) throw;
    return found;
  }
}

/// The circuit with tables for its chains of operators on one tensor, if it is cheaper then and has no more rows.
Candidate with_chains(Source& source, const SettingsChoice& choice, Candidate found) {
  // Both kinds of variables go by nodes' numbers, which change with every chain.
  if (!found.check || !found.settings || has_scales(found.args) || has_chains(found.args)) return found;
  try {
    const auto args = source.with_chains(found.args);
    if (!args) return found;
    const auto graph = source.graph(*args);
    Candidate tables = source.tried(graph, source.needs(*graph, *args), found.price);
    const bool as_near = tables.check->beyond <= found.check->beyond;
    if (!as_near || tables.settings->run_args.logrows > found.settings->run_args.logrows) return found;
    const std::size_t count = args->variables.size() - found.args.variables.size();
    log_info(std::to_string(count) +
             (count == 1 ? " chain of operators on one tensor is" : " chains of operators on one tensor are each") +
             " one table (run_args.variables), which reaches " + short_number(choice.margin, 2) +
             " times as far as these samples");
    return tables;
  } catch (const Error& e) {
    if (!does_not_fit(e)) throw;
    return found;
  }
}

/// A circuit whose samples come out as the float model has them, by means that cost more the later they are tried:
/// the usual scale; other scales for the tensors whose digits it does not hold; finer scales for all.
/// errors: Fault::range when none does.
Candidate circuit_at_best_scale(Source& source, const RunArgs& args, const SettingsChoice& choice) {
  std::optional<Candidate> usual;
  std::optional<Error> refusal;
  const auto tried = [&](const auto& circuit) -> std::optional<Candidate> {
    try {
      return circuit();
    } catch (const Error& e) {
      if (!does_not_fit(e)) throw;
      if (!refusal) refusal = e;
      return std::nullopt;
    }
  };
  const auto holds = [&](const std::optional<Candidate>& found) { return found && found->holds(); };
  const auto at_scale = [&](int scale) { return with_scale(args, scale, args.scale_rebase_multiplier, choice.given); };

  usual = tried([&] { return circuit_at_usual_scale(source, args, choice); });
  if (holds(usual)) return with_room_for_others(source, args, choice, *std::move(usual));
  for (const Digits digits : {Digits::of_largest, Digits::of_slices}) {
    const auto found = tried([&]() -> Candidate {
      const auto other = source.with_tensor_scales(at_scale(finest_scale), digits);
      if (!other) throw Error(Fault::range, "the samples ask for no scales of single tensors");
      return source.tried(*other);
    });
    if (!holds(found)) continue;
    log_info(std::to_string(found->settings->run_args.variables.size() - args.variables.size()) +
             " tensors have scales of their own (run_args.variables): one scale for all would lose digits");
    return *found;
  }
  // What does not fit at the usual scale does not fit at a finer one.
  if (!usual) throw *refusal;
  for (const int scale : finer_scales) {
    const auto found = tried([&] { return source.tried(at_scale(scale)); });
    if (holds(found)) return *found;
  }
  // The published meaning of some operators is not the float model's.
  if (args.semantics == Semantics::published) return *usual;
  throw Error(Fault::range,
              "no settings bring the circuit near the float model: at scale " +
                  std::to_string(usual->args.param_scale) + ", for " + std::to_string(usual->check->beyond) + " of " +
                  std::to_string(usual->check->samples) + " samples, " + source.report(*usual),
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
  const ModelDef model = read_model(path, choice.max_model_size);
  const RunArgs args = with_data_shapes(model, run_args, choice);
  Source source(path, choice, model, args);
  phase.next("choose settings");
  Candidate found = choose_scale ? circuit_at_best_scale(source, args, choice) : source.laid_out(args);
  if (!choose_scale) {
    try {
      found.check = source.checked(*found.graph, found.settings->run_args);
    } catch (const Error& e) {
      // What was given is written, whatever becomes of it.
      if (e.fault() == Fault::internal) throw;
      log_warn(std::string("with these arguments the circuit does not take its own sample data: ") + e.what());
    }
  }
  if (!choice.given.logrows) found = with_chains(source, choice, std::move(found));
  if (found.check && found.check->beyond > 0) {
    log_warn("with these arguments " + std::to_string(found.check->beyond) + " of " +
             std::to_string(found.check->samples) +
             (found.check->samples == 1 ? " sample differs" : " samples differ") +
             " from the float model: " + source.report(found));
  }
  return {*found.graph, *std::move(found.settings), source.samples(), found.check.value_or(SelfCheckResult{})};
}

}  // namespace ezkl
