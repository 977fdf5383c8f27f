#include "api/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "api/calibration_data.hpp"
#include "api/choose_settings.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "base/int128.hpp"
#include "base/progress.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/execute.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"
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
      if (e.fault() != Fault::range || k >= args.logrows) throw;
    }
  }
}

Candidate attempt(const ModelDef& model, RunArgs args, const std::vector<InputData>& samples,
                  const CalibrationOptions& options) {
  Candidate out;
  out.row = {args.input_scale, args.param_scale, args.scale_rebase_multiplier, 0, 0, {0, 0}, {}, {}, false};
  const Graph graph = build_graph(model, args);
  args.lookup_range = observed_lookup_range(graph, args, samples, options.lookup_safety_margin);
  const claims::Record claims = record(graph, args);
  const std::vector<InputSpec> specs = input_specs(graph);
  for (const InputData& sample : samples) {
    claims::Evaluation evaluation(claims, quantize_inputs(sample, specs));
    evaluation.run();
    const std::vector<claims::Values> mine = evaluation.outputs();
    const std::vector<FloatTensor> floats = execute(graph, float_inputs(graph, sample), args);
    for (std::size_t i = 0; i < mine.size(); ++i) {
      out.row.outputs.add(floats[i].data, mine[i], graph.nodes[graph.outputs[i]].scale);
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
  out.row.lookup_range = args.lookup_range;
  return out;
}

/// Larger is better.
std::tuple<int, int, int, std::uint32_t, int> merit(const CalibrationRow& r, CalibrationTarget target) {
  const int small = -static_cast<int>(r.logrows);
  if (target == CalibrationTarget::accuracy) return {0, r.input_scale, r.param_scale, r.multiplier, small};
  return {small, r.input_scale, r.param_scale, r.multiplier, 0};
}

}  // namespace

std::vector<CalibrationRow> calibrate(const std::string& data, const Path& model_path, const Path& settings_path,
                                      const CalibrationOptions& options) {
  const GraphSettings before = read_settings(settings_path);
  check_run_args(before.run_args);
  const ModelDef model = read_onnx(model_path);
  const Graph now = in_context(model_path.string(), [&] { return build_graph(model, before.run_args); });
  const std::vector<InputData> samples = split_samples(load_input(data), input_specs(now));
  if (samples.empty()) throw Error(Fault::format, "the calibration data holds no sample");

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

  Progress progress("calibrating", tries.size());
  std::vector<CalibrationRow> rows;
  std::optional<GraphSettings> best;
  std::size_t best_row = 0;
  for (const RunArgs& args : tries) {
    try {
      Candidate c = attempt(model, args, samples, options);
      rows.push_back(c.row);
      if (!best || merit(c.row, options.target) > merit(rows[best_row], options.target)) {
        best = std::move(c.settings);
        best_row = rows.size() - 1;
      }
    } catch (const Error& e) {
      if (e.fault() != Fault::range && e.fault() != Fault::unsupported) throw;
      rows.push_back(
          {args.input_scale, args.param_scale, args.scale_rebase_multiplier, 0, 0, {0, 0}, {}, e.what(), false});
    }
    progress.step();
  }
  if (!best) {
    throw Error(Fault::range,
                "none of the " + std::to_string(rows.size()) +
                    " combinations of scales works on this data; the first fails with: " + rows[0].failure);
  }
  rows[best_row].chosen = true;
  best->timestamp = before.timestamp;
  write_file_atomically(settings_path, settings_text(*best));
  return rows;
}

std::string calibration_text(const std::vector<CalibrationRow>& rows) {
  std::string out =
      "   input scale  param scale  multiplier  logrows      rows  lookup range           mean error    max error\n";
  char line[256];
  for (const CalibrationRow& r : rows) {
    if (r.failure.empty()) {
      const std::string range = "[" + to_string(r.lookup_range.first) + ", " + to_string(r.lookup_range.second) + "]";
      std::snprintf(line, sizeof line, "%s%12d %12d %11u %8u %9zu  %-20s %12.6g %12.6g\n", r.chosen ? "-> " : "   ",
                    r.input_scale, r.param_scale, r.multiplier, r.logrows, r.rows, range.c_str(), r.outputs.mean,
                    r.outputs.max);
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
                        std::optional<std::uint32_t> max_logrows) {
  calibrate(data, model, settings, {target, lookup_safety_margin, scales, scale_rebase_multiplier, max_logrows});
}

}  // namespace ezkl
