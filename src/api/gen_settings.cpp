#include <algorithm>
#include <chrono>
#include <filesystem>

#include "api/fixed_values.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "api/proof_system.hpp"
#include "api/run_args_check.hpp"
#include "api/sumcheck_choice.hpp"
#include "artifact/input_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "base/text.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/build_graph.hpp"
#include "graph/drawing/drawing.hpp"
#include "graph/field_inputs.hpp"
#include "graph/printer.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"

namespace ezkl {
std::vector<InputData> samples_for(const Graph& graph, const SettingsChoice& choice) {
  if (choice.data) return split_samples(load_input(*choice.data), input_specs(graph));
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(choice.usual_data, ignored)) return {};
  try {
    return split_samples(load_input(choice.usual_data), input_specs(graph));
  } catch (const Error& e) {
    log_warn(choice.usual_data + " was not used to choose ranges: " + e.what());
    return {};
  }
}

claims::Record record_for(const Graph& graph, const RunArgs& args, std::uint64_t max_model_size) {
  claims::Record out = record(graph, args, max_model_size);
  if (backend_of(args).claims_fixed_values()) fix_any_values(out);
  return out;
}

std::vector<std::size_t> inputs_given_as_felts(const Graph& graph, const std::vector<InputData>& samples) {
  const std::vector<InputSpec> specs = input_specs(graph);
  std::vector<std::size_t> out;
  for (const InputData& sample : samples) {
    const claims::Inputs inputs = quantize_inputs(sample, specs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const bool known = std::find(out.begin(), out.end(), i) != out.end();
      if (inputs[i].felts != nullptr && !known) out.push_back(i);
    }
  }
  return out;
}

GraphSettings base_settings(const Graph& graph, const RunArgs& args) {
  GraphSettings base;
  base.run_args = args;
  // Releases that know IPA have no Freivalds' argument.
  if (args.commitment == Commitment::ipa) base.run_args.disable_freivalds = true;
  base.check_mode = args.check_mode;
  base.input_types.emplace();
  base.output_types.emplace();
  for (const std::uint32_t i : graph.inputs) {
    base.model_input_scales.push_back(graph.nodes[i].scale);
    base.input_types->push_back(settings_type(graph.nodes[i].type));
  }
  for (const std::uint32_t i : graph.outputs) {
    base.model_output_scales.push_back(graph.nodes[i].scale);
    base.output_types->push_back(settings_type(graph.nodes[i].type));
  }
  base.field_inputs = field_inputs(graph);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  base.timestamp = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return base;
}

GraphSettings settings_for(const Graph& graph, const claims::Record& record, const RunArgs& args, bool choose_logrows,
                           ChoiceTarget target) {
  if (is_sumcheck(args)) return sumcheck_settings(graph, record, args);
  const GraphSettings base = base_settings(graph, args);
  if (!has_fixed_values(args)) return plan_settings(record, base, choose_logrows, target);
  claims::Record with_values = record;
  fix_any_values(with_values);
  return plan_settings(with_values, base, choose_logrows, target);
}

ModelDef read_model(const Path& path, std::uint64_t max_model_size) {
  return read_onnx(path, max_model_size == 0 ? default_max_model_size : max_model_size);
}

Graph graph_of_file(const Path& path, const RunArgs& args, const BuildOptions& options, std::uint64_t max_model_size) {
  const ModelDef model = read_model(path, max_model_size);
  return in_context(path.string(), [&] { return build_graph(model, args, options); });
}

Path gen_settings(const Path& model, const Path& output, const RunArgs& run_args, std::uint64_t max_model_size) try {
  refuse_options_in_vain(run_args, unusual_args(run_args), ChoiceTarget::prove);
  gen_settings(
      model, output, run_args,
      SettingsChoice{{true, true, true, true, true}, std::nullopt, 2.0, ChoiceTarget::prove, max_model_size, {}});
  return output;
} catch (...) {
  rethrow_as_error();
}

namespace {

/// What was seen of the samples that settings were chosen by, and how much room is left beyond them.
void say_what_was_seen(const ChosenCircuit& chosen) {
  const SelfCheckResult& check = chosen.check;
  if (chosen.samples.empty()) {
    log_warn("there were no samples: the ranges are guesses, and nothing was compared with the float model",
             {{"data", "{} takes samples"}});
    return;
  }
  if (check.samples > 0 && check.beyond == 0) {
    log_info(std::to_string(check.samples) + (check.samples == 1 ? " sample is" : " samples are") +
             " within 1 % and 2^-8 of the float model; the largest error is " + short_number(check.largest_error, 3));
  }
  std::string room;
  const auto reach = [&](const char* what, double used) {
    if (used > 0)
      room += (room.empty() ? "" : ", ") + std::string(what) + " reach " + short_number(1 / used, 2) + " times as far";
  };
  reach("function tables", check.keys_used);
  reach("range checks", check.values_used);
  if (!room.empty()) log_info("room beyond these samples: " + room);
  if (check.keys_used > 0.95) {
    log_warn("the function tables end at these samples: one that goes further has no witness",
             {{"lookup_range", "a wider {} takes it, in a larger circuit"}});
  }
  if (chosen.samples.size() == 1) {
    log_warn("only one sample was seen: others may not fit into the ranges chosen by it", {{"data", "{} takes many"}});
  }
}

}  // namespace

GraphSettings gen_settings(const Path& model, const Path& output, const RunArgs& run_args,
                           const SettingsChoice& choice) try {
  const Path data = choice.data.value_or(choice.usual_data);
  refuse_same_file({output}, {model, data});
  const ChosenCircuit chosen = chosen_circuit(model, run_args, choice);
  warn_of_private_trees(chosen.settings.run_args, has_trees(chosen.graph));
  if (chosen.graph.inputs.empty()) {
    log_warn("the model has no input that is not a constant: a proof is about one computation that never changes",
             {{"constant", "{} makes constants of inputs"}});
  }
  if (!choice.given.logrows || choice.data) say_what_was_seen(chosen);
  write_file_atomically(output, settings_text(chosen.settings));
  return chosen.settings;
} catch (...) {
  rethrow_as_error();
}

std::string table(const Path& model, const RunArgs& run_args, TableFormat format, std::uint64_t max_model_size) try {
  const Graph graph = graph_of_file(model, run_args, {}, max_model_size);
  switch (format) {
    case TableFormat::svg:
      return graph_svg(graph);
    case TableFormat::dot:
      return graph_dot(graph);
    case TableFormat::text:
      break;
  }
  return to_string(graph);
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
