// ezkl gen-witness, mock, gen-random-data: runs of a model.
#include <filesystem>

#include "base/log.hpp"
#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"
#include "forecast.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare_witness(Options& o) {
  struct Args {
    std::string data = "input.json";
    Path compiled = "model.compiled", output = "witness.json";
    std::optional<Path> vk, srs, split;
    WitnessCheck check;
    std::uint64_t max_model_size = 0;
  };
  auto a = std::make_shared<Args>();
  o.value("--split", a->split, "run the parts of this split one after the other, inside its folders");
  o.parsed(
      "-D,--data", "DATA", a->data,
      [a](const std::string& text) {
        a->data = text.substr(0, 1) == "@" ? text.substr(1) : text;
        if (text.substr(0, 1) == "@" && !std::filesystem::exists(a->data)) {
          throw Error(Fault::usage, a->data + ": no such file");
        }
      },
      "a file (.json, .npy, .npz; @FILE too) or JSON text {\"input_data\": [[...]]}");
  o.also_file("data", [a] { return Path(a->data); });
  o.value("-M,--compiled-circuit", a->compiled, "the compiled model");
  o.value("-O,--output", a->output, "where to write the witness");
  o.value("-V,--vk-path", a->vk, "the verifying key; only for polycommit visibility");
  o.value("-P,--srs-path", a->srs, "the setup; only for polycommit visibility");
  o.value("--max-error", a->check.max_error, "refuse when an output is further than this from the float model's");
  o.flag("--same-class", a->check.same_class, "refuse when the float model gives another class");
  declare_max_model_size(o, a->max_model_size);
  return [a] {
    if (a->split) {
      const Args usual;
      refuse_beside_split(a->compiled != usual.compiled || a->output != usual.output || a->vk || a->check.max_error ||
                          a->check.same_class);
      return gen_witness_split(a->data, *a->split, a->srs, a->max_model_size);
    }
    gen_witness(a->data, a->compiled, a->output, a->vk, a->srs, a->check, a->max_model_size);
  };
}

std::function<void()> declare_mock(Options& o) {
  struct Args {
    Path witness = "witness.json", model = "model.compiled";
    std::uint64_t max_memory = 0, max_model_size = 0;
  };
  auto a = std::make_shared<Args>();
  o.value("-W,--witness", a->witness, "the witness");
  o.value("-M,--model", a->model, "the compiled model");
  o.parsed(
      "--max-memory", "SIZE", "", [a](const std::string& text) { a->max_memory = parse_bytes(text); },
      "refuse before the work if it would take more memory than this (800M, 2G) [default: what there is]");
  declare_max_model_size(o, a->max_model_size);
  return [a] {
    mock(a->witness, a->model, a->max_model_size, a->max_memory != 0 ? a->max_memory : memory_of_this_process());
    log_info("mock: every constraint holds");
  };
}

std::function<void()> declare_random(Options& o) {
  struct Args {
    Path model = "network.onnx", data = "input.json";
    std::vector<std::pair<std::string, std::size_t>> variables{{"batch_size", 1}};
    std::uint64_t seed = 21242;
    std::optional<float> min, max;
    bool overwrite = false;
    std::uint64_t max_model_size = 0;
  };
  auto a = std::make_shared<Args>();
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-D,--data", a->data, "where to write the data");
  declare_variables(o, "-V,--variables", a->variables);
  o.value("--seed", a->seed, "seed of the random numbers");
  o.value("--min", a->min, "smallest value [default: 0]");
  o.value("--max", a->max, "bound above all values [default: 1]");
  o.flag("--overwrite", a->overwrite, "replace a file of data that is there");
  declare_max_model_size(o, a->max_model_size);
  return [a] {
    std::error_code unknown;
    // What is there may be a user's only copy; a device or a pipe holds nothing that could be lost.
    if (!a->overwrite && std::filesystem::is_regular_file(a->data, unknown)) {
      throw Error(Fault::io, "holds data", {{"overwrite", "{} replaces them"}}).within(a->data.string());
    }
    gen_random_data(a->model, a->data, a->variables, a->seed, a->min, a->max, a->max_model_size);
  };
}

}  // namespace

const Command gen_witness_command{"gen-witness", "Run the quantized model on some data",
                                  "  ezkl gen-witness -D input.json\n"
                                  "  ezkl gen-witness -D '{\"input_data\": [[0.5, 1]]}' -O witness.json\n"
                                  "  ezkl gen-witness -D images.npy\n"
                                  "  ezkl gen-witness --split split -D input.json\n",
                                  declare_witness};
const Command mock_command{"mock", "Check every constraint directly, without a proof", "  ezkl mock -W witness.json\n",
                           declare_mock};
const Command gen_random_data_command{"gen-random-data", "Make random inputs for a model",
                                      "  ezkl gen-random-data -M network.onnx -D input.json --min=-1 --max 1\n",
                                      declare_random};

}  // namespace ezkl::cli
