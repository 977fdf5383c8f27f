#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "plonk/keys.hpp"

namespace ezkl {

/// How points stand in key files. A file does not say which one it uses.
enum class KeyFormat : std::uint8_t {
  raw,        ///< both coordinates as Montgomery limbs
  processed,  ///< compressed points
};

/// The session's key_format: raw-bytes (default), raw-bytes-unchecked (the same bytes) or processed.
/// errors: Fault::usage for another value.
KeyFormat key_format();

/// The bytes of vk.key. source: docs/spec/proof-protocol.md 3.2
std::vector<std::uint8_t> verifying_key_bytes(const plonk::VerifyingKey& vk, KeyFormat format);

/// Reads a key from the front of `reader`. Everything but commitments and selector rows comes from `cs`, and
/// the key digest is computed. errors: Fault::format for anything that does not fit `cs` and 2^logrows rows, and for
/// points off the curve.
plonk::VerifyingKey parse_verifying_key(ByteReader& reader, const plonk::ConstraintSystem& cs, unsigned logrows,
                                        KeyFormat format);

/// Reads vk.key, which must hold nothing else. errors: Fault::io; as parse_verifying_key.
plonk::VerifyingKey read_verifying_key(const std::filesystem::path& path, const plonk::ConstraintSystem& cs,
                                       unsigned logrows, KeyFormat format);

}  // namespace ezkl
