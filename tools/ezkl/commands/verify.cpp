// ezkl verify: proof.json, settings.json and vk.key -> a verdict.
#include "api/verify.hpp"

#include <chrono>

#include "api/split.hpp"
#include "base/log.hpp"
#include "commands/commands.hpp"
#include "commands/digest_option.hpp"
#include "commands/run_arguments.hpp"
#include "commands/verdict.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare(Options& o) {
  struct Args {
    Path settings = "settings.json", proof = "proof.json", vk = "vk.key";
    std::optional<Path> srs, split, manifest;
    std::optional<std::string> digest, input, output;
    bool reduced = false, json = false;
  };
  auto a = std::make_shared<Args>();
  o.value("--split", a->split, "check the proofs of all parts of this split, and that they are linked");
  o.value("--manifest", a->manifest,
          "the key's manifest, from the model's owner: refuse other settings, key or setup [default: the one beside "
          "the key must fit]");
  declare_digest(o, "--digest", a->digest,
                 "SHA-256 of the key's manifest as the model's owner tells it (setup prints it), with --split the "
                 "digest of the parts: refuse all others");
  o.value("-S,--settings-path", a->settings, "the circuit's settings");
  o.value("--proof-path", a->proof, "the proof");
  o.value("--vk-path", a->vk, "the verifying key");
  o.value("--srs-path", a->srs, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.flag("--reduced-srs", a->reduced, "take a setup of any size of the same ceremony; by default kzg1.srs");
  o.value("--input", a->input,
          "check that the proof is about this input, a file or JSON text; with --split the first part's", "DATA");
  o.value("--output", a->output,
          "check that the proof is about this output, a file or JSON text: {\"output_data\": [[...]]} or lists; with "
          "--split the last part's",
          "DATA");
  o.flag("--json", a->json, "print what was proved as one JSON object and nothing else");
  return [a] {
    const auto start = std::chrono::steady_clock::now();
    if (a->split) {
      const Args usual;
      refuse_beside_split(a->settings != usual.settings || a->proof != usual.proof || a->vk != usual.vk || a->manifest);
      return print_verdict(verify_split_report(*a->split, a->srs, a->reduced, a->digest, a->input, a->output), a->json);
    }
    const VerifyReport found = verify(VerifyFiles{
        a->proof, a->settings, a->vk, a->srs, a->reduced, {a->manifest, a->digest}, false, a->input, a->output});
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    log_info("verify took " + std::to_string(std::int64_t(took.count())) + " ms");
    print_verdict(found, a->json);
  };
}

}  // namespace

const Command verify_command{"verify", "Check a proof",
                             "  ezkl verify --srs-path kzg.srs\n"
                             "  ezkl verify --proof-path proof.json --settings-path settings.json --vk-path vk.key\n"
                             "  ezkl verify --input input.json --output output.json\n"
                             "  ezkl verify --json\n"
                             "  ezkl verify --srs-path kzg.srs --digest DIGEST\n"
                             "  ezkl verify --split split --srs-path kzg.srs --digest DIGEST\n",
                             declare};

}  // namespace ezkl::cli
