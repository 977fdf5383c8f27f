#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ezkl::evm {

using Address = std::array<std::uint8_t, 20>;
using PrivateKey = std::array<std::uint8_t, 32>;

/// Whether a text can only be meant as an address: 40 hexadecimal digits, or anything behind "0x".
bool looks_like_address(const std::string& text);
/// 40 hexadecimal digits, with or without "0x"; where both cases of letters occur, they must be the checksum of EIP-55.
/// errors: Fault::usage. A text that is too long for an address may be a secret and is not repeated.
Address parse_address(const std::string& text);
/// "0x" and 40 lower-case digits.
std::string address_text(const Address& address);

/// 64 hexadecimal digits, with or without "0x". errors: Fault::usage, never repeating the key.
PrivateKey parse_private_key(const std::string& text);

/// A transaction before it is signed. Amounts are in wei. With a priority fee it is encoded as EIP-1559 says (type 2),
/// without as a legacy transaction with the replay protection of EIP-155.
struct Transaction {
  std::uint64_t chain_id = 0, nonce = 0, gas = 0;
  std::uint64_t fee_per_gas = 0;  ///< legacy: the gas price; type 2: the most that is paid in all
  std::optional<std::uint64_t> priority_fee_per_gas;
  std::optional<Address> to;  ///< none: `data` creates a contract
  std::uint64_t value = 0;
  std::vector<std::uint8_t> data;
};

/// The account of a key. errors: Fault::usage for 0 and keys beyond the order of the curve; Fault::unsupported in a
/// build without libsecp256k1.
Address address_of(const PrivateKey& key);

/// Where the contract lies that the account's transaction with that nonce creates.
/// source: Ethereum yellow paper, section 7 (CREATE)
Address created_address(const Address& from, std::uint64_t nonce);

/// What is hashed and signed.
std::vector<std::uint8_t> signing_payload(const Transaction& transaction);

/// The raw transaction as eth_sendRawTransaction takes it, signed with the deterministic nonce of RFC 6979.
/// errors: as address_of; Fault::range for a chain id of 2^62 or more, and for the nonce that EIP-2681 forbids.
std::vector<std::uint8_t> sign_transaction(const Transaction& transaction, const PrivateKey& key);

}  // namespace ezkl::evm
