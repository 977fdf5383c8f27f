#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/rpc_message.hpp"
#include "base/int128.hpp"
#include "evm/transaction.hpp"

namespace ezkl {

/// One node and what the on-chain commands do with it. All errors name what was asked of the node; a revert carries the
/// contract's reason.
class ChainClient {
 public:
  /// `wanted`: the chain that is meant.
  explicit ChainClient(std::string url, std::optional<std::uint64_t> wanted = std::nullopt)
      : url_(std::move(url)), wanted_chain_(wanted) {}

  /// Asked for once and said then: what is said is what is signed for. errors: Fault::io for another chain than the one
  /// that is meant.
  std::uint64_t chain_id() const;
  /// The code of the contract at the address. errors: Fault::usage when there is none.
  std::vector<std::uint8_t> contract_code(const evm::Address& address) const;
  /// eth_call. errors: Fault::unsatisfied when the contract reverts.
  std::vector<std::uint8_t> call(const evm::Address& to, std::span<const std::uint8_t> data) const;
  /// eth_estimateGas; without `to` a contract is created. errors: Fault::unsatisfied on a revert.
  std::uint64_t estimate_gas(const std::optional<evm::Address>& from, const std::optional<evm::Address>& to,
                             std::span<const std::uint8_t> data) const;

  /// Signs a call, sends it and waits for the receipt.
  /// `max_fee`: the most wei it may cost, that is all the gas the node estimates at the highest price that is offered.
  /// errors: Fault::range, with what the node asks for and nothing signed, when it is more; Fault::io for insufficient
  /// funds (with the amounts), a failed transaction, or none within two minutes. Whatever goes wrong once something was
  /// signed has the transaction's hash and nonce in its text.
  void transact(const evm::PrivateKey& key, const evm::Address& to, std::vector<std::uint8_t> data,
                Int128 max_fee) const;

  /// The same for a transaction that creates a contract. Gives its address, which follows from account and nonce and is
  /// not the node's to choose. errors: besides those Fault::io when the receipt names another one, or when other code
  /// than `runtime` lies there.
  evm::Address create(const evm::PrivateKey& key, std::vector<std::uint8_t> creation,
                      std::span<const std::uint8_t> runtime, Int128 max_fee) const;

 private:
  void choose_fees(evm::Transaction& transaction) const;
  /// Everything up to the signature. errors: as transact.
  evm::Transaction prepared(const evm::Address& from, const std::optional<evm::Address>& to,
                            std::vector<std::uint8_t> data, Int128 max_fee) const;
  /// Signs, sends, waits, and does `then` with the receipt.
  void send(const evm::Transaction& transaction, const evm::PrivateKey& key,
            const std::function<void(const Json& receipt)>& then) const;
  std::vector<std::uint8_t> code_at(const evm::Address& address) const;
  Json receipt_of(const std::string& hash) const;
  /// The code of a contract that was just created: another server behind the URL may know of it a little later.
  std::vector<std::uint8_t> new_code(const evm::Address& address) const;

  std::string url_;
  std::optional<std::uint64_t> wanted_chain_;
  mutable std::optional<std::uint64_t> chain_id_;
};

/// The key that pays: the argument, the session's, or the first well-known account of local development nodes.
/// errors: Fault::usage for a malformed one.
evm::PrivateKey paying_key(const std::optional<std::string>& argument);

/// An address, or the path of a file that holds one. What begins with 0x or has 40 hexadecimal digits is an address,
/// whatever files lie there. errors: Fault::usage, never repeating what a file holds.
evm::Address address_argument(const std::string& text);

/// Says how much gas is estimated, and warns where blocks may not take it.
void report_gas(const std::string& what, std::uint64_t gas);

}  // namespace ezkl
