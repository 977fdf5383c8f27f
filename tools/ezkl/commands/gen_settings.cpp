// ezkl gen-settings, table: a model and its run arguments.
#include <cstdio>
#include <optional>

#include "api/cost_table.hpp"
#include "api/model_settings.hpp"
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

struct Args {
  Path model = "network.onnx", settings = "settings.json";
  RunArgs run;
  SettingsChoice choice;
};

std::function<void()> declare_settings(Options& o) {
  auto a = std::make_shared<Args>();
  a->choice.usual_data = usual_data;
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-O,--settings-path", a->settings, "where to write the settings");
  o.value("-D,--data", a->choice.data,
          "samples to choose the lookup range from, a file or JSON text [default: input.json if it fits the model]",
          "DATA");
  declare_target(o, a->choice.target);
  declare_max_model_size(o, a->choice.max_model_size);
  declare_run_arguments(o, a->run, a->choice.given);
  return [a] {
    refuse_options_in_vain(a->run, a->choice.given, a->choice.target);
    const GraphSettings made = gen_settings(a->model, a->settings, a->run, a->choice);
    const RunArgs& args = made.run_args;
    if (args.proof_system == ProofSystem::sumcheck) {
      log_info(a->settings.string() + ": sumcheck, logrows " + std::to_string(args.logrows) + ", limbs of " +
               std::to_string(*args.sumcheck.limb_bits) + " bits, values below " + std::to_string(args.decomp_base) +
               "^" + std::to_string(args.decomp_legs));
      return;
    }
    log_info(a->settings.string() + ": logrows " + std::to_string(args.logrows) + ", " + std::to_string(made.num_rows) +
             " rows, decomposition " + std::to_string(args.decomp_base) + "^" + std::to_string(args.decomp_legs) +
             ", " + std::to_string(args.num_inner_cols) + " inner columns");
    const Forecast expected = forecast(made);
    log_info(expected.text);
    if (!expected.warning.empty()) log_warn(expected.warning);
  };
}

struct TableArgs {
  Path model = "network.onnx";
  RunArgs run;
  SettingsChoice choice;
  TableFormat format = TableFormat::text;
  bool cost = false;
  std::optional<Path> output;
};

TableFormat parse_format(const std::string& text) {
  if (text == "text") return TableFormat::text;
  if (text == "svg") return TableFormat::svg;
  if (text == "dot") return TableFormat::dot;
  throw Error(Fault::usage, "'" + text + "' is none of text, svg, dot");
}

std::function<void()> declare_table(Options& o) {
  auto a = std::make_shared<TableArgs>();
  a->choice.usual_data = usual_data;
  o.value("-M,--model", a->model, "the ONNX model");
  o.parsed(
      "--format", "FORMAT", "text", [a](const std::string& text) { a->format = parse_format(text); },
      "text (a line a node), svg (a picture) or dot (for Graphviz)");
  o.flag("--cost", a->cost,
         "print instead what each node takes up in the circuit that gen-settings would choose: rows, columns, lookups, "
         "predicted seconds to prove");
  o.value("-o,--output", a->output, "where to write it [default: standard output]");
  declare_target(o, a->choice.target);
  declare_max_model_size(o, a->choice.max_model_size);
  declare_run_arguments(o, a->run, a->choice.given);
  return [a] {
    refuse_same_file({a->output}, {a->model});
    refuse_options_in_vain(a->run, a->choice.given, a->choice.target);
    const bool chosen = !a->choice.given.scales && !a->choice.given.logrows;
    if (chosen && !a->cost) {
      a->run = with_scale(a->run, finest_scale, a->run.scale_rebase_multiplier, a->choice.given);
    }
    const std::string shown = a->cost ? cost_table(a->model, a->run, a->choice)
                                      : table(a->model, a->run, a->format, a->choice.max_model_size);
    if (a->output) {
      write_file_atomically(*a->output, std::string_view(shown));
    } else {
      std::fputs(printable(shown).c_str(), stdout);
    }
  };
}

}  // namespace

const Command gen_settings_command{"gen-settings", "Make the settings of a model's circuit",
                                   "  ezkl gen-settings\n"
                                   "  ezkl gen-settings -M network.onnx -K 15 --input-scale 8 --param-scale 8\n"
                                   "  ezkl gen-settings --param-visibility fixed --variables batch_size=4\n",
                                   declare_settings};
const Command table_command{"table", "Show a model's nodes: operators, shapes, scales",
                            "  ezkl table -M network.onnx\n"
                            "  ezkl table -M network.onnx --cost --target size\n"
                            "  ezkl table --format svg -o network.svg\n",
                            declare_table};

}  // namespace ezkl::cli
