#pragma once

#include "curve/g2.hpp"

namespace ezkl {

/// [s]G2 of the public ceremony's setup, the perpetual powers of tau as get-srs fetches them: with the generators of
/// both groups it is all that a KZG verifier reads of a setup, so a setup with these three points is the ceremony's.
const G2Affine& ceremony_s_g2();

}  // namespace ezkl
