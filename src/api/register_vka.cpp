#include "api/chain_client.hpp"
#include "api/evm_calldata.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "evm/calldata.hpp"
#include "evm/ether.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

/// The form in which the published package writes the digest: one byte a line, a comma behind each.
std::string byte_list(std::span<const std::uint8_t> bytes) {
  std::string out = "[\n";
  for (const std::uint8_t byte : bytes) out += "    " + std::to_string(byte) + ",\n";
  return out + "]";
}

}  // namespace

void register_vka(const std::string& addr_verifier, const std::string& rpc_url, const Path& vka_path,
                  const Path& vka_digest_path, const std::optional<std::string>& private_key,
                  const std::string& max_fee, std::optional<std::uint64_t> chain_id) try {
  refuse_same_file({vka_digest_path}, {vka_path});
  const evm::Address address = address_argument(addr_verifier);
  const VkaFile vka = read_vka(vka_path);
  const std::vector<std::uint8_t> data = evm::encode_register_calldata(vka.words);
  const Int128 ceiling = in_context("max_fee", [&] { return evm::parse_ether(max_fee); });
  const evm::PrivateKey key = paying_key(private_key);
  const ChainClient chain(rpc_url, chain_id);
  chain.chain_id();
  chain.contract_code(address);               // there must be one
  AtomicWriter digest_file(vka_digest_path);  // an unwritable place shows before anything is paid for
  in_context("registerVka", [&] {
    const std::vector<std::uint8_t> digest = chain.call(address, data);
    if (hex_text(digest) != vka.digest) {
      throw Error(Fault::unsatisfied,
                  "the contract does not return the hash of " + vka_path.string() + ": it is no reusable verifier");
    }
    report_gas("registerVka", chain.estimate_gas(evm::address_of(key), address, data));
    chain.transact(key, address, data, ceiling);
    const std::string text = byte_list(digest);
    digest_file.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  });
  digest_file.commit();
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
