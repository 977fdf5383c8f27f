#pragma once

#include <array>
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

/// What calldata asks of a contract.
struct VerifyCall {
  bool with_vka = false;  ///< of the reusable one
  std::size_t num_instances = 0;
  std::span<const std::uint8_t> instances;  ///< of the calldata: one word each
};
/// errors: Fault::format for calldata of another function than the two verifyProof, or that ends before its instances.
VerifyCall read_verify_call(std::span<const std::uint8_t> data);

/// Calldata of registerVka(bytes32[]).
std::vector<std::uint8_t> encode_register_calldata(std::span<const Word> vka);

/// The file of a verifying-key artifact: a little-endian count of words, then the words.
std::vector<std::uint8_t> vka_file_bytes(std::span<const Word> words);
/// What a contract calls the artifact of such a file by: the Keccak-256 of its words.
std::array<std::uint8_t, 32> vka_digest(std::span<const std::uint8_t> file);
/// errors: Fault::format naming `what` when the length does not fit the count.
std::vector<Word> parse_vka_file(std::span<const std::uint8_t> bytes, const std::string& what);

}  // namespace ezkl::evm
