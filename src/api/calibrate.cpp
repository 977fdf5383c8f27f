#include "api/calibrate.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include "api/choose_settings.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "api/self_check.hpp"
#include "api/split.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/int128.hpp"
#include "base/log.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "circuit/cost.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

constexpr std::uint32_t least_logrows = 6;

struct Candidate {
  CalibrationRow row;
  GraphSettings settings;
};

/// The smallest circuit that the settings allow, columns overflowing into further ones.
GraphSettings with_least_rows(const Graph& graph, const RunArgs& args, const claims::Record& claims) {
  for (std::uint32_t k = least_logrows;; ++k) {
    RunArgs tried = args;
    tried.logrows = k;
    try {
      return settings_for(graph, claims, tried, false);
    } catch (const Error& e) {
      if (!does_not_fit(e) || k >= args.logrows) throw;
    }
  }
}

/// Sample data with what the original float model makes of it.
struct CalibrationData {
  std::vector<InputData> samples;
  std::vector<std::vector<FloatTensor>> wanted;
};

Candidate attempt(const ModelDef& model, ScaledGraphs& graphs, RunArgs args, const CalibrationData& data,
                  const CalibrationOptions& options) {
  Candidate out;
  out.row.input_scale = args.input_scale;
  out.row.param_scale = args.param_scale;
  out.row.multiplier = args.scale_rebase_multiplier;
  const Graph graph = graphs.integers(args);
  args.lookup_range =
      SampleNeeds(graph, args, data.samples, options.max_model_size).lookup_range(options.lookup_safety_margin);
  const claims::Record claims = record(graph, args, options.max_model_size);
  const std::vector<InputSpec> specs = input_specs(graph);
  const SelfCheck judge(model, graph, claims);
  for (std::size_t k = 0; k < data.samples.size(); ++k) {
    claims::Evaluation evaluation(claims, quantize_inputs(data.samples[k], specs));
    evaluation.run();
    const std::vector<claims::Values> mine = evaluation.outputs();
    if (!judge.judge(data.wanted[k], mine).holds()) ++out.row.beyond;
    for (std::size_t i = 0; i < mine.size(); ++i) {
      out.row.outputs.add(data.wanted[k][i].data, mine[i], graph.nodes[graph.outputs[i]].scale);
    }
  }
  out.settings = settings_for(graph, claims, args, true);
  if (options.max_logrows && out.settings.run_args.logrows > std::max(least_logrows, *options.max_logrows)) {
    args.logrows = std::max(least_logrows, *options.max_logrows);
    out.settings = settings_for(graph, claims, args, false);
  }
  if (options.target == CalibrationTarget::resources_col_overflow) {
    args.logrows = out.settings.run_args.logrows;
    out.settings = with_least_rows(graph, args, claims);
  }
  out.row.logrows = out.settings.run_args.logrows;
  out.row.rows = out.settings.num_rows;
  out.row.seconds = proving_cost(out.settings).seconds();
  out.row.lookup_range = args.lookup_range;
  return out;
}

/// The published package cannot go below with its default decomposition; saving rows below is not worth precision.
constexpr std::uint32_t small_logrows = 15;
/// Circuits that cost this many times the least, or this many seconds, are as good as the least.
constexpr double small_factor = 1.5, small_seconds = 1;
/// Where accuracy is wanted, circuits that cost more than this many times the least are too dear for being nearer.
constexpr double dear_factor = 4;

/// Which of two candidates with as few samples beyond the tolerance is nearer to the float model. Equal ones: the
/// larger scales, which leave more room for other data.
auto nearness(const CalibrationRow& r) {
  return std::tuple(r.outputs.mean, -r.input_scale, -r.param_scale, -static_cast<std::int64_t>(r.multiplier));
}

/// Places of candidates: the one to keep, and the nearest of all if the one to keep is not as near.
struct Choice {
  std::size_t best = 0;
  std::optional<std::size_t> nearest;
};

