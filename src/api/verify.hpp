#pragma once

#include <filesystem>
#include <optional>

#include "plonk/verifier.hpp"

namespace ezkl {

/// The files that one verification reads.
struct VerifyFiles {
  std::filesystem::path proof, settings, vk, srs;
  /// Takes an SRS file of any size of the same ceremony; otherwise it must be as large as the circuit.
  bool reduced_srs = false;
};

/// Checks a proof file: its bytes against the key that the settings and vk.key make, and what it says for people against
/// its instances. A proof that does not hold is a verdict with a reason; files that cannot be read or do not belong
/// together are errors (Fault::io, Fault::format, Fault::unsupported, Fault::range).
plonk::Verdict verify(const VerifyFiles& files);

/// The files by their paths; without `srs` the default place for the circuit's size, or for k = 1 when any size will do.
/// errors: Fault::io when nothing lies there; as read_settings.
VerifyFiles verify_files(const std::filesystem::path& proof, const std::filesystem::path& settings,
                         const std::filesystem::path& vk, const std::optional<std::filesystem::path>& srs,
                         bool reduced_srs);

}  // namespace ezkl
