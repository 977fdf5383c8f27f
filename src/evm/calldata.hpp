#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evm/word.hpp"
#include "field/fr.hpp"

namespace ezkl::evm {

/// Calldata of verifyProof(bytes,uint256[]) or, with the words of a verifying-key artifact,
/// verifyProof(bytes,uint256[],bytes32[]). Byte for byte what the published package writes.
/// source: docs/spec/evm.md 3. errors: Fault::format when the proof is no whole number of words.
std::vector<std::uint8_t> encode_calldata(std::span<const std::uint8_t> proof, std::span<const Fr> instances,
                                          const std::optional<std::vector<Word>>& vka);

/// Calldata of registerVka(bytes32[]).
std::vector<std::uint8_t> encode_register_calldata(std::span<const Word> vka);

/// The file of a verifying-key artifact: a little-endian count of words, then the words.
std::vector<std::uint8_t> vka_file_bytes(std::span<const Word> words);
/// errors: Fault::format naming `what` when the length does not fit the count.
std::vector<Word> parse_vka_file(std::span<const std::uint8_t> bytes, const std::string& what);

}  // namespace ezkl::evm
