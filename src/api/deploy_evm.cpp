#include "api/chain_client.hpp"
#include "api/solidity_compiler.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "evm/ether.hpp"
#include "evm/gas_report.hpp"
#include "ezkl/ezkl.hpp"
#include "transcript/keccak.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t longest_source = std::uint64_t{1} << 26;

const char* contract_name(const std::string& type) {
  if (type == "verifier") return "Halo2Verifier";
  if (type == "verifier/reusable") return "Halo2VerifierReusable";
  throw Error(Fault::usage, "contract type '" + type + "': expected verifier or verifier/reusable");
}

}  // namespace

void deploy_evm(const Path& addr_path, const std::string& rpc_url, const Path& sol_code_path,
                const std::string& contract_type, std::uint32_t optimizer_runs,
                const std::optional<std::string>& private_key, const std::string& max_fee,
                std::optional<std::uint64_t> chain_id) try {
  const char* const contract = contract_name(contract_type);
  refuse_same_file({addr_path}, {sol_code_path});
  const std::string source = read_text(sol_code_path, longest_source);
  const Int128 ceiling = in_context("max_fee", [&] { return evm::parse_ether(max_fee); });
  const evm::PrivateKey key = paying_key(private_key);
  const ChainClient chain(rpc_url, chain_id);
  chain.chain_id();  // another chain than the one meant shows before anything is compiled
  CompiledContract compiled = compile_solidity(source, contract, optimizer_runs, sol_code_path.string());
  if (compiled.runtime.size() > evm::longest_code) {
    log_warn(sol_code_path.string() + ": " + std::to_string(compiled.runtime.size()) +
             " bytes of code, most chains take at most " + std::to_string(evm::longest_code));
  }
  AtomicWriter file(addr_path);  // an unwritable place shows before anything is paid for
  const evm::Address address = in_context("deploy " + std::string(contract), [&] {
    return chain.create(key, std::move(compiled.creation), compiled.runtime, ceiling);
  });
  const std::string text = evm::address_text(address);
  file.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  file.commit();
  log_info("contract deployed at " + text + " on chain " + std::to_string(chain.chain_id()) +
           ", its code has the Keccak-256 (EXTCODEHASH) 0x" + hex_text(keccak256(compiled.runtime)));
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
