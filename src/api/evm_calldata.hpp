#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "artifact/proof_file.hpp"
#include "circuit/settings.hpp"
#include "evm/word.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// A key as words for the reusable verifier, as create_evm_vka writes it.
struct VkaFile {
  std::filesystem::path path;
  std::vector<evm::Word> words;
  std::string digest;  ///< what the contract calls it by: 64 hexadecimal digits
};
/// errors: Fault::io; Fault::format for another kind of file.
VkaFile read_vka(const std::filesystem::path& path);

/// What calldata is made of and compared with, each file read once.
struct CalldataSource {
  std::filesystem::path path;  ///< of the proof
  ProofFile proof;
  /// What settings say that the proof shows.
  struct Stated {
    std::filesystem::path path;
    GraphSettings settings;
    Statement statement;
  };
  std::optional<Stated> stated;
  std::optional<VkaFile> vka;
};

/// Refuses proofs that no contract accepts, and numbers for people that are not those of the instances; where the vka
/// announces more instances, as the published package's does for private hashes, it warns.
/// errors: Fault::unsatisfied for a proof of another number of instances than the settings call for, or of more than
/// the vka announces; Fault::unsupported for IPA proofs; as read_proof, read_settings and check_pretty_inputs.
CalldataSource read_calldata_source(const std::filesystem::path& proof,
                                    const std::optional<std::filesystem::path>& settings, std::optional<VkaFile> vka);

/// Calldata of verifyProof: with a vka that of the reusable verifier. errors: as evm::encode_calldata, with the proof's
/// path.
std::vector<std::uint8_t> calldata_of(const CalldataSource& source);

/// errors: Fault::unsupported for IPA, which contracts do not verify. `path` names the settings or the proof.
void refuse_ipa(Commitment scheme, const std::filesystem::path& path);

}  // namespace ezkl
