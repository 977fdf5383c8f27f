#include "api/chain_client.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "api/json_rpc.hpp"
#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/int128.hpp"
#include "base/log.hpp"
#include "base/session_state.hpp"
#include "evm/abi_call.hpp"
#include "evm/ether.hpp"
#include "transcript/keccak.hpp"

namespace ezkl {
namespace {

constexpr const char* development_key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
constexpr std::uint64_t default_priority_fee = 1'000'000'000;  // wei, for nodes that give no advice
constexpr std::uint64_t least_gas = 21'000;                    // of any transaction
constexpr std::uint64_t large_gas = 15'000'000, block_gas = 30'000'000;
constexpr std::chrono::milliseconds poll_pause{100};
constexpr std::chrono::seconds receipt_patience{120}, code_patience{10};

std::string texts(std::vector<std::string> list) { return rpc_text_params(list); }

/// What `ask` gives as soon as it gives something; what it gives then, maybe nothing, once `patience` is over. It is
/// told whether that is so. errors: as `ask`; Fault::cancelled.
template <class Ask>
auto polled(std::chrono::seconds patience, const Ask& ask) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const bool is_last = std::chrono::steady_clock::now() > deadline;
    if (auto answer = ask(is_last); answer || is_last) return answer;
    check_stop();
    std::this_thread::sleep_for(poll_pause);
  }
}

/// Reads a member of an answer with the method's name in front of errors.
template <class Read>
auto read_answer(const std::string& method, const Json& json, Read read) {
  return in_context("the node's answer to " + method, [&] { return read(json); });
}

std::string optional_text(const std::optional<evm::Address>& address) {
  return address ? evm::address_text(*address) : std::string();
}

/// Result of a call that runs a contract: a revert is the contract's word, anything else the node's.
Json run_contract(const std::string& url, const std::string& method, const std::string& params) {
  RpcAnswer answer = rpc(url, method, params);
  if (!answer.failure) return std::move(answer.result);
  const RpcFailure& failure = *answer.failure;
  const std::string reason = evm::revert_reason(failure.revert_data);
  if (!reason.empty()) throw Error(Fault::unsatisfied, "the contract reverts: " + reason);
  if (failure.has_revert_data || failure.message.find("revert") != std::string::npos) {
    throw Error(Fault::unsatisfied, "the contract reverts without a reason (" + failure.message + ")");
  }
  throw Error(Fault::io, shown_url(url) + ": " + method + ": " + failure.message);
}

}  // namespace

std::uint64_t ChainClient::chain_id() const {
  if (chain_id_) return *chain_id_;
  const std::uint64_t found = read_answer("eth_chainId", rpc_result(url_, "eth_chainId", "[]"), rpc_quantity_u64);
  if (wanted_chain_ && *wanted_chain_ != found) {
    throw Error(Fault::io,
                shown_url(url_) + ": a node of the chain " + std::to_string(found) + ", not of " +
                    std::to_string(*wanted_chain_),
                {{"chain_id", "{} says which chain is meant"}});
  }
  log_info("chain id: " + std::to_string(found));
  chain_id_ = found;
  return found;
}

std::vector<std::uint8_t> ChainClient::contract_code(const evm::Address& address) const {
  std::vector<std::uint8_t> code = code_at(address);
  if (!code.empty()) return code;
  throw Error(Fault::usage,
              "there is no contract at " + evm::address_text(address) + " on the chain behind " + shown_url(url_));
}

std::vector<std::uint8_t> ChainClient::code_at(const evm::Address& address) const {
  return read_answer("eth_getCode", rpc_result(url_, "eth_getCode", texts({evm::address_text(address), "latest"})),
                     rpc_bytes);
}

std::vector<std::uint8_t> ChainClient::call(const evm::Address& to, std::span<const std::uint8_t> data) const {
  return read_answer("eth_call", run_contract(url_, "eth_call", rpc_call_params({}, evm::address_text(to), data)),
                     rpc_bytes);
}

std::uint64_t ChainClient::estimate_gas(const std::optional<evm::Address>& from, const std::optional<evm::Address>& to,
                                        std::span<const std::uint8_t> data) const {
  const std::string params = rpc_call_params(optional_text(from), optional_text(to), data);
  return read_answer("eth_estimateGas", run_contract(url_, "eth_estimateGas", params), rpc_quantity_u64);
}

