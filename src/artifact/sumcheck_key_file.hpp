#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "artifact/envelope.hpp"
#include "circuit/settings.hpp"
#include "relations/plan.hpp"
#include "relations/protocol.hpp"

namespace ezkl {

using SettingsDigest = std::array<std::uint8_t, 32>;

/// vk.key of the sumcheck proof system: which settings, plan, rows of keyed tensors, the bases the verifier computes
/// with.
struct SumcheckKey {
  /// Of all that the settings say: what the integers of a proof mean, scales and shapes and visibilities, is theirs to
  /// say, so a proof of the key is one under these settings and no others.
  SettingsDigest settings{};
  relations::Plan plan;
  relations::VerifyingKey key;
};

/// SHA-256 of the settings' text as this program writes it, without the timestamp.
SettingsDigest settings_digest(const GraphSettings& settings);

/// The payload, canonical: equal keys have equal bytes. What only a prover reads of a plan (where values come from) is
/// not in it.
std::vector<std::uint8_t> sumcheck_key_payload(const SumcheckKey& key);
/// What the transcript begins with: Keccak-256 of "EZKL-CPP sumcheck key 1" and the payload, reduced.
Fr sumcheck_key_digest(std::span<const std::uint8_t> payload);

/// The bytes of vk.key.
std::vector<std::uint8_t> sumcheck_key_bytes(const SumcheckKey& key);
/// The key, its digest computed; for verifying only: the plan has no recipes.
/// errors: Fault::format, beginning with `what`, for another kind of file, for sizes and numbers that do not fit
/// (before anything of their size is made), points off the curve, and a plan that cannot be run
SumcheckKey parse_sumcheck_key(std::span<const std::uint8_t> bytes, const std::string& what);
/// Whether bytes say that they are such a file.
bool is_sumcheck_key(std::span<const std::uint8_t> bytes);

/// pk.key of the sumcheck system: the verifying key and what it was made from. The prover makes the plan anew from the
/// compiled model; the key says whether it is the same.
struct SumcheckProvingKey {
  FileDigest model{};  ///< CompiledModel::digest
  FileDigest fixed{};  ///< of the values of fixed inputs and outputs
  SumcheckKey key;     ///< its plan without recipes, when it was read
};
std::vector<std::uint8_t> sumcheck_proving_key_bytes(const SumcheckProvingKey& key);
/// errors: as parse_sumcheck_key, in words that fit a proving key of PLONK and other files
SumcheckProvingKey parse_sumcheck_proving_key(std::span<const std::uint8_t> bytes, const std::string& what);
/// Whether bytes say that they are such a file.
bool is_sumcheck_proving_key(std::span<const std::uint8_t> bytes);

}  // namespace ezkl
