// ezkl calibrate-settings, accuracy: settings and their precision, on sample data.
#include <cstdio>

#include "api/calibrate.hpp"
#include "api/reports.hpp"
#include "artifact/settings_file.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "base/text.hpp"
#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"
#include "forecast.hpp"

namespace ezkl::cli {
namespace {

struct CalibrateArgs {
  std::string data = "calibration.json";
  Path model = "network.onnx", settings = "settings.json";
  std::string target = "resources";
  double margin = 2.0;
  std::vector<std::int32_t> scales;
  std::vector<std::uint32_t> multipliers;
  std::optional<std::uint32_t> max_logrows;
  std::uint64_t max_model_size = 0;
};

CalibrationTarget parse_target(const std::string& text) {
  if (text == "accuracy") return CalibrationTarget::accuracy;
  if (text == "resources/col-overflow") return CalibrationTarget::resources_col_overflow;
  if (text == "resources") return CalibrationTarget::resources;
  throw Error(Fault::usage, "--target: '" + text + "' is none of resources, resources/col-overflow, accuracy");
}

std::function<void()> declare_calibrate(Options& o) {
  auto a = std::make_shared<CalibrateArgs>();
  o.value("-D,--data", a->data, "sample inputs: a path or JSON text; each list may hold several samples", "DATA");
  o.also_file("data", [a] { return Path(a->data); });
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-O,--settings-path", a->settings, "the settings to rewrite");
  o.value("--target", a->target,
          "resources (least rows), resources/col-overflow (fewer still), accuracy (nearest to the float model of those "
          "that cost at most four times the least)");
  o.value("--lookup-safety-margin", a->margin, "how many times wider than the samples need the function tables become");
  o.list("--scales", a->scales, "scales to try [default: 11,12,13]");
  o.list("--scale-rebase-multiplier", a->multipliers, "multipliers to try [default: 1,10]");
  o.value("--max-logrows", a->max_logrows, "the most rows, as a log2");
  declare_max_model_size(o, a->max_model_size);
  return [a] {
    CalibrationOptions options;
    options.target = parse_target(a->target);
    options.lookup_safety_margin = a->margin;
    if (!a->scales.empty()) options.scales = std::vector<int>(a->scales.begin(), a->scales.end());
    if (!a->multipliers.empty()) options.multipliers = a->multipliers;
    options.max_logrows = a->max_logrows;
    options.max_model_size = a->max_model_size;
    const auto rows = calibrate(a->data, a->model, a->settings, options);
    std::fputs(printable(calibration_text(rows)).c_str(), stdout);
    const Forecast expected = forecast(read_settings(a->settings));
    log_info(expected.text);
    if (!expected.warning.empty()) log_warn(expected.warning);
  };
}

struct AccuracyArgs {
  std::string data = "input.json";
  Path model = "network.onnx", settings = "settings.json";
  std::optional<Path> json, html;
  std::uint64_t max_model_size = 0;
};

std::function<void()> declare_accuracy(Options& o) {
  auto a = std::make_shared<AccuracyArgs>();
  o.value("-D,--data", a->data, "sample inputs: a path or JSON text; each list may hold several samples", "DATA");
  o.also_file("data", [a] { return Path(a->data); });
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-S,--settings-path", a->settings, "the settings whose scales are judged");
  o.value("--json", a->json, "also write the report as JSON");
  o.value("--html", a->html, "also write the report as one page with pictures");
  declare_max_model_size(o, a->max_model_size);
  return [a] {
    refuse_same_file({a->json, a->html}, {Path(a->data), a->model, a->settings});
    const AccuracyReport report = accuracy_of_settings(a->model, a->settings, a->data, a->max_model_size);
    if (a->json) write_file_atomically(*a->json, accuracy_json(report));
    if (a->html) write_file_atomically(*a->html, accuracy_html(report));
    std::fputs(printable(accuracy_text(report)).c_str(), stdout);
  };
}

}  // namespace

const Command calibrate_settings_command{
    "calibrate-settings", "Choose scales, table range and rows by running the model on samples",
    "  ezkl calibrate-settings -D calibration.json\n"
    "  ezkl calibrate-settings --target accuracy --scales 7,8,9 --max-logrows 16\n",
    declare_calibrate};
const Command accuracy_command{"accuracy", "Compare the circuit's arithmetic with the float model, node by node",
                               "  ezkl accuracy -D input.json\n"
                               "  ezkl accuracy -D samples.json --html accuracy.html\n",
                               declare_accuracy};

}  // namespace ezkl::cli
