#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/sha256_text.hpp"
#include "commit/commitment_key.hpp"
#include "ezkl/run_args.hpp"
#include "statement/order.hpp"
#include "tensor/shape.hpp"

namespace ezkl {

/// A tensor of the model's interface. What only the compiled model tells is absent for keys that were made elsewhere.
struct ManifestTensor {
  std::optional<std::string> name;
  std::optional<Shape> shape;
  std::optional<std::string> type;  ///< Bool F16 F32 F64 Int TDim Unknown
  int scale = 0;
  bool operator==(const ManifestTensor&) const = default;
};

/// vk.manifest.json: which settings, model and setup a verifying key belongs to. The file's bytes follow from its
/// content alone, so that one SHA-256 stands for all of it.
struct Manifest {
  std::string program;                  ///< version of the program that wrote it
  std::string settings;                 ///< settings_sha256
  std::string key;                      ///< key_sha256
  std::optional<std::string> compiled;  ///< SHA-256 of model.compiled
  std::vector<NamedDigest> model;       ///< the ONNX file that was compiled, then its files of external data
  std::optional<std::uint32_t> layout;  ///< layout_version of the circuit's cells
  ProofSystem system = ProofSystem::plonk;  ///< in the file where it is another
  Commitment scheme = Commitment::kzg;
  std::string setup;  ///< CommitmentVerifier::fingerprint, hexadecimal; empty for IPA
  SetupOrigin origin = SetupOrigin::unknown;
  Visibility input_visibility, param_visibility, output_visibility;
  std::optional<bool> trees;         ///< has_trees of the compiled model
  /// Of parameters that are hashed or polycommit: what every proof of this model shows of them, as big_felt_text
  /// and point_text. So the digest binds a model that its key does not.
  std::optional<std::string> params_hash;
  std::vector<std::string> params_commitments;
  bool range_checks_waived = false;  ///< run_args.ignore_range_check_inputs_outputs
  std::vector<ManifestTensor> inputs, outputs;
  bool operator==(const Manifest&) const = default;
  /// Whether its proofs hide what they do not show.
  bool hides() const { return system == ProofSystem::plonk; }
};

/// "public ceremony", "unknown", "no secret"
std::string origin_name(SetupOrigin origin);

/// The file's bytes: compact JSON in a fixed order. Names are brought to valid UTF-8.
std::string manifest_text(const Manifest& manifest);

/// `what` names the source in errors. errors: Fault::unsupported for another format; Fault::format, naming the field,
/// for anything but the bytes that manifest_text gives.
Manifest parse_manifest(std::string_view text, const std::string& what);

/// A manifest and the SHA-256 of its file. errors: Fault::io; as parse_manifest.
struct ManifestFile {
  Manifest manifest;
  std::string digest;
};
ManifestFile read_manifest(const std::filesystem::path& path);

}  // namespace ezkl
