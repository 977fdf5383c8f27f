#pragma once

#include "base/random.hpp"
#include "field/fr.hpp"

namespace ezkl {

/// Uniform up to a bias below 2^-256: 64 bytes reduced.
Fr random_fr(Random& random);

}  // namespace ezkl
