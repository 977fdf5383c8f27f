#pragma once

#include <cstdint>
#include <span>

#include "curve/g1.hpp"

namespace ezkl {

/// A point of G1 to which nobody knows a relation. source: RFC 9380, expand_message_xmd with SHA-256, 48 bytes a field
/// element, the map of Shallue and van de Woestijne with Z = 1; domain "Halo2-Parameters" and the name of the suite
/// "BN254G1_XMD:SHA-256_SVDW_RO_".
G1Affine hash_to_g1(std::span<const std::uint8_t> message);

}  // namespace ezkl
