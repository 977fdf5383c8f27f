// ezkl encode-evm-calldata, create-evm-verifier, create-evm-vka: what a chain needs.
#include <cstdio>

#include "base/log.hpp"
#include "commands/commands.hpp"
#include "commands/digest_option.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl::cli {
namespace {

void declare_manifest(Options& o, std::optional<Path>& manifest, std::optional<std::string>& digest) {
  o.value("--manifest", manifest, "the key's manifest, from the model's owner [default: the one beside the key]");
  declare_digest(o, "--digest", digest, "SHA-256 of that manifest as the model's owner tells it: refuse all others");
}

std::function<void()> declare_calldata(Options& o) {
  struct Args {
    Path proof = "proof.json", calldata = "calldata.bytes";
    std::optional<Path> vka, settings;
  };
  auto a = std::make_shared<Args>();
  o.value("--proof-path", a->proof, "the proof");
  o.value("--calldata-path", a->calldata, "where to write the calldata");
  o.value("--vka-path", a->vka, "the key as words, for the reusable verifier");
  o.value("-S,--settings-path", a->settings,
          "the circuit's settings: refuse a proof of other instances, or that lists other numbers");
  return [a] {
    log_debug(std::to_string(encode_evm_calldata(a->proof, a->calldata, a->vka, a->settings).size()) + " bytes of calldata");
  };
}

std::function<void()> declare_verifier(Options& o) {
  struct Args {
    std::optional<Path> srs, manifest;
    std::optional<std::string> digest;
    Path settings = "settings.json", vk = "vk.key", sol = "evm_deploy.sol", abi = "verifier_abi.json";
    bool reusable = false, gas_report = false;
  };
  auto a = std::make_shared<Args>();
  o.value("--srs-path", a->srs, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.value("-S,--settings-path", a->settings, "the circuit's settings");
  o.value("--vk-path", a->vk, "the verifying key");
  declare_manifest(o, a->manifest, a->digest);
  o.value("--sol-code-path", a->sol, "where to write the contract");
  o.value("--abi-path", a->abi, "where to write its ABI");
  o.flag("-R,--reusable", a->reusable, "the contract that serves every circuit, with create-evm-vka");
  o.flag("--gas-report", a->gas_report, "print where the gas of a verification goes");
  return [a] {
    if (a->reusable && a->gas_report) throw Error(Fault::usage, "--gas-report is for the contract of one key");
    // Before anything is written: what refuses the report refuses the contract.
    std::string report;
    if (a->gas_report) report = evm_gas_report(a->vk, a->settings, a->srs, a->manifest, a->digest);
    create_evm_verifier(a->vk, a->settings, a->sol, a->abi, a->srs, a->reusable, a->manifest, a->digest);
    std::fputs(report.c_str(), stdout);
  };
}

std::function<void()> declare_vka(Options& o) {
  struct Args {
    std::optional<Path> srs, manifest;
    std::optional<std::string> digest;
    Path settings = "settings.json", vk = "vk.key", vka = "vka.bytes";
    std::uint32_t decimals = 18;
    bool proof_instances = false;
  };
  auto a = std::make_shared<Args>();
  o.value("--srs-path", a->srs, "the setup [default: $EZKL_REPO_PATH/srs/kzg{k}.srs]");
  o.value("-S,--settings-path", a->settings, "the circuit's settings");
  o.value("--vk-path", a->vk, "the verifying key");
  declare_manifest(o, a->manifest, a->digest);
  o.value("--vka-path", a->vka, "where to write the key as words");
  o.value("--decimals", a->decimals, "digits after the point of rescaled instances, at most 38");
  o.flag(
      "--proof-instances", a->proof_instances,
      "tell of the instances as proofs have them, where the published format does not (groups hashed in part, hashed "
      "outputs beside public inputs)");
  return [a] {
    std::printf("digest of the key on chain: 0x%s\n", create_evm_vka(a->vk, a->settings, a->vka, a->srs, a->decimals,
                                                                     a->proof_instances, a->manifest, a->digest)
                                                          .c_str());
  };
}

}  // namespace

const Command encode_evm_calldata_command{"encode-evm-calldata", "Encode a proof as calldata of a verifier contract",
                                          "  ezkl encode-evm-calldata --proof-path proof.json\n"
                                          "  ezkl encode-evm-calldata --vka-path vka.bytes\n",
                                          declare_calldata};
const Command create_evm_verifier_command{"create-evm-verifier", "Write a Solidity verifier and its ABI",
                                          "  ezkl create-evm-verifier --srs-path kzg.srs\n"
                                          "  ezkl create-evm-verifier --srs-path kzg.srs --digest DIGEST\n"
                                          "  ezkl create-evm-verifier --srs-path kzg.srs --gas-report\n"
                                          "  ezkl create-evm-verifier --srs-path kzg.srs --reusable\n",
                                          declare_verifier};
const Command create_evm_vka_command{"create-evm-vka", "Write the key as words for the reusable verifier",
                                     "  ezkl create-evm-vka --srs-path kzg.srs --decimals 18\n", declare_vka};

}  // namespace ezkl::cli
