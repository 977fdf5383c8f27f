#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/loaded_model.hpp"
#include "api/verify.hpp"
#include "artifact/proof_file.hpp"
#include "base/profile.hpp"
#include "base/progress.hpp"
#include "commit/commitment_key.hpp"
#include "ezkl/ezkl.hpp"

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

struct MadeProof {
  ProofFile file;  ///< instances, bytes, and what the system says beside them
  std::vector<claims::Felts> outputs;
};

class ProofSystemBackend {
 public:
  virtual ~ProofSystemBackend() = default;

  /// `run` where inputs or outputs are fixed; else null. errors: Fault::limit; as the system's keygen.
  virtual MadeKeys make_keys(const LoadedModel& model, const ModelRun* run, const CommitmentKey& setup,
                             const KeyOptions& options, Phase& phase) const = 0;
  /// The bytes of the verifying key that a proving key holds. errors: Fault::format.
  virtual std::vector<std::uint8_t> verifying_key_of(const std::filesystem::path& pk,
                                                     const GraphSettings& settings) const = 0;
  /// Outputs of the witness are checked against those of the model, and the instances against the settings.
  /// errors: Fault::unsatisfied for a witness that is false; Fault::format for files that do not belong together
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
  /// What checks the openings of a proof, and the path that says where it is from.
  virtual std::unique_ptr<CommitmentVerifier> setup_of(const LoadedCircuit& circuit, const ProofFile& proof,
                                                       const VerifyFiles& files, std::filesystem::path& from) const = 0;
  /// What does not hold, or nothing.
  virtual std::optional<std::string> refusal(const LoadedCircuit& circuit, const ProofFile& proof,
                                             const CommitmentVerifier& setup) const = 0;
  /// Whether proofs hide what they do not show.
  virtual bool hides() const = 0;
};

/// The one that these settings call for.
const ProofSystemBackend& backend_of(const RunArgs& args);
const ProofSystemBackend& plonk_backend();
const ProofSystemBackend& sumcheck_backend();

/// errors: Fault::unsatisfied unless model, key and setup are those that the manifest of `files` tells of.
void check_against(const ProverFiles& files, const LoadedModel& model, const std::string& key_sha256,
                   const SetupIdentity& setup);

/// A proof that its own key refuses, and why it does: key or setup are not what setup wrote.
Error unverified(const ProverFiles& files, const std::string& reason);

}  // namespace ezkl
