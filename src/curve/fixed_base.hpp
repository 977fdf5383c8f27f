#pragma once

#include <span>
#include <vector>

#include "curve/g1.hpp"

namespace ezkl {

/// scalars[i] * base for all i. Parallel; one table of multiples serves all scalars, and additions share inversions:
/// about 254 / log2(n) additions a scalar.
std::vector<G1Affine> multiply_base(const G1Affine& base, std::span<const Fr> scalars);

/// points[i] becomes scalars[i] * points[i]. Parallel; about 325 additions a point, which share inversions.
/// errors: Fault::internal when the sizes differ.
void multiply_each(std::span<G1Affine> points, std::span<const Fr> scalars);

}  // namespace ezkl
