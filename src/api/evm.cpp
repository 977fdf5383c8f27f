#include "api/evm_calldata.hpp"
#include "api/evm_statement.hpp"
#include "api/manifest.hpp"
#include "api/setup_files.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "artifact/vk_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "circuit/configure.hpp"
#include "circuit/statement_of.hpp"
#include "circuit/tables.hpp"
#include "evm/calldata.hpp"
#include "evm/gas_report.hpp"
#include "evm/proof_layout.hpp"
#include "evm/reusable_source.hpp"
#include "evm/verifier_source.hpp"
#include "evm/vka.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

/// Settings, key and the few points of the setup that a contract holds.
struct Verifier {
  GraphSettings settings;
  CircuitColumns columns;
  plonk::VerifyingKey vk;
  SrsVerifier srs;
  Statement statement;
  Path srs_file;  ///< where the setup lies
  TrustReport trust;
};

/// A contract holds what is read here for good, and a caller of it sees none of verify's page: what that says of keys
/// and settings is said now.
void say_what_is_trusted(const Verifier& verifier, const Path& vk_path) {
  warn_of_setup(verifier.srs.origin(), verifier.srs_file.string());
  log_trust(verifier.trust, vk_path);
  warn_of_what_is_open(verifier.settings.run_args, verifier.trust.manifest());
  const auto params = params_of_key(verifier.statement, verifier.columns, verifier.trust.manifest());
  if (!params) return;
  const std::string said =
      "the contract accepts proofs of any parameters, and so of any model of this form: whoever calls "
      "it must compare " +
      params->place + ", with ";
  if (params->values.empty()) {
    log_warn(said + "what the model's owner published",
             {{"manifest", "a manifest that setup wrote has it: {} names it"}});
    return;
  }
  log_warn(said + params->values_text() + " (of " + verifier.trust.file.string() + ')');
}

Verifier load(const Path& vk_path, const Path& settings_path, const std::optional<Path>& srs_path,
              const ManifestChoice& manifest) {
  Verifier out;
  out.settings = read_settings(settings_path);
  const unsigned k = out.settings.run_args.logrows;
  in_context(settings_path.string(), [&] { need_plonk(out.settings.run_args, "a contract that verifies proofs"); });
  refuse_ipa(out.settings.run_args.commitment, settings_path);
  auto circuit = in_context(settings_path.string(), [&] { return configure(out.settings); });
  out.columns = std::move(circuit.columns);
  out.vk = read_verifying_key(vk_path, circuit.cs, k, key_format());
  out.srs_file = setup_path(srs_path, k, Commitment::kzg);
  out.srs = read_srs_verifier(out.srs_file);
  in_context(settings_path.string(), [&] {
    out.statement = statement_of(out.settings);
    evm::refuse_more_than_rows(out.vk, out.statement.num_instances);
  });
  out.trust = check_manifest(manifest, {settings_path, vk_path, out.srs_file}, out.settings, key_sha256(out.vk),
                             SetupIdentity(out.srs));
  return out;
}

evm::VerifierContract dedicated_contract(const Verifier& verifier) {
  return evm::verifier_contract(
      verifier.vk, verifier.srs, verifier.statement.num_instances, circuit::table_factors(verifier.columns),
      contract_notes(verifier.settings, verifier.statement, verifier.columns, verifier.trust, verifier.srs.origin()));
}

}  // namespace

void create_evm_verifier(const Path& vk_path, const Path& settings_path, const Path& sol_code_path,
                         const Path& abi_path, const std::optional<Path>& srs_path, bool reusable,
                         const std::optional<Path>& manifest, const std::optional<std::string>& digest) try {
  const Verifier verifier = load(vk_path, settings_path, srs_path, {manifest, digest});
  refuse_same_file({sol_code_path, abi_path}, {vk_path, settings_path, verifier.srs_file, verifier.trust.file});
  say_what_is_trusted(verifier, vk_path);
  std::string source;
  if (!reusable) {
    const evm::VerifierContract dedicated = dedicated_contract(verifier);
    source = dedicated.source;
    if (dedicated.code_bytes > evm::longest_code) {
      reusable = true;
      log_warn("the contract of this key would have about " + std::to_string(dedicated.code_bytes) +
                   " bytes of code, chains take " + std::to_string(evm::longest_code) + ": " + sol_code_path.string() +
                   " is the reusable verifier instead; next: create-evm-vka, deploy-evm, register-vka",
               {{"contract_type", "deploy-evm wants {} verifier/reusable"}});
    }
  }
  if (reusable) source = evm::reusable_verifier_source();
  AtomicWriter sol(sol_code_path), abi(abi_path);
  const auto put = [](AtomicWriter& file, const std::string& text) {
    file.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  put(sol, source);
  put(abi, evm::verifier_abi(reusable));
  commit_all({&sol, &abi});
} catch (...) {
  rethrow_as_error();
}

std::string evm_gas_report(const Path& vk_path, const Path& settings_path, const std::optional<Path>& srs_path,
                           const std::optional<Path>& manifest, const std::optional<std::string>& digest) try {
  const Verifier verifier = load(vk_path, settings_path, srs_path, {manifest, digest});
  return evm::gas_report(dedicated_contract(verifier));
} catch (...) {
  rethrow_as_error();
}

std::string create_evm_vka(const Path& vk_path, const Path& settings_path, const Path& vka_path,
                           const std::optional<Path>& srs_path, unsigned decimals, bool proof_instances,
                           const std::optional<Path>& manifest, const std::optional<std::string>& digest) try {
  if (decimals > evm::max_decimals) {
    throw Error(Fault::usage, std::to_string(decimals) + " digits after the point",
                {{"decimals", "{} can be at most " + std::to_string(evm::max_decimals)}});
  }
  const Verifier verifier = load(vk_path, settings_path, srs_path, {manifest, digest});
  refuse_same_file({vka_path}, {vk_path, settings_path, verifier.srs_file, verifier.trust.file});
  say_what_is_trusted(verifier, vk_path);
  const std::size_t announced = evm::announced_instances(verifier.settings, evm::VkaInstances::published);
  const std::size_t present = evm::announced_instances(verifier.settings, evm::VkaInstances::of_proof);
  if (announced != present && !proof_instances) {
    log_warn("the published format announces " + std::to_string(announced) +
                 " instances, proofs of this circuit have " + std::to_string(present) +
                 " (its private hash covers only some tensors): a reusable verifier refuses all of them with this file",
             {{"proof_instances", "{} writes one that it accepts"}});
  }
  const auto instances = proof_instances ? evm::VkaInstances::of_proof : evm::VkaInstances::published;
  if (evm::shifts_instances(verifier.settings, instances)) {
    log_warn(
        "the published format takes hashes of outputs for the first instances, so its numbers would be of others "
        "than meant: the reusable verifier of this program refuses all proofs with this file, the published one "
        "gives back wrong numbers",
        {{"proof_instances", "{} writes one that both read right"}});
  }
  const auto words = evm::make_vka(verifier.settings, verifier.vk, verifier.srs, decimals, instances);
  const std::vector<std::uint8_t> bytes = evm::vka_file_bytes(words);
  write_file_atomically(vka_path, bytes);
  return hex_text(evm::vka_digest(bytes));
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
