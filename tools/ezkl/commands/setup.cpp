// ezkl setup, manifest, gen-vk-from-pk: keys and what they belong to.
#include <cstdio>

#include "base/same_file.hpp"
#include "commands/commands.hpp"
#include "commands/profile_option.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare_setup(Options& o) {
  struct Args {
    Path model = "model.compiled", vk = "vk.key", pk = "pk.key";
    std::optional<Path> srs, witness, split;
    bool no_compression = false;
    std::uint64_t max_memory = 0, max_model_size = 0;
    ProfileOption profile;
  };
  auto a = std::make_shared<Args>();
  o.value("--split", a->split, "make the keys of every part of this split, inside its folders");
  o.value("-M,--compiled-circuit", a->model, "the compiled model");
  o.value("--srs-path", a->srs, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.value("--vk-path", a->vk, "where to write the verifying key");
  o.value("--pk-path", a->pk, "where to write the proving key");
  o.value("-W,--witness", a->witness, "a witness to take the values of fixed inputs and outputs from");
  o.flag("--disable-selector-compression", a->no_compression, "give every selector a column of its own");
  o.parsed(
      "--max-memory", "SIZE", "", [a](const std::string& text) { a->max_memory = parse_bytes(text); },
      "refuse before the work if it would take more memory than this (800M, 2G)");
  declare_max_model_size(o, a->max_model_size);
  declare_profile(o, a->profile);
  return [a] {
    refuse_same_file({a->profile.trace, a->vk, a->pk}, {a->model, a->srs, a->witness});
    run_profiled(a->profile, "setup", [&] {
      if (a->split) {
        const Args usual;
        refuse_beside_split(a->model != usual.model || a->vk != usual.vk || a->pk != usual.pk || a->witness ||
                            a->no_compression || a->max_memory != 0);
        std::printf("digest: %s\n", setup_split(*a->split, a->srs, a->max_model_size).c_str());
      } else {
        std::printf("digest: %s\n", setup(a->model, a->vk, a->pk, a->srs, a->witness, a->no_compression, a->max_memory,
                                          a->max_model_size)
                                        .c_str());
      }
    });
  };
}

std::function<void()> declare_vk(Options& o) {
  struct Args {
    Path pk = "pk.key", settings = "settings.json", vk = "vk.key";
  };
  auto a = std::make_shared<Args>();
  o.value("--pk-path", a->pk, "the proving key");
  o.value("-S,--settings-path", a->settings, "the settings it was made with");
  o.value("--vk-path", a->vk, "where to write the verifying key");
  return [a] { gen_vk_from_pk_single(a->pk, a->settings, a->vk); };
}

std::function<void()> declare_manifest(Options& o) {
  struct Args {
    Path settings = "settings.json", vk = "vk.key";
    std::optional<Path> srs, compiled, model, output;
    std::uint64_t max_model_size = 0;
  };
  auto a = std::make_shared<Args>();
  o.value("-S,--settings-path", a->settings, "the settings that the key was made with");
  o.value("--vk-path", a->vk, "the verifying key");
  o.value("--srs-path", a->srs, "the setup that it was made with [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.value("--compiled-circuit", a->compiled, "the compiled model: its key is made again and compared");
  o.value("-M,--model", a->model, "the ONNX model, whose SHA-256 is noted");
  o.value("-O,--output", a->output, "where to write the manifest [default: beside the key, vk.manifest.json]");
  declare_max_model_size(o, a->max_model_size);
  return [a] {
    std::printf(
        "digest: %s\n",
        write_manifest(a->settings, a->vk, a->srs, a->compiled, a->model, a->output, a->max_model_size).c_str());
  };
}

}  // namespace

const Command setup_command{"setup", "Make the verifying and the proving key of a compiled model",
                            "  ezkl setup --srs-path kzg.srs\n"
                            "  ezkl setup -M model.compiled --vk-path vk.key --pk-path pk.key --witness witness.json\n"
                            "  ezkl setup --srs-path kzg.srs --profile setup-trace.json\n"
                            "  ezkl setup --srs-path kzg.srs --max-memory 500M\n"
                            "  ezkl setup --split split --srs-path kzg.srs\n",
                            declare_setup};
const Command manifest_command{"manifest", "Write the manifest of a verifying key that was made elsewhere",
                               "  ezkl manifest --srs-path kzg.srs\n"
                               "  ezkl manifest --srs-path kzg.srs --compiled-circuit model.compiled -M network.onnx\n",
                               declare_manifest};
const Command gen_vk_from_pk_command{"gen-vk-from-pk", "Write the verifying key that a proving key holds",
                                     "  ezkl gen-vk-from-pk --pk-path pk.key --vk-path vk.key\n", declare_vk};

}  // namespace ezkl::cli
