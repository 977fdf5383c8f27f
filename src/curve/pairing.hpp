#pragma once

#include <span>
#include <utility>

#include "curve/g1.hpp"
#include "curve/g2.hpp"
#include "field/fq12.hpp"

namespace ezkl {

/// The optimal ate pairing of BN254. Arguments must be on their curves and in the subgroup.
Fq12 pairing(const G1Affine& p, const G2Affine& q);

/// Whether the product of e(P_i, Q_i) is 1; one final exponentiation for all pairs.
bool pairing_product_is_one(std::span<const std::pair<G1Affine, G2Affine>> pairs);

}  // namespace ezkl