/// Of those with the fewest samples beyond the tolerance the nearest to the float model, for accuracy among those that
/// are not too dear, else among those that are as small as can be.
Choice best_of(const std::vector<Candidate>& candidates, CalibrationTarget target) {
  const bool accuracy = target == CalibrationTarget::accuracy;
  std::size_t fewest = candidates[0].row.beyond;
  for (const Candidate& c : candidates) fewest = std::min(fewest, c.row.beyond);
  double least = std::numeric_limits<double>::infinity();
  for (const Candidate& c : candidates) {
    // What is wrong is no measure of what being right may cost.
    if (!accuracy || c.row.beyond == fewest) least = std::min(least, c.row.seconds);
  }
  const double limit = std::max((accuracy ? dear_factor : small_factor) * least, small_seconds);
  const auto merit = [&](const CalibrationRow& r) {
    return std::tuple(r.beyond, accuracy ? 0 : std::max(r.logrows, small_logrows), r.seconds > limit ? r.seconds : 0,
                      nearness(r));
  };
  Choice out;
  std::size_t nearest = 0;
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const CalibrationRow& r = candidates[i].row;
    if (merit(r) < merit(candidates[out.best].row)) out.best = i;
    const CalibrationRow& near = candidates[nearest].row;
    if (std::tuple(r.beyond, nearness(r)) < std::tuple(near.beyond, nearness(near))) nearest = i;
  }
  if (candidates[nearest].row.outputs.mean < candidates[out.best].row.outputs.mean) out.nearest = nearest;
  return out;
}

/// For accuracy: what would have been nearer, and for how much.
void say_what_was_too_dear(const CalibrationRow& chosen, const CalibrationRow& nearer) {
  std::string scales = std::to_string(nearer.input_scale);
  if (nearer.param_scale != nearer.input_scale) scales += "," + std::to_string(nearer.param_scale);
  log_warn("scales " + std::to_string(nearer.input_scale) + " and " + std::to_string(nearer.param_scale) +
               " with multiplier " + std::to_string(nearer.multiplier) +
               " come nearer to the float model (mean error " + short_number(nearer.outputs.mean, 3) + " instead of " +
               short_number(chosen.outputs.mean, 3) + "), but a proof is predicted to take " +
               short_number(nearer.seconds / chosen.seconds, 2) + " times as long (" + short_number(nearer.seconds, 3) +
               " s instead of " + short_number(chosen.seconds, 3) + " s)",
           {{"scales", "they are taken where nothing cheaper is tried: {} " + scales},
            {"scale_rebase_multiplier", "with {} " + std::to_string(nearer.multiplier)}});
}

}  // namespace

