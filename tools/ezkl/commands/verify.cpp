// ezkl verify: proof.json, settings.json and vk.key -> a verdict.
#include "api/verify.hpp"

#include <chrono>
#include <cstdio>

#include "base/log.hpp"
#include "commands/commands.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

std::function<void()> declare(Options& o) {
  struct Args {
    Path settings = "settings.json", proof = "proof.json", vk = "vk.key";
    std::optional<Path> srs;
    bool reduced = false;
  };
  auto a = std::make_shared<Args>();
  o.value("-S,--settings-path", a->settings, "the circuit's settings");
  o.value("--proof-path", a->proof, "the proof");
  o.value("--vk-path", a->vk, "the verifying key");
  o.value("--srs-path", a->srs, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.flag("--reduced-srs", a->reduced, "take a setup of any size of the same ceremony; by default kzg1.srs");
  return [a] {
    const auto start = std::chrono::steady_clock::now();
    const auto verdict = verify(verify_files(a->proof, a->settings, a->vk, a->srs, a->reduced));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    log_info("verify took " + std::to_string(std::int64_t(took.count())) + " ms");
    std::printf("verified: %s\n", verdict.accepted ? "true" : "false");
    if (!verdict.accepted) throw Error(Fault::unsatisfied, a->proof.string() + ": " + verdict.reason);
  };
}

}  // namespace

const Command verify_command{"verify", "Check a proof",
                             "  ezkl verify --srs-path kzg.srs\n"
                             "  ezkl verify --proof-path proof.json --settings-path settings.json --vk-path vk.key\n",
                             declare};

}  // namespace ezkl::cli
