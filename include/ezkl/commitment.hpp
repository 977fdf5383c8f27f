#pragma once

#include <cstdint>

namespace ezkl {

/// How polynomials are committed to and opened. kzg: short proofs, checked in constant time, with a setup from a
/// ceremony. ipa: inner products, as in releases 21 and 22 of the published package; no secret, a proof longer by
/// 2 logrows points, and a check that takes time in the number of rows.
enum class Commitment : std::uint8_t { kzg, ipa };

}  // namespace ezkl
