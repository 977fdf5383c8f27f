#include "evm/transaction.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include "base/hex.hpp"
#include "evm/rlp.hpp"
#include "ezkl/error.hpp"
#include "transcript/keccak.hpp"

#ifdef EZKL_HAVE_SECP256K1
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <memory>

#include "base/ensure.hpp"
#endif

namespace ezkl::evm {
namespace {

constexpr std::uint8_t fee_market_type = 0x02;

struct Signature {
  std::array<std::uint8_t, 64> rs{};  // r, then s, big-endian
  unsigned parity = 0;
};

bool has_prefix(std::string_view text) { return text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X"; }

/// The bytes of exactly `out.size()` pairs of digits behind an optional "0x"; false for any other text.
template <std::size_t N>
bool read_hex(std::string_view text, std::array<std::uint8_t, N>& out) {
  if (has_prefix(text)) text.remove_prefix(2);
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (text.size() != 2 * N || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  const auto bytes = parse_hex(text);
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

/// The address's digits with the capitals of EIP-55.
std::string checksummed(std::string digits) {
  const std::string hash = hex_text(keccak256({reinterpret_cast<const std::uint8_t*>(digits.data()), digits.size()}));
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (hash[i] >= '8' && digits[i] >= 'a') digits[i] = static_cast<char>(digits[i] - 'a' + 'A');
  }
  return digits;
}

#ifdef EZKL_HAVE_SECP256K1
struct Destroy {
  void operator()(secp256k1_context* context) const { secp256k1_context_destroy(context); }
};
using Context = std::unique_ptr<secp256k1_context, Destroy>;

/// A context and the certainty that the key is one.
Context context_for(const PrivateKey& key) {
  Context context(secp256k1_context_create(SECP256K1_CONTEXT_SIGN));
  if (!secp256k1_ec_seckey_verify(context.get(), key.data())) {
    throw Error(Fault::usage, "the private key is not valid: it must be above 0 and below the order of secp256k1");
  }
  return context;
}

std::array<std::uint8_t, 64> public_key(const PrivateKey& key) {
  const Context context = context_for(key);
  secp256k1_pubkey point;
  EZKL_ENSURE(secp256k1_ec_pubkey_create(context.get(), &point, key.data()) == 1,
              "a valid private key has no public key");
  std::array<std::uint8_t, 65> encoded;
  std::size_t size = encoded.size();
  secp256k1_ec_pubkey_serialize(context.get(), encoded.data(), &size, &point, SECP256K1_EC_UNCOMPRESSED);
  std::array<std::uint8_t, 64> out;
  std::copy(encoded.begin() + 1, encoded.end(), out.begin());
  return out;
}

Signature sign(const std::array<std::uint8_t, 32>& hash, const PrivateKey& key) {
  const Context context = context_for(key);
  secp256k1_ecdsa_recoverable_signature signature;
  EZKL_ENSURE(
      secp256k1_ecdsa_sign_recoverable(context.get(), &signature, hash.data(), key.data(), nullptr, nullptr) == 1,
      "signing with a valid private key failed");
  Signature out;
  int parity = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context.get(), out.rs.data(), &parity, &signature);
  out.parity = static_cast<unsigned>(parity);
  return out;
}
#else
[[noreturn]] void no_signatures() {
  throw Error(Fault::unsupported, "this build cannot sign transactions: it was made without libsecp256k1");
}
std::array<std::uint8_t, 64> public_key(const PrivateKey&) { no_signatures(); }
Signature sign(const std::array<std::uint8_t, 32>&, const PrivateKey&) { no_signatures(); }
#endif

/// The fields that both forms share, from the gas limit on.
void put_body(RlpList& out, const Transaction& transaction) {
  out.integer(transaction.gas);
  if (transaction.to) {
    out.bytes(*transaction.to);
  } else {
    out.bytes({});
  }
  out.integer(transaction.value).bytes(transaction.data);
}

RlpList fields(const Transaction& transaction) {
  RlpList out;
  if (transaction.priority_fee_per_gas) {
    out.integer(transaction.chain_id).integer(transaction.nonce);
    out.integer(*transaction.priority_fee_per_gas).integer(transaction.fee_per_gas);
    put_body(out, transaction);
    out.list(RlpList());  // no access list
  } else {
    out.integer(transaction.nonce).integer(transaction.fee_per_gas);
    put_body(out, transaction);
  }
  return out;
}

std::vector<std::uint8_t> envelope(const Transaction& transaction, const RlpList& list) {
  std::vector<std::uint8_t> out = list.encoded();
  if (transaction.priority_fee_per_gas) out.insert(out.begin(), fee_market_type);
  return out;
}

}  // namespace

bool looks_like_address(const std::string& text) {
  Address ignored;
  return has_prefix(text) || read_hex(text, ignored);
}

Address parse_address(const std::string& text) {
  Address out;
  if (!read_hex(text, out)) {
    constexpr std::size_t address_length = 42;
    const std::string shown =
        text.size() <= address_length ? "'" + text + "'" : "a text of " + std::to_string(text.size()) + " characters";
    throw Error(Fault::usage, shown + " is no address: expected 0x and 40 hexadecimal digits");
  }
  const std::string digits = has_prefix(text) ? text.substr(2) : text;
  const bool upper = digits.find_first_of("ABCDEF") != std::string::npos;
  const bool lower = digits.find_first_of("abcdef") != std::string::npos;
  if (upper && lower && digits != checksummed(hex_text(out))) {
    throw Error(Fault::usage, "'" + text +
                                  "' is no address: its capitals are not the checksum of its digits (EIP-55), "
                                  "so one of them is wrong; in lower case it would be taken as it is");
  }
  return out;
}

std::string address_text(const Address& address) { return "0x" + hex_text(address); }

PrivateKey parse_private_key(const std::string& text) {
  PrivateKey out;
  if (!read_hex(text, out)) {
    throw Error(Fault::usage, "the private key must be 64 hexadecimal digits, " + std::to_string(text.size()) +
                                  " characters were given");
  }
  return out;
}

Address address_of(const PrivateKey& key) {
  const auto hash = keccak256(public_key(key));
  Address out;
  std::copy(hash.end() - out.size(), hash.end(), out.begin());
  return out;
}

Address created_address(const Address& from, std::uint64_t nonce) {
  const auto hash = keccak256(RlpList().bytes(from).integer(nonce).encoded());
  Address out;
  std::copy(hash.end() - out.size(), hash.end(), out.begin());
  return out;
}

std::vector<std::uint8_t> signing_payload(const Transaction& transaction) {
  RlpList list = fields(transaction);
  if (!transaction.priority_fee_per_gas) {
    list.integer(transaction.chain_id).integer(std::uint64_t{0}).integer(std::uint64_t{0});
  }
  return envelope(transaction, list);
}

std::vector<std::uint8_t> sign_transaction(const Transaction& transaction, const PrivateKey& key) {
  if (transaction.chain_id >> 62) {
    throw Error(Fault::range, "chain id " + std::to_string(transaction.chain_id) + ": must be below 2^62");
  }
  if (transaction.nonce == std::numeric_limits<std::uint64_t>::max()) {
    throw Error(Fault::range, "a nonce of 2^64 - 1, which no transaction can have");
  }
  const Signature signature = sign(keccak256(signing_payload(transaction)), key);
  const auto rs = std::span<const std::uint8_t>(signature.rs);
  RlpList list = fields(transaction);
  const std::uint64_t legacy_v = 2 * transaction.chain_id + 35 + signature.parity;
  list.integer(transaction.priority_fee_per_gas ? std::uint64_t{signature.parity} : legacy_v);
  list.integer(rs.first(32)).integer(rs.last(32));
  return envelope(transaction, list);
}

}  // namespace ezkl::evm
