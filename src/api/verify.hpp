#pragma once

#include <filesystem>
#include <optional>

#include "api/manifest.hpp"
#include "api/verify_report.hpp"
#include "artifact/proof_file.hpp"
#include "artifact/sumcheck_key_file.hpp"
#include "circuit/configure.hpp"
#include "plonk/keys.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// The files that one verification reads.
struct VerifyFiles {
  std::filesystem::path proof, settings, vk;
  /// Without it, the setup lies at the default place for the circuit's size, or for k = 1 when any size will do.
  std::optional<std::filesystem::path> srs;
  /// Takes an SRS file of any size of the same ceremony; otherwise it must be as large as the circuit.
  bool reduced_srs = false;
  ManifestChoice manifest = {};
  /// Whether the caller says itself how far settings and key are known: a split does, of all its parts.
  bool known = false;
  /// What the proof must be about, if it is not accepted for any: paths or JSON text.
  std::optional<std::string> input = {}, output = {};
};

/// A circuit as its verifier knows it: what the settings say, and the key that they and vk.key make.
struct LoadedCircuit {
  GraphSettings settings;
  Statement statement;
  ConfiguredCircuit circuit;            ///< PLONK
  plonk::VerifyingKey vk;               ///< PLONK
  std::optional<SumcheckKey> sumcheck;  ///< that of the other system
};

/// Reads each of the two files once. errors: as read_settings, configure, statement_of and read_verifying_key.
LoadedCircuit load_circuit(const std::filesystem::path& settings, const std::filesystem::path& vk);

/// Checks a proof file: its bytes against the key that the settings and vk.key make, its instances against the
/// statement that the settings give, and what it says for people against its instances. A proof that does not hold is a
/// report with a reason, and so is one that is about other values than `files` ask for, or shows nothing of them; files
/// that cannot be read or do not belong together are errors (Fault::io, Fault::format, Fault::unsupported,
/// Fault::range).
VerifyReport verify(const VerifyFiles& files);

/// The same of what was read before, for callers that say more of the same bytes. Of `files` only the setup is read,
/// the others are names for messages; what `input` and `output` name is read too.
VerifyReport verify(const LoadedCircuit& circuit, const ProofFile& proof, const VerifyFiles& files);

}  // namespace ezkl