void ChainClient::choose_fees(evm::Transaction& transaction) const {
  const Json block = rpc_result(url_, "eth_getBlockByNumber", R"(["latest",false])");
  const Json* base = read_answer("eth_getBlockByNumber", block, [](const Json& b) { return b.find("baseFeePerGas"); });
  if (!base) {
    transaction.fee_per_gas = read_answer("eth_gasPrice", rpc_result(url_, "eth_gasPrice", "[]"), rpc_quantity_u64);
    return;
  }
  const RpcAnswer advice = rpc(url_, "eth_maxPriorityFeePerGas", "[]");
  const std::uint64_t priority =
      advice.failure ? default_priority_fee : read_answer("eth_maxPriorityFeePerGas", advice.result, rpc_quantity_u64);
  const std::uint64_t base_fee = read_answer("eth_getBlockByNumber", *base, rpc_quantity_u64);
  if (base_fee >> 62 || priority >> 62) {
    throw Error(Fault::range, "the node asks for " + std::to_string(base_fee) + " + " + std::to_string(priority) +
                                  " wei a unit of gas, which cannot be");
  }
  transaction.priority_fee_per_gas = priority;
  transaction.fee_per_gas = 2 * base_fee + priority;  // stays valid while the base fee doubles
}

evm::Transaction ChainClient::prepared(const evm::Address& from, const std::optional<evm::Address>& to,
                                       std::vector<std::uint8_t> data, Int128 max_fee) const {
  const std::string from_text = evm::address_text(from);
  evm::Transaction transaction;
  transaction.chain_id = chain_id();
  transaction.to = to;
  transaction.data = std::move(data);
  choose_fees(transaction);
  const Int128 balance =
      read_answer("eth_getBalance", rpc_result(url_, "eth_getBalance", texts({from_text, "latest"})), rpc_quantity);
  const auto require_funds = [&](std::uint64_t gas) {
    const Int128 needed = Int128{gas} * transaction.fee_per_gas;
    if (balance >= needed) return;
    throw Error(Fault::io, "insufficient funds: account " + from_text + " holds " + to_string(balance) +
                               " wei on chain " + std::to_string(transaction.chain_id) + ", the transaction needs " +
                               to_string(needed) + (gas == least_gas ? " or more" : ""));
  };
  require_funds(least_gas);  // before the estimate, which nodes refuse an empty account in their own words
  transaction.gas = estimate_gas(from, to, transaction.data);
  if (transaction.gas >> 62 || transaction.fee_per_gas >> 63) {
    throw Error(Fault::range, shown_url(url_) + ": the node asks for " + std::to_string(transaction.gas) +
                                  " gas, each for " + std::to_string(transaction.fee_per_gas) +
                                  " wei, which cannot be");
  }
  const Int128 fee = Int128{transaction.gas} * transaction.fee_per_gas;
  if (fee > max_fee) {
    throw Error(Fault::range,
                "the transaction may cost " + evm::ether_text(fee) + " ETH: " + shown_url(url_) + " estimates " +
                    std::to_string(transaction.gas) + " gas, each for up to " +
                    std::to_string(transaction.fee_per_gas) + " wei; nothing was signed",
                {{"max_fee", "{} allows " + evm::ether_text(max_fee) + " ETH"}});
  }
  require_funds(transaction.gas);
  transaction.nonce =
      read_answer("eth_getTransactionCount", rpc_result(url_, "eth_getTransactionCount", texts({from_text, "pending"})),
                  rpc_quantity_u64);
  return transaction;
}

Json ChainClient::receipt_of(const std::string& hash) const {
  auto receipt = polled(receipt_patience, [&](bool is_last) -> std::optional<Json> {
    try {
      Json answer = rpc_result(url_, "eth_getTransactionReceipt", texts({hash}));
      if (!answer.is_null()) return answer;
    } catch (const Error& e) {
      // What the node or its gateway cannot say now has no bearing on the transaction, which is on its way.
      if (e.fault() != Fault::io || is_last) throw;
    }
    return std::nullopt;
  });
  if (!receipt) throw Error(Fault::io, "it is in no block after two minutes");
  return *std::move(receipt);
}

std::vector<std::uint8_t> ChainClient::new_code(const evm::Address& address) const {
  const auto code = polled(code_patience, [&](bool) -> std::optional<std::vector<std::uint8_t>> {
    std::vector<std::uint8_t> found = code_at(address);
    return found.empty() ? std::nullopt : std::optional(std::move(found));
  });
  return code.value_or(std::vector<std::uint8_t>());
}

