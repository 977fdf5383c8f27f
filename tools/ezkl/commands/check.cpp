// ezkl check: everything that stands in the way of proving a model.
#include <cstdio>

#include "api/check_model.hpp"
#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"
#include "spelling.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare(Options& o) {
  struct Args {
    Path model = "network.onnx";
    RunArgs run;
    SettingsChoice choice;
    bool json = false;
  };
  auto a = std::make_shared<Args>();
  a->choice.usual_data = usual_data;
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-D,--data", a->choice.data, "samples to try, a file or JSON text [default: input.json if it fits the model]",
          "DATA");
  o.flag("--json", a->json, "print what was found as one JSON object and nothing else");
  declare_target(o, a->choice.target);
  declare_max_model_size(o, a->choice.max_model_size);
  declare_run_arguments(o, a->run, a->choice.given);
  return [a] {
    refuse_options_in_vain(a->run, a->choice.given, a->choice.target);
    const ModelReport report = check_model(a->model, a->run, a->choice);
    std::printf("%s", a->json ? (report_json(report) + "\n").c_str() : report_text(report, spelled).c_str());
    if (!report.ok()) throw Error(Fault::unsupported, "the model cannot be proved as it is");
  };
}

}  // namespace

const Command check_command{"check", "Say everything that stands in the way of proving a model, node by node",
                            "  ezkl check -M network.onnx\n"
                            "  ezkl check -M network.onnx -D input.json --json\n",
                            declare};

}  // namespace ezkl::cli
