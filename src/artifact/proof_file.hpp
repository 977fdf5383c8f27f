#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/pretty_elements.hpp"
#include "ezkl/run_args.hpp"
#include "field/fr.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// proof.json (docs/spec/artifacts.md 5).
struct ProofFile {
  /// Which of the commitments at the front of the proof belong to the model's outputs.
  struct Split {
    std::size_t start = 0, end = 0;
    bool operator==(const Split&) const = default;
  };

  ProofSystem system = ProofSystem::plonk;
  bool zero_knowledge = true;              ///< what the file says; the key decides. Only in files of other systems
  std::vector<std::vector<Fr>> instances;  ///< one list per instance column
  std::vector<std::uint8_t> proof;
  std::optional<Split> split;
  /// Releases up to 22 name the transcript ("EVM") and, with IPA, want to be told the scheme; later ones read neither.
  bool names_transcript = false;
  std::optional<Commitment> commitment;
  std::optional<PrettyElements> pretty;    ///< what is public, for people; see check_pretty_inputs
  std::optional<Int128> timestamp;         ///< milliseconds since 1970
  std::optional<std::string> version;      ///< of the writer
};

/// Proofs of the sumcheck system have `protocol` "sumcheck/1", no list of bytes beside the hexadecimal ones, no
/// `split`, and say whether they are zero-knowledge. source: docs/spec/sumcheck.md 1.5
///
/// `what` names the source in errors; `wanted` is the system that settings call for, or none where either will do.
/// Stricter than the published reader: a `hex_proof` that differs from `proof` is
/// refused. errors: Fault::format; Fault::unsupported for proofs of other kinds (`protocol`, Poseidon transcript), and
/// of another system than the one wanted.
ProofFile parse_proof(std::string_view text, const std::string& what,
                      std::optional<ProofSystem> wanted = ProofSystem::plonk);

/// errors: Fault::io; as parse_proof.
ProofFile read_proof(const std::filesystem::path& path, std::optional<ProofSystem> wanted = ProofSystem::plonk);

/// Compact JSON with the published package's keys and order, for PLONK.
std::string proof_text(const ProofFile& file);

/// A proof's instances. errors: Fault::format when it has more columns of them than a circuit, or none.
std::span<const Fr> instance_column(const ProofFile& file);

/// Refuses values for people that tell another story than the instances: the lists must hold the instances of the
/// statement's tensors, and the rescaled ones their signed integers divided by two to the settings' scales. Nothing to do
/// without them. errors: Fault::format.
void check_pretty_inputs(const ProofFile& file, const Statement& statement);

}  // namespace ezkl