void ChainClient::send(const evm::Transaction& transaction, const evm::PrivateKey& key,
                       const std::function<void(const Json& receipt)>& then) const {
  const std::vector<std::uint8_t> raw = evm::sign_transaction(transaction, key);
  const auto raw_hash = keccak256(raw);
  const std::string hash = "0x" + hex_text(raw_hash);
  const std::string name = "transaction " + hash + " (nonce " + std::to_string(transaction.nonce) + ")";
  check_stop();
  log_debug(name + ", gas limit " + std::to_string(transaction.gas));
  try {
    // A call that fails may have delivered it all the same: whoever repeats the command must know of this one.
    in_context(name + " was signed and sent", [&] {
      rpc_result(url_, "eth_sendRawTransaction", texts({"0x" + hex_text(raw)}));
      const Json receipt = receipt_of(hash);
      read_answer("eth_getTransactionReceipt", receipt, [&](const Json& r) {
        if (r.member("status", rpc_quantity_u64) != 1) throw Error(Fault::io, "the transaction failed");
        if (const Json* of = r.find("transactionHash")) {
          const std::vector<std::uint8_t> named = rpc_bytes(*of);
          if (!std::equal(named.begin(), named.end(), raw_hash.begin(), raw_hash.end())) {
            throw Error(Fault::io, "the receipt is of the transaction 0x" + hex_text(named));
          }
        }
      });
      then(receipt);
    });
  } catch (const Stopped&) {
    throw Error(Fault::cancelled, "stopped, but " + name + " was sent before");
  }
}

void ChainClient::transact(const evm::PrivateKey& key, const evm::Address& to, std::vector<std::uint8_t> data,
                           Int128 max_fee) const {
  send(prepared(evm::address_of(key), to, std::move(data), max_fee), key, [](const Json&) {});
}

evm::Address ChainClient::create(const evm::PrivateKey& key, std::vector<std::uint8_t> creation,
                                 std::span<const std::uint8_t> runtime, Int128 max_fee) const {
  const evm::Address from = evm::address_of(key);
  const evm::Transaction transaction = prepared(from, std::nullopt, std::move(creation), max_fee);
  const evm::Address address = evm::created_address(from, transaction.nonce);
  send(transaction, key, [&](const Json& receipt) {
    if (const Json* named = receipt.find("contractAddress")) {
      const std::string where = "a contract of this account and nonce has the address " + evm::address_text(address);
      const evm::Address said =
          read_answer("eth_getTransactionReceipt", *named, [](const Json& a) { return evm::parse_address(a.text()); });
      if (said != address) {
        throw Error(Fault::io, "the node's receipt names the contract " + evm::address_text(said) + ": " + where);
      }
    }
    const std::vector<std::uint8_t> code = new_code(address);
    if (!std::equal(code.begin(), code.end(), runtime.begin(), runtime.end())) {
      throw Error(Fault::io, "what lies at " + evm::address_text(address) +
                                 " is not what was compiled: " + std::to_string(code.size()) +
                                 " bytes of code with the Keccak-256 0x" + hex_text(keccak256(code)) + ", not " +
                                 std::to_string(runtime.size()) + " with 0x" + hex_text(keccak256(runtime)));
    }
  });
  return address;
}

evm::PrivateKey paying_key(const std::optional<std::string>& argument) {
  if (argument) return evm::parse_private_key(*argument);
  if (const std::string& text = session_options().private_key; !text.empty()) {
    return in_context("private_key of the session", [&] { return evm::parse_private_key(text); });
  }
  log_info("no private key given: the first account of local development nodes pays");
  return evm::parse_private_key(development_key);
}

evm::Address address_argument(const std::string& text) {
  std::error_code ignored;
  if (evm::looks_like_address(text) || !std::filesystem::is_regular_file(text, ignored)) {
    if (!text.starts_with("0x")) {
      throw Error(Fault::io, text + ": no such file, and no address of a contract: 0x and 40 hexadecimal digits",
                  {{"addr_verifier", "deploy-evm writes the file; {} takes it or the address"}});
    }
    return in_context("address of the verifier", [&] { return evm::parse_address(text); });
  }
  std::string content = read_text(text, 1024);
  while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.pop_back();
  try {
    return evm::parse_address(content);
  } catch (const Error&) {
    // The file may be one of a key that was named by mistake.
    throw Error(Fault::usage, text +
                                  ": what the file holds is no address: expected 0x and 40 hexadecimal digits, "
                                  "capitals only as EIP-55 has them");
  }
}

void report_gas(const std::string& what, std::uint64_t gas) {
  log_info("estimated gas of " + what + ": " + std::to_string(gas));
  if (gas > block_gas) {
    log_warn("more than " + std::to_string(block_gas) + " gas: few chains can take this transaction");
  } else if (gas > large_gas) {
    log_warn("more than " + std::to_string(large_gas) + " gas: some chains cannot take this transaction");
  }
}

}  // namespace ezkl
