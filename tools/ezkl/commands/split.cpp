// ezkl split: a model -> parts with a circuit each.
#include "api/split.hpp"

#include <cstdio>

#include "artifact/settings_file.hpp"
#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare(Options& o) {
  struct Args {
    Path model = "network.onnx", output = "split";
    RunArgs run;
    SplitOptions split;
    SettingsChoice choice;
    std::optional<Path> settings;
  };
  auto a = std::make_shared<Args>();
  a->choice.usual_data = usual_data;
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-O,--output", a->output, "the folder to write the parts into");
  const auto count = [&](const char* name, std::optional<std::size_t>& into, const char* help) {
    o.parsed(
        name, "UINT", "", [&into](const std::string& text) { into = std::size_t(parse_unsigned(text)); }, help);
  };
  count("--max-rows", a->split.max_rows, "cut into circuits of at most so many rows");
  count("--parts", a->split.parts, "cut into so many parts of much the same size");
  o.list("--at", a->split.at, "cut behind these tensors or nodes");
  o.parsed(
      "--link", "HOW", "hashed", [a](const std::string& text) { a->split.link = parse_link(text); },
      "what proofs show of what passes between parts: hashed, polycommit (cheap for large tensors) or public");
  o.value("-D,--data", a->choice.data,
          "samples to choose the lookup ranges from, a file or JSON text [default: input.json if it fits the model]",
          "DATA");
  o.value(
      "--settings-path", a->settings,
      "take the run arguments from these settings of the whole model, calibrated ones for example, and not from the "
      "options below; logrows and the circuits' shapes are chosen for each part");
  declare_target(o, a->choice.target);
  declare_max_model_size(o, a->choice.max_model_size);
  declare_run_arguments(o, a->run, a->choice.given);
  return [a] {
    if (a->settings) {
      a->run = read_settings(*a->settings).run_args;
      a->choice.given = {false, true, false, false, true};
    }
    for (const std::string& part : split_model(a->model, a->output, a->run, a->split, a->choice).parts) {
      std::printf("%s\n", (a->output / part).c_str());
    }
  };
}

}  // namespace

const Command split_command{"split", "Cut a model into parts with a circuit each",
                            "  ezkl split --parts 3\n"
                            "  ezkl split --max-rows 30000 --link polycommit -O split\n"
                            "  ezkl split --parts 4 --settings-path settings.json\n"
                            "  ezkl split --at relu1,relu2 --input-visibility private --output-visibility public\n",
                            declare};

}  // namespace ezkl::cli
