#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "curve/g1.hpp"
#include "field/fr.hpp"

namespace ezkl::evm {

/// A commitment of the key. Relations are looked for among the points divided by their units, which must not be zero:
/// the table columns of a range check, divided by their multipliers, are an arithmetic progression.
struct KeyPoint {
  G1Affine point;
  Fr unit = Fr::one();
};

/// Coefficients by index of a point; no index twice, no coefficient zero.
using LinearCombination = std::vector<std::pair<std::size_t, Fr>>;

/// By point: itself as a combination of points that stand for themselves. Relations of at most four points with
/// coefficients 1, -1 and 2 are found, and what follows from them; every one is an equation between points that was
/// checked, so that a weighted sum of all points needs multiplications only of those that stand for themselves. The
/// identity is the empty combination. Earlier points stand for later ones.
std::vector<LinearCombination> key_relations(std::span<const KeyPoint> points);

}  // namespace ezkl::evm
