#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "api/loaded_model.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/manifest_file.hpp"
#include "circuit/settings.hpp"
#include "commit/commitment_key.hpp"
#include "plonk/keys.hpp"

namespace ezkl {

/// SHA-256 of timeless_text, 64 hexadecimal digits.
std::string settings_sha256(const GraphSettings& settings);

/// SHA-256 of a verifying key in raw form, which is that of vk.key unless EZKL_KEY_FORMAT asked for another form.
std::string key_sha256(const plonk::VerifyingKey& vk);

/// A model with the names and digests of the files it was read from, of the bytes that were read.
struct DigestedModel {
  ModelDef model;
  std::vector<NamedDigest> files;  ///< in the order of model_digests
};
/// read_model with digests. errors: as read_onnx.
DigestedModel read_digested_model(const std::filesystem::path& path, std::uint64_t max_model_size);

/// An ONNX file and its files of external data, by name. errors: as read_onnx.
std::vector<NamedDigest> model_digests(const std::filesystem::path& model);

/// What tells one setup from another.
struct SetupIdentity {
  explicit SetupIdentity(const CommitmentKey& setup);
  explicit SetupIdentity(const CommitmentVerifier& setup);

  Commitment scheme;
  std::string fingerprint;  ///< hexadecimal
  SetupOrigin origin;
};

/// A manifest of what a verifier has; the model is unknown.
Manifest manifest_of(const GraphSettings& settings, const std::string& key_sha256, const SetupIdentity& setup);
/// Adds what only the compiled model tells: file digests, names and shapes, and, of a circuit, that the key's cells are
/// laid out as this program lays them. The model must have been read from a file.
void add_model(Manifest& manifest, const CompiledModel& model);

/// Adds what every proof of the model shows of hashed or committed parameters.
void add_params(Manifest& manifest, const LoadedModel& model, const CommitmentKey& setup);

/// Where the manifest of a key lies: vk.key has vk.manifest.json beside it.
std::filesystem::path manifest_path(const std::filesystem::path& vk);

/// Refuses to write the manifest of a key where that of another one lies: vk.key and vk.bin would share theirs.
/// errors: Fault::usage, naming the other key.
void refuse_manifest_of_other_key(const std::filesystem::path& vk);

/// Which manifest is meant: a named file, or the one beside the key; with a digest, only the one of that SHA-256.
struct ManifestChoice {
  std::optional<std::filesystem::path> file;
  std::optional<std::string> digest;
  bool is_given() const { return file || digest; }
};

/// How far settings, key and setup are known to be those of the key's maker.
enum class Trust : std::uint8_t {
  on_trust,    ///< there is no manifest: whoever gave the settings decides what the proof's numbers mean
  consistent,  ///< a manifest lies beside the key and fits: nothing was exchanged by mistake, a forger can exchange all
  pinned,      ///< a manifest that the caller named or whose digest it knows fits
};

struct TrustReport {
  Trust trust = Trust::on_trust;
  bool by_digest = false;            ///< pinned by a digest, and not by a file that was named alone
  std::filesystem::path file;        ///< of the manifest
  std::optional<ManifestFile> with;  ///< unless on_trust
  const Manifest* manifest() const { return with ? &with->manifest : nullptr; }
};

/// The paths of what is compared, for messages.
struct ComparedFiles {
  std::filesystem::path settings, vk, setup;
};

/// Compares settings, key and setup with the key's manifest.
/// errors  Fault::unsatisfied saying what differs; Fault::io when a manifest was asked for and there is none; as
///         read_manifest
TrustReport check_manifest(const ManifestChoice& choice, const ComparedFiles& files, const GraphSettings& settings,
                           const std::string& key_sha256, const SetupIdentity& setup);

/// Warns whoever verifies, or makes a contract that does, of what settings leave open: hashes that a key may not bind,
/// values without range checks, parameters, and with the key's manifest, if there is one, trees that are not hidden.
void warn_of_what_is_open(const RunArgs& args, const Manifest* manifest);

/// Says what the report means; where everything is taken on trust, as a warning. `vk` names the key.
void log_trust(const TrustReport& report, const std::filesystem::path& vk);

}  // namespace ezkl
