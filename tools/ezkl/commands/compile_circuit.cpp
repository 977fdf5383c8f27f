// ezkl compile-circuit, under its older name compile-model: settings and model -> model.compiled.
#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare(Options& o) {
  struct Args {
    Path model = "network.onnx", compiled = "model.compiled", settings = "settings.json";
    std::uint64_t max_model_size = 0;
    bool no_float = false;
  };
  auto a = std::make_shared<Args>();
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("--compiled-circuit", a->compiled, "where to write the compiled model");
  o.value("-S,--settings-path", a->settings, "the settings");
  declare_max_model_size(o, a->max_model_size);
  o.flag("--no-float", a->no_float, "leave the float model out: smaller, but gen-witness cannot compare with it");
  return [a] { compile_circuit(a->model, a->compiled, a->settings, a->max_model_size, !a->no_float); };
}

}  // namespace

const Command compile_circuit_command{"compile-circuit", "Quantize a model and lay out its circuit",
                                      "  ezkl compile-circuit -M network.onnx -S settings.json\n", declare};
const Command compile_model_command{"compile-model", "The same as compile-circuit",
                                    "  ezkl compile-model -M network.onnx -S settings.json\n", declare};

}  // namespace ezkl::cli
