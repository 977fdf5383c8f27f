#pragma once

#include <optional>
#include <span>
#include <string>

#include "commit/srs.hpp"

namespace ezkl {

/// Whether values committed to over the Lagrange basis give what their polynomial gives over the powers, for random
/// values: bases that do not belong together pass with a chance of one in r.
bool belong_together(unsigned k, std::span<const G1Affine> g, std::span<const G1Affine> lagrange);

/// What is wrong with the points of a setup, of which reading it shows only that they are on the curve; nothing when
/// all are powers of the secret that its verifier's points hide, and the Lagrange basis is theirs.
///
/// Openings are checked with the verifier's points alone. Keys, and commitments that are compared, are made of all:
/// over other ones they can be those of any other values.
std::optional<std::string> setup_refusal(const Srs& srs);

}  // namespace ezkl
