#include "api/chain_client.hpp"
#include "api/evm_calldata.hpp"
#include "api/evm_statement.hpp"
#include "api/json_rpc.hpp"
#include "artifact/sha256_text.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "circuit/configure.hpp"
#include "evm/abi_call.hpp"
#include "evm/calldata.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/claims/elements.hpp"
#include "transcript/keccak.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t longest_calldata = std::uint64_t{1} << 28;

/// The values for people that a reusable contract gives back stand in the proof, inputs first. Whether they were
/// compared.
bool compare_values(const evm::VerifierAnswer& answer, const ProofFile& proof, std::span<const evm::Word> vka) {
  if (!proof.pretty) {
    log_warn("the proof lists no values for people, the contract's are not compared");
    return false;
  }
  const unsigned decimals = evm::artifact_decimals(vka);
  std::vector<std::string> listed;
  for (const auto& lists : {proof.pretty->rescaled_inputs, proof.pretty->rescaled_outputs}) {
    for (const auto& tensor : lists) listed.insert(listed.end(), tensor.begin(), tensor.end());
  }
  if (!proof.pretty->processed_outputs.empty() && !listed.empty()) {
    // the artifact's format takes hashes to be the first instances (docs/spec/evm.md 6, defect 3)
    log_warn("hashed outputs beside public inputs: the contract's rescaled values are not compared with the proof's");
    return false;
  }
  if (listed.size() != answer.rescaled.size()) {
    throw Error(Fault::unsatisfied, "the contract returns " + std::to_string(answer.rescaled.size()) +
                                        " values, the proof lists " + std::to_string(listed.size()));
  }
  const std::span<const Fr> instances = instance_column(proof);
  const std::size_t hashes = evm::artifact_hashes(vka);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    // The published contract makes a number of any element, and proof.json lists what it makes of it.
    if (hashes + i < instances.size() && !claims::is_integer(instances[hashes + i])) {
      throw Error(Fault::unsatisfied, "instance " + std::to_string(hashes + i) +
                                          " is no integer of 128 bits: the number that the contract and the proof give "
                                          "for it means nothing");
    }
    if (!evm::same_number(answer.rescaled[i], decimals, listed[i])) {
      throw Error(Fault::unsatisfied, "value " + std::to_string(i) + " of the contract is " +
                                          evm::fixed_point_text(answer.rescaled[i], decimals) + ", the proof lists " +
                                          listed[i]);
    }
  }
  return true;
}

/// What verify says of a proof's settings, and which parameters it is about.
void warn_of_statement(const CalldataSource::Stated& stated, const ProofFile& proof) {
  const GraphSettings& settings = stated.settings;
  warn_of_what_is_open(settings.run_args, nullptr);
  const auto params = in_context(stated.path.string(),
                                 [&] { return params_of_proof(stated.statement, configure(settings).columns, proof); });
  if (!params) return;
  log_warn("the contract accepts proofs of any parameters: this one's are told by " + params->place + ", " +
           params->values_text() + ": compare it with what the model's owner published");
}

/// The digest that the contract verified against is one that somebody named, or has to be looked at.
void check_digest(const evm::VerifierAnswer& answer, const std::optional<std::string>& pinned) {
  const std::string found = hex_text(answer.digest.to_bytes_be());
  if (!pinned) {
    log_warn(
        "the contract verified against the key with the digest 0x" + found +
            ": anybody may register any key with it, so compare that with the digest which create-evm-vka gives for "
            "the owner's files",
        {{"vka_digest", "{} refuses all others"}});
    return;
  }
  if (found == *pinned) return;
  throw Error(Fault::unsatisfied,
              "the contract verified against the key with the digest 0x" + found + ", not 0x" + *pinned);
}

