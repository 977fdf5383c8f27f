#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "artifact/envelope.hpp"
#include "plonk/keys.hpp"

namespace ezkl {

/// pk.key: a verifying key, the fixed columns and the copies, compactly, and what the key was made from.
struct ProvingKeyFile {
  plonk::ProvingKey key;
  std::uint32_t layout = 0;  ///< layout_version of the program that made the key
  FileDigest model{};        ///< CompiledModel::digest
  FileDigest fixed{};        ///< of the values of fixed inputs and outputs; zeros without any
  Commitment scheme = Commitment::kzg;
  std::vector<std::uint8_t> setup;  ///< CommitmentKey::fingerprint; at most 255 bytes
};

/// Columns that came from selectors are left out where vk.key's selectors give them.
std::vector<std::uint8_t> proving_key_bytes(const ProvingKeyFile& file);

/// What stands in front of the key, read without the key: enough to say whether files belong together.
struct ProvingKeyHead {
  std::uint32_t layout = 0;
  FileDigest model{}, fixed{};
  unsigned k = 0;
  Commitment scheme = Commitment::kzg;
  std::span<const std::uint8_t> setup, vk, columns;  ///< into the bytes that were parsed
};

/// errors: Fault::format for anything that is no proving key of ours, in words that fit what it is instead.
ProvingKeyHead parse_proving_key_head(std::span<const std::uint8_t> bytes, const std::string& what);

/// errors: Fault::format when the key does not fit the constraint system or its bytes make no columns.
plonk::ProvingKey parse_proving_key(const ProvingKeyHead& head, const plonk::ConstraintSystem& cs, unsigned logrows,
                                    const std::string& what);

}  // namespace ezkl
