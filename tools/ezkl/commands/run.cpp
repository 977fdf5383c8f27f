// ezkl run: from a model and some data to a proof that was checked.
#include <algorithm>

#include "api/model_settings.hpp"
#include "api/verify.hpp"
#include "artifact/settings_file.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "base/session_state.hpp"
#include "commands/commands.hpp"
#include "commands/run_arguments.hpp"
#include "commands/verdict.hpp"
#include "ezkl/ezkl.hpp"
#include "onnx/import.hpp"
#include "steps.hpp"

namespace ezkl::cli {
namespace {

struct Args {
  Path model = "network.onnx", folder = ".";
  std::string data = usual_data;
  std::optional<Path> srs;
  bool test_setup = false, json = false;
  RunArgs run;
  SettingsChoice choice;
  std::string typed;  ///< of the run arguments
};

bool is_file(const std::string& data) {
  std::error_code failed;
  return std::filesystem::is_regular_file(data, failed);
}

void run(Args& a) {
  std::error_code failed;
  std::filesystem::create_directories(a.folder, failed);
  if (failed) throw Error(Fault::io, failed.message()).within(a.folder.string());
  const auto in_folder = [&](const char* name) { return (a.folder / name).lexically_normal(); };
  const Path settings = in_folder("settings.json"), compiled = in_folder("model.compiled"), vk = in_folder("vk.key"),
             pk = in_folder("pk.key"), manifest = in_folder("vk.manifest.json"), witness = in_folder("witness.json"),
             proof = in_folder("proof.json");
  const Path record = in_folder("run.steps");
  if (a.test_setup) refuse_same_file({in_folder("kzg.srs"), in_folder("ipa.srs")}, {a.model, Path(a.data)});
  refuse_same_file({settings, compiled, vk, pk, manifest, witness, proof, record}, {a.model, Path(a.data), a.srs});
  const Path& home = session_options().srs_folder;  // what the user has of this program
  Steps steps(record, home.empty() ? std::nullopt : std::optional<Path>(home.parent_path() / "run.secret"));

  const std::vector<Path> samples = is_file(a.data) ? std::vector<Path>{a.data} : std::vector<Path>{};
  const auto with_samples = [&](std::vector<Path> files) {
    files.insert(files.end(), samples.begin(), samples.end());
    return files;
  };
  const std::string typed_data = samples.empty() ? a.data : "";
  a.choice.data = a.data;
  std::vector<Path> of_model{a.model};
  for (const std::string& location : in_context("gen-settings", [&] { return external_files(a.model); })) {
    of_model.push_back(a.model.parent_path() / location);
  }
  steps.run("gen-settings", a.typed + typed_data, with_samples(of_model), {settings},
            [&] { gen_settings(a.model, settings, a.run, a.choice); });
  const std::uint64_t limit = a.choice.max_model_size;
  of_model.push_back(settings);
  steps.run("compile-model", "", of_model, {compiled}, [&] { compile_model(a.model, compiled, settings, limit); });

  const RunArgs args = read_settings(settings).run_args;
  if (a.test_setup) {
    a.srs = in_folder(args.commitment == Commitment::kzg ? "kzg.srs" : "ipa.srs");
    steps.run("gen-srs", std::to_string(args.logrows), {}, {*a.srs},
              [&] { gen_srs(*a.srs, args.logrows, args.commitment); });
  } else if (!a.srs) {
    a.srs = in_context("get-srs",
                       [&] { return get_srs(settings, std::nullopt, std::nullopt, std::nullopt, std::nullopt); });
  }

  // Fixed inputs and outputs are part of the key, commitments need the key: a model may have both.
  const Visibility* const shown[] = {&args.input_visibility, &args.output_visibility, &args.param_visibility};
  const auto any = [&](Visibility::Kind kind, std::size_t count) {
    return std::any_of(shown, shown + count, [&](const Visibility* v) { return v->kind == kind; });
  };
  std::vector<Path> of_setup{compiled, *a.srs};
  std::optional<Path> fixed;
  if (any(Visibility::Kind::fixed, 2)) {
    fixed = in_folder("fixed.witness.json");
    steps.run("gen-witness-of-fixed-values", typed_data, with_samples({compiled}), {*fixed},
              [&] { gen_witness(a.data, compiled, *fixed, std::nullopt, std::nullopt, {}, limit); });
    of_setup.push_back(*fixed);
  }
  steps.run("setup", "", of_setup, {vk, pk, manifest}, [&] { setup(compiled, vk, pk, a.srs, fixed, false, 0, limit); });

  std::vector<Path> of_witness{compiled};
  std::optional<Path> commit_key, commit_srs;
  if (any(Visibility::Kind::polycommit, 3)) {
    commit_key = vk;
    commit_srs = a.srs;
    of_witness.insert(of_witness.end(), {vk, *a.srs});
  }
  steps.run("gen-witness", typed_data, with_samples(of_witness), {witness},
            [&] { gen_witness(a.data, compiled, witness, commit_key, commit_srs, {}, limit); });
  steps.run("prove", "", {witness, compiled, pk, *a.srs}, {proof}, [&] {
    ProveOptions options;
    options.max_model_size = limit;
    prove(witness, compiled, pk, proof, a.srs, options);
  });
  if (steps.count_run() == 0) log_info("everything is up to date: nothing was made again");
  // Not a step: a verdict is worth what it costs to find, and what lies in a folder is nobody's word.
  print_verdict(
      in_context("verify",
                 [&] {
                   return verify(VerifyFiles{proof, settings, vk, a.srs, false, {}, false, std::nullopt, std::nullopt});
                 }),
      a.json);
}

std::function<void()> declare(Options& o) {
  auto a = std::make_shared<Args>();
  o.value("-M,--model", a->model, "the ONNX model");
  o.value("-D,--data", a->data, "the input to prove, and the sample that settings are chosen by: a file or JSON text",
          "DATA");
  o.also_file("data", [a] { return Path(a->data); });
  o.value("--folder", a->folder, "where settings, keys, witness, proof and the record of what is up to date go");
  o.value("--srs-path", a->srs, "the setup [default: the public ceremony's, fetched as by get-srs]");
  o.flag("--test-setup", a->test_setup,
         "make a setup in the folder instead: for tests, whoever made it can forge proofs");
  o.flag("--json", a->json, "print what was proved as one JSON object and nothing else");
  o.note_typed(&a->typed);
  declare_target(o, a->choice.target);
  declare_max_model_size(o, a->choice.max_model_size);
  declare_run_arguments(o, a->run, a->choice.given);
  o.note_typed(nullptr);
  return [a] {
    refuse_options_in_vain(a->run, a->choice.given, a->choice.target);
    if (a->test_setup && a->srs)
      throw Error(Fault::usage, "--test-setup makes the setup that --srs-path names: give one");
    run(*a);
  };
}

}  // namespace

const Command run_command{"run", "All steps at once, from a model and data to a checked proof",
                          "  ezkl run -M network.onnx -D input.json --test-setup\n"
                          "  ezkl run -M network.onnx -D input.json --folder proved --input-visibility public\n",
                          declare};

}  // namespace ezkl::cli
