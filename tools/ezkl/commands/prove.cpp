// ezkl prove: witness.json, model.compiled, pk.key -> proof.json.
#include <chrono>

#include "base/log.hpp"
#include "base/same_file.hpp"
#include "commands/commands.hpp"
#include "commands/profile_option.hpp"
#include "commands/run_arguments.hpp"
#include "ezkl/ezkl.hpp"

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace ezkl::cli {
namespace {

/// From now on blocks from a quarter of a mebibyte up go back to the system when they are freed: the peak is then what
/// is in use, at the price of page faults. Of the whole process, so nothing for the library.
void give_back_large_blocks_at_once() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 1 << 18);
#endif
}

std::function<void()> declare(Options& o) {
  struct Args {
    Path witness = "witness.json", model = "model.compiled", pk = "pk.key", proof = "proof.json";
    std::optional<Path> srs, split;
    ProveOptions options{CheckMode::safe, std::nullopt, 0, std::nullopt, 0};
    ProfileOption profile;
  };
  auto a = std::make_shared<Args>();
  o.value("--split", a->split, "prove every part of this split, inside its folders");
  o.value("-W,--witness", a->witness, "the witness");
  o.value("-M,--compiled-circuit", a->model, "the compiled model");
  o.value("--pk-path", a->pk, "the proving key");
  o.value("--proof-path", a->proof, "where to write the proof");
  o.value("--srs-path", a->srs, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.parsed(
      "--check-mode", "MODE", "safe", [a](const std::string& text) { a->options.check_mode = parse_check_mode(text); },
      "safe: verify the proof before it is written; unsafe: do not");
  o.value("--seed", a->options.seed,
          "draw the blinding from this seed: the same bytes every time, and nothing is hidden");
  o.parsed(
      "--max-memory", "SIZE", "", [a](const std::string& text) { a->options.max_memory = parse_bytes(text); },
      "stay within so much memory (800M, 2G), at the price of time; refuse where no way of proving does");
  o.value("--manifest", a->options.manifest, "the key's manifest: refuse a compiled model, key or setup that it does not tell of");
  declare_max_model_size(o, a->options.max_model_size);
  declare_profile(o, a->profile);
  return [a] {
    refuse_same_file({a->profile.trace, a->proof}, {a->witness, a->model, a->pk, a->srs, a->options.manifest});
    if (a->options.max_memory != 0) give_back_large_blocks_at_once();
    const auto start = std::chrono::steady_clock::now();
    run_profiled(a->profile, "prove", [&] {
      if (a->split) {
        const Args usual;
        refuse_beside_split(a->witness != usual.witness || a->model != usual.model || a->pk != usual.pk ||
                            a->proof != usual.proof || a->options.manifest);
        return prove_split(*a->split, a->srs, a->options);
      }
      prove(a->witness, a->model, a->pk, a->proof, a->srs, a->options);
    });
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    log_info("prove took " + std::to_string(std::int64_t(took.count())) + " ms");
  };
}

}  // namespace

const Command prove_command{
    "prove", "Prove a run of the model",
    "  ezkl prove --srs-path kzg.srs\n"
    "  ezkl prove -W witness.json --pk-path pk.key --proof-path proof.json --check-mode unsafe\n"
    "  ezkl prove --srs-path kzg.srs --profile\n"
    "  ezkl prove --srs-path kzg.srs --max-memory 500M\n"
    "  ezkl prove --split split --srs-path kzg.srs\n",
    declare};

}  // namespace ezkl::cli
