#include "api/chain_client.hpp"
#include "api/json_rpc.hpp"
#include "artifact/proof_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "evm/abi_call.hpp"
#include "evm/calldata.hpp"
#include "ezkl/ezkl.hpp"
#include "transcript/keccak.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t longest_file = std::uint64_t{1} << 28;
constexpr std::size_t count_bytes = 8;  // what stands before the words of a vka file

/// The values for people that a reusable contract gives back stand in the proof, inputs first.
void compare_values(const evm::VerifierAnswer& answer, const ProofFile& proof, unsigned decimals) {
  if (!proof.pretty) {
    log_warn("the proof lists no values for people, the contract's are not compared");
    return;
  }
  std::vector<std::string> listed;
  for (const auto& lists : {proof.pretty->rescaled_inputs, proof.pretty->rescaled_outputs}) {
    for (const auto& tensor : lists) listed.insert(listed.end(), tensor.begin(), tensor.end());
  }
  if (!proof.pretty->processed_outputs.empty() && !listed.empty()) {
    // the artifact's format takes hashes to be the first instances (docs/spec/evm.md 6, defect 3)
    log_warn("hashed outputs beside public inputs: the contract's rescaled values are not compared with the proof's");
    return;
  }
  if (listed.size() != answer.rescaled.size()) {
    throw Error(Fault::unsatisfied, "the contract returns " + std::to_string(answer.rescaled.size()) +
                                        " values, the proof lists " + std::to_string(listed.size()));
  }
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (!evm::same_number(answer.rescaled[i], decimals, listed[i])) {
      throw Error(Fault::unsatisfied, "value " + std::to_string(i) + " of the contract is " +
                                          evm::fixed_point_text(answer.rescaled[i], decimals) + ", the proof lists " +
                                          listed[i]);
    }
  }
}

}  // namespace

bool verify_evm(const std::string& addr_verifier, const std::string& rpc_url, const Path& proof_path,
                const std::optional<Path>& vka_path, const std::optional<Path>& encoded_calldata,
                const std::optional<Path>& settings_path) try {
  if (encoded_calldata && settings_path) {
    throw Error(Fault::usage, "settings are compared with a proof, not with calldata",
                {{"settings_path", "leave {} out"}, {"encoded_calldata", "or {}"}});
  }
  const evm::Address address = address_argument(addr_verifier);
  std::vector<std::uint8_t> vka_file;
  std::vector<evm::Word> vka;
  if (vka_path) {
    vka_file = read_file(*vka_path, longest_file);
    vka = evm::parse_vka_file(vka_file, vka_path->string());
  }
  const std::vector<std::uint8_t> data = encoded_calldata ? read_file(*encoded_calldata, longest_file)
                                                          : encode_evm_calldata(proof_path, std::nullopt, vka_path, settings_path);
  const ChainClient chain(rpc_url);
  const std::string code = hex_text(keccak256(chain.contract_code(address)));
  const auto answer = in_context("verifyProof", [&] { return evm::decode_verifier_answer(chain.call(address, data)); });
  if (!answer.accepted) throw Error(Fault::unsatisfied, "the contract says that the proof does not hold");
  if (answer.reusable && vka_path) {
    const auto digest = keccak256(std::span(vka_file).subspan(count_bytes));
    if (answer.digest.to_bytes_be() != digest) {
      throw Error(Fault::unsatisfied, "the contract verified against another key than " + vka_path->string());
    }
    if (!encoded_calldata) {
      in_context(proof_path.string(),
                 [&] { compare_values(answer, read_proof(proof_path), evm::artifact_decimals(vka)); });
    }
  }
  report_gas("verifyProof", chain.estimate_gas(std::nullopt, address, data));
  log_info("verified on chain: true");
  log_warn("that is the word of the contract at " + evm::address_text(address) + ", as the node at " +
           shown_url(rpc_url) +
           " tells it: what it checks is known only to those who know its code, whose Keccak-256 (EXTCODEHASH) is 0x" +
           code);
  return true;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