/// The contract accepts, is of the kind that calldata `with_vka` is for, and verified against the key that is meant.
/// errors: Fault::unsatisfied.
void check_answer(const evm::VerifierAnswer& answer, bool with_vka, const std::optional<VkaFile>& vka,
                  const std::optional<std::string>& pinned) {
  if (!answer.accepted) throw Error(Fault::unsatisfied, "the contract says that the proof does not hold");
  if (answer.reusable != with_vka) {
    throw Error(Fault::unsatisfied, with_vka
                                        ? "the contract does not name the key that it verified against: it is no "
                                          "reusable verifier"
                                        : "the contract names a key that none was given for: it is no verifier of one");
  }
  if (!with_vka && pinned) {
    throw Error(Fault::unsatisfied, "the contract names no key: it is no reusable verifier",
                {{"vka_digest", "{} is for the reusable one"}});
  }
  if (!answer.reusable) return;
  if (vka && hex_text(answer.digest.to_bytes_be()) != vka->digest) {
    throw Error(Fault::unsatisfied, "the contract verified against another key than " + vka->path.string());
  }
  check_digest(answer, pinned);
}

}  // namespace

bool verify_evm(const std::string& addr_verifier, const std::string& rpc_url, const std::optional<Path>& proof_path,
                const std::optional<Path>& vka_path, const std::optional<Path>& encoded_calldata,
                const std::optional<Path>& settings_path, const std::optional<std::string>& vka_digest,
                std::optional<std::uint64_t> chain_id) try {
  if (encoded_calldata && (settings_path || proof_path)) {
    const std::string other = proof_path ? "proof_path" : "settings_path";
    throw Error(Fault::usage, "calldata takes the place of a proof, and nothing of it is compared with settings",
                {{other, "leave {} out"}, {"encoded_calldata", "or {}"}});
  }
  if (vka_digest) check_typed_sha256(*vka_digest);
  const Path proof_file = proof_path.value_or("proof.json");
  const evm::Address address = address_argument(addr_verifier);
  std::optional<VkaFile> vka;
  if (vka_path) {
    vka = read_vka(*vka_path);
    if (vka_digest && vka->digest != *vka_digest) {
      throw Error(Fault::unsatisfied,
                  vka_path->string() + ": its digest is 0x" + vka->digest + ", not 0x" + *vka_digest);
    }
  }
  std::optional<CalldataSource> source;
  if (!encoded_calldata) source = read_calldata_source(proof_file, settings_path, vka);
  const std::vector<std::uint8_t> data = source ? calldata_of(*source) : read_file(*encoded_calldata, longest_calldata);
  const evm::VerifyCall asked =
      in_context(encoded_calldata.value_or(proof_file).string(), [&] { return evm::read_verify_call(data); });
  if (vka && !asked.with_vka) {
    throw Error(Fault::format, encoded_calldata->string() +
                                   ": calldata for the contract of one key, and a key as words was given with it");
  }
  if (source && source->stated) warn_of_statement(*source->stated, source->proof);
  const ChainClient chain(rpc_url, chain_id);
  chain.chain_id();
  const std::string code = hex_text(keccak256(chain.contract_code(address)));
  const auto answer = in_context("verifyProof", [&] { return evm::decode_verifier_answer(chain.call(address, data)); });
  check_answer(answer, asked.with_vka, vka, vka_digest);
  bool compared = settings_path.has_value();
  if (source && vka) {
    compared =
        in_context(proof_file.string(), [&] { return compare_values(answer, source->proof, vka->words); }) || compared;
  }
  if (source && source->proof.pretty && !compared) {
    log_warn("the numbers that " + proof_file.string() +
                 " lists for people were compared with nothing: what was verified "
                 "are its instances",
             {{"settings_path", "{} compares them"}});
  }
  report_gas("verifyProof", chain.estimate_gas(std::nullopt, address, data));
  log_info("verified on chain: true, for " + std::to_string(asked.num_instances) +
           " instances whose words have the Keccak-256 0x" + hex_text(keccak256(asked.instances)));
  log_warn("that is the word of the contract at " + evm::address_text(address) + " on chain " +
           std::to_string(chain.chain_id()) + ", as the node at " + shown_url(rpc_url) +
           " tells it: what it checks is known only to those who know its code, whose Keccak-256 (EXTCODEHASH) is 0x" +
           code);
  return true;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
