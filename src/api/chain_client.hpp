#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/int128.hpp"
#include "evm/transaction.hpp"

namespace ezkl {

/// One node and what the on-chain commands do with it. All errors name what was asked of the node; a revert carries the
/// contract's reason.
class ChainClient {
 public:
  explicit ChainClient(std::string url) : url_(std::move(url)) {}

  std::uint64_t chain_id() const;
  /// The code of the contract at the address. errors: Fault::usage when there is none.
  std::vector<std::uint8_t> contract_code(const evm::Address& address) const;
  /// eth_call. errors: Fault::unsatisfied when the contract reverts.
  std::vector<std::uint8_t> call(const evm::Address& to, std::span<const std::uint8_t> data) const;
  /// eth_estimateGas; without `to` a contract is created. errors: Fault::unsatisfied on a revert.
  std::uint64_t estimate_gas(const std::optional<evm::Address>& from, const std::optional<evm::Address>& to,
                             std::span<const std::uint8_t> data) const;

  /// Signs, sends and waits for the receipt. Gives the address of the contract that was created, if one was.
  /// `max_fee`: the most wei it may cost, that is all the gas the node estimates at the highest price that is offered.
  /// errors: Fault::range, with what the node asks for and nothing signed, when it is more; Fault::io for insufficient
  /// funds (with the amounts), a failed transaction, or none within two minutes.
  std::optional<evm::Address> transact(const evm::PrivateKey& key, const std::optional<evm::Address>& to,
                                       std::vector<std::uint8_t> data, Int128 max_fee) const;

 private:
  void choose_fees(evm::Transaction& transaction) const;

  std::string url_;
};

/// The key that pays: the argument, the session's, or the first well-known account of local development nodes.
/// errors: Fault::usage for a malformed one.
evm::PrivateKey paying_key(const std::optional<std::string>& argument);

/// An address, or the path of a file that holds one. errors: Fault::usage.
evm::Address address_argument(const std::string& text);

/// Says how much gas is estimated, and warns where blocks may not take it.
void report_gas(const std::string& what, std::uint64_t gas);

}  // namespace ezkl
