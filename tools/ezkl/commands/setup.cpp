// ezkl setup, gen-vk-from-pk: keys.
#include <cstdio>

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
    std::uint64_t max_memory = 0;
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
  declare_profile(o, a->profile);
  return [a] {
    run_profiled(a->profile, "setup", [&] {
      if (a->split) {
        const Args usual;
        refuse_beside_split(a->model != usual.model || a->vk != usual.vk || a->pk != usual.pk || a->witness ||
                            a->no_compression || a->max_memory != 0);
        std::printf("digest: %s\n", setup_split(*a->split, a->srs).c_str());
      } else {
        setup(a->model, a->vk, a->pk, a->srs, a->witness, a->no_compression, a->max_memory);
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

}  // namespace

const Command setup_command{"setup", "Make the verifying and the proving key of a compiled model",
                            "  ezkl setup --srs-path kzg.srs\n"
                            "  ezkl setup -M model.compiled --vk-path vk.key --pk-path pk.key --witness witness.json\n"
                            "  ezkl setup --srs-path kzg.srs --profile setup-trace.json\n"
                            "  ezkl setup --srs-path kzg.srs --max-memory 500M\n"
                            "  ezkl setup --split split --srs-path kzg.srs\n",
                            declare_setup};
const Command gen_vk_from_pk_command{"gen-vk-from-pk", "Write the verifying key that a proving key holds",
                                     "  ezkl gen-vk-from-pk --pk-path pk.key --vk-path vk.key\n", declare_vk};

}  // namespace ezkl::cli
