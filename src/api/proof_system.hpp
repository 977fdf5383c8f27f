#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/loaded_model.hpp"
#include "api/manifest.hpp"
#include "api/verify.hpp"
#include "artifact/proof_file.hpp"
#include "base/profile.hpp"
#include "base/progress.hpp"
#include "commit/commitment_key.hpp"
#include "ezkl/error.hpp"
#include "ezkl/ezkl.hpp"
#include "plonk/constraint_system.hpp"

/// What differs from one proof system to the other, once model, settings and witness are read. What they share, the
/// order of the steps and what users are told, is in setup.cpp, prove.cpp, verify.cpp and mock.cpp.
namespace ezkl {

/// One run of a model: what a witness file says of it.
struct ModelRun {
  const LoadedModel& model;
  const Witness& witness;
  claims::Inputs inputs;
  std::string what;    ///< names the witness
  FileDigest fixed{};  ///< of the values of fixed inputs and outputs
};

/// A pair of keys as their files have them, and what manifests name the verifying one by.
struct MadeKeys {
  std::vector<std::uint8_t> vk, pk;
  std::string vk_sha256;
};

struct KeyOptions {
  bool compress_selectors = true;
  std::uint64_t max_memory = 0;  ///< bytes; 0: the session's
};

/// The files of one proof. `manifest`, if any, is what model, key and setup have to fit.
struct ProverFiles {
  std::filesystem::path pk;
  std::filesystem::path srs;
  std::optional<std::filesystem::path> manifest;
};

/// What checks the openings of proofs, and the path that says where it is from.
struct UsedSetup {
  std::unique_ptr<CommitmentVerifier> verifier;
  std::filesystem::path from;
};

struct MadeProof {
  ProofFile file;  ///< instances, bytes, and what the system says beside them
  std::vector<claims::Felts> outputs;
};

class ProofSystemBackend {
 public:
  virtual ~ProofSystemBackend() = default;

  /// Whether the values that a witness fixes stand among the model's claims, as constants; else its keys alone hold
  /// them.
  virtual bool claims_fixed_values() const = 0;
  /// Refuses settings that have no place for all claims of the model. errors: as check_room or relations::make_plan;
  /// Fault::limit above the session's bound.
  virtual void check_fits(const claims::Record& record, const GraphSettings& settings) const = 0;
  /// The constraint system whose columns commitments of a witness are laid out in; an empty one where proofs show none.
  virtual plonk::ConstraintSystem committed_system(const LoadedModel& model) const = 0;

  /// `run` where inputs or outputs are fixed; else null. errors: Fault::limit; as the system's keygen.
  virtual MadeKeys make_keys(const LoadedModel& model, const ModelRun* run, const CommitmentKey& setup,
                             const KeyOptions& options, Phase& phase) const = 0;
  /// The bytes of the verifying key that a proving key holds. errors: Fault::format.
  virtual std::vector<std::uint8_t> verifying_key_of(const std::filesystem::path& pk,
                                                     const GraphSettings& settings) const = 0;
  /// Outputs of the witness are checked against those of the model, and the instances against the settings.
  /// errors: Fault::unsatisfied for a witness that is false; Fault::format for files that do not belong together.
  virtual MadeProof prove(const ModelRun& run, const ProverFiles& files, const ProveOptions& options,
                          Phase& phase) const = 0;
  /// `max_memory` as in KeyOptions. errors: Fault::unsatisfied, naming what does not hold; Fault::limit.
  virtual void mock(const ModelRun& run, std::uint64_t max_memory) const = 0;
  /// How long the phases of setup and of prove are predicted to take; none where that is not known.
  virtual std::vector<PhaseCost> setup_phases(const GraphSettings& settings) const = 0;
  virtual std::vector<PhaseCost> proving_phases(const GraphSettings& settings) const = 0;

  /// Reads a verifying key into a circuit that has its settings and statement. errors: Fault::io; Fault::format for a
  /// key that is none of these settings.
  virtual void read_key(LoadedCircuit& circuit, const std::filesystem::path& settings,
                        const std::filesystem::path& vk) const = 0;
  virtual std::string key_sha256(const LoadedCircuit& circuit) const = 0;
  /// The setup that a key was made with, without its bases: `srs`, else what lies at the default place or is in the
  /// key. `vk` names the key. errors: Fault::unsatisfied for an SRS that is not the one in such a key; Fault::format
  /// for a key of another scheme than the settings'; those of the SRS file.
  virtual SetupIdentity identity_of(const LoadedCircuit& circuit, const std::optional<std::filesystem::path>& srs,
                                    const std::filesystem::path& vk) const = 0;
  /// What a proof is checked with. errors: Fault::format for a proof, key or SRS of another scheme or kind;
  /// Fault::range for an SRS of another size; those of the SRS file.
  virtual UsedSetup setup_of(const LoadedCircuit& circuit, const ProofFile& proof, const VerifyFiles& files) const = 0;
  /// What does not hold of a proof, or nothing.
  virtual std::optional<std::string> refusal(const LoadedCircuit& circuit, const ProofFile& proof,
                                             const CommitmentVerifier& setup) const = 0;
  /// Whether proofs hide what they do not show.
  virtual bool hides() const = 0;
};

/// The one that these settings call for.
const ProofSystemBackend& backend_of(const RunArgs& args);
const ProofSystemBackend& plonk_backend();
const ProofSystemBackend& sumcheck_backend();

/// A run as a witness of the model has it; fixed values become part of the model. Refers to both. errors: as
/// witness_inputs and fix_values_of.
ModelRun run_of(const Witness& witness, LoadedModel& model, const std::filesystem::path& witness_path);

/// What a proving key says it was made for has to be what is proved. `pk` names the key.
/// errors: Fault::format for a key of another compiled model.
void check_model_of_key(const FileDigest& of_key, const LoadedModel& model, const std::filesystem::path& pk);
/// errors: Fault::unsatisfied for a key of other fixed values.
void check_values_of_key(const FileDigest& of_key, const ModelRun& run, const std::filesystem::path& pk);
/// A proving key whose setup is not the one given.
Error key_of_other_setup(const std::filesystem::path& pk);

/// errors: Fault::unsatisfied unless model, key and setup are those that the manifest of `files` tells of.
void check_against(const ProverFiles& files, const LoadedModel& model, const std::string& key_sha256,
                   const SetupIdentity& setup);

/// A proof that its own key refuses, and why it does: key or setup are not what setup wrote.
Error unverified(const ProverFiles& files, const std::string& reason);

}  // namespace ezkl