std::vector<CalibrationRow> calibrate(const std::string& data, const Path& model_path, const Path& settings_path,
                                      const CalibrationOptions& options) {
  check_lookup_safety_margin(options.lookup_safety_margin);
  const std::vector<std::uint32_t>& multipliers = options.multipliers;
  if (std::find(multipliers.begin(), multipliers.end(), 0u) != multipliers.end()) {
    throw Error(Fault::usage, "a multiplier of 0 for scales", {{"scale_rebase_multiplier", "{} must be at least 1"}});
  }
  const GraphSettings before = read_settings(settings_path);
  check_run_args(before.run_args);
  in_context(settings_path.string(),
             [&] { need_plonk(before.run_args, "calibration (gen-settings chooses by samples for both systems)"); });
  if (!before.field_inputs.empty()) {
    throw Error(Fault::unsupported, settings_path.string() +
                                        ": inputs are field elements, which are exact at scale 0: there is nothing to "
                                        "calibrate");
  }
  if (const auto split = split_of_part(settings_path)) {
    throw Error(Fault::usage,
                settings_path.string() + ": these are settings of a part of " + split->string() +
                    ": other scales would break its links to its neighbours. Calibrate the whole model",
                {{"settings_path", "and give its settings to split by {}"}});
  }
  const ModelDef model = read_model(model_path, options.max_model_size);
  ScaledGraphs graphs = in_context(model_path.string(), [&] { return ScaledGraphs(model, before.run_args); });
  const Graph now = in_context(model_path.string(), [&] { return graphs.integers(before.run_args); });
  CalibrationData all{split_samples(load_input(data), input_specs(now)), {}};
  if (all.samples.empty()) throw Error(Fault::format, "the calibration data holds no sample");
  refuse_hashes_in_place(before.run_args);
  all.wanted = in_context(model_path.string(), [&] { return float_outputs(model, now, all.samples); });

  std::vector<int> scales = options.scales.value_or(std::vector<int>{11, 12, 13});
  std::sort(scales.begin(), scales.end());
  scales.erase(std::unique(scales.begin(), scales.end()), scales.end());
  if (scales.empty() || options.multipliers.empty()) throw Error(Fault::usage, "no scale or no multiplier to try");
  const bool floats =
      std::any_of(now.inputs.begin(), now.inputs.end(), [&](std::uint32_t i) { return is_float(now.nodes[i].type); });
  std::vector<RunArgs> tries;
  for (const std::uint32_t multiplier : options.multipliers) {
    for (const int param : scales) {
      for (const int input : floats ? scales : std::vector<int>{0}) {
        if (input > param) continue;
        RunArgs args = before.run_args;
        args.input_scale = input;
        args.param_scale = param;
        args.scale_rebase_multiplier = multiplier;
        tries.push_back(args);
      }
    }
  }

  std::vector<Candidate> working;
  std::vector<CalibrationRow> rows;
  std::vector<std::size_t> place;  // of each working candidate in `rows`
  const auto try_all = [&](const std::vector<RunArgs>& combinations) {
    Progress progress("calibrating", combinations.size());
    for (const RunArgs& args : combinations) {
      try {
        working.push_back(attempt(model, graphs, args, all, options));
        place.push_back(rows.size());
        rows.push_back(working.back().row);
      } catch (const Error& e) {
        if (!does_not_fit(e) && e.fault() != Fault::unsupported) throw;
        CalibrationRow& failed = rows.emplace_back();
        failed.input_scale = args.input_scale;
        failed.param_scale = args.param_scale;
        failed.multiplier = args.scale_rebase_multiplier;
        failed.failure = e.what();
      }
      progress.step();
    }
  };
  const auto holds = [](const Candidate& c) { return c.row.beyond == 0; };
  try_all(tries);
  for (const int scale : finer_scales) {
    if (options.scales || std::any_of(working.begin(), working.end(), holds)) break;
    // More bits behind the point are not to leave fewer before it.
    RunArgs args = with_scale(before.run_args, scale, options.multipliers.front(), {});
    if (!floats) args.input_scale = 0;
    try_all({args});
  }
  if (working.empty()) {
    throw Error(Fault::range,
                "none of the " + std::to_string(rows.size()) +
                    " combinations of scales works on this data; the first fails with: " + rows[0].failure);
  }
  const auto [best, nearest] = best_of(working, options.target);
  rows[place[best]].chosen = true;
  if (!holds(working[best])) {
    log_warn(std::to_string(working[best].row.beyond) + " of " + std::to_string(all.samples.size()) +
             " samples are further than 1 % and 2^-8 from the float model, or of another class, at the best of these "
             "scales; ezkl accuracy shows where digits are lost");
  }
  if (options.target == CalibrationTarget::accuracy && nearest) {
    say_what_was_too_dear(working[best].row, working[*nearest].row);
  }
  GraphSettings& settings = working[best].settings;
  settings.timestamp = before.timestamp;
  write_file_atomically(settings_path, settings_text(settings));
  return rows;
}

std::string calibration_text(const std::vector<CalibrationRow>& rows) {
  std::string out =
      "   input scale  param scale  multiplier  logrows      rows  seconds  lookup range           mean error    max "
      "error\n";
  char line[256];
  for (const CalibrationRow& r : rows) {
    if (r.failure.empty()) {
      const std::string range = "[" + to_string(r.lookup_range.first) + ", " + to_string(r.lookup_range.second) + "]";
      std::snprintf(line, sizeof line, "%s%12d %12d %11u %8u %9zu %8.2f  %-20s %12.6g %12.6g\n",
                    r.chosen ? "-> " : "   ", r.input_scale, r.param_scale, r.multiplier, r.logrows, r.rows, r.seconds,
                    range.c_str(), r.outputs.mean, r.outputs.max);
      out += line;
    } else {
      std::snprintf(line, sizeof line, "   %12d %12d %11u  ", r.input_scale, r.param_scale, r.multiplier);
      out += line + r.failure + "\n";
    }
  }
  return out;
}

void calibrate_settings(const std::string& data, const Path& model, const Path& settings, CalibrationTarget target,
                        double lookup_safety_margin, const std::optional<std::vector<int>>& scales,
                        const std::vector<std::uint32_t>& scale_rebase_multiplier,
                        std::optional<std::uint32_t> max_logrows, std::uint64_t max_model_size) try {
  calibrate(data, model, settings,
            {target, lookup_safety_margin, scales, scale_rebase_multiplier, max_logrows, max_model_size});
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
