#pragma once

#include "graph/claims/claims.hpp"

namespace ezkl::claims {

/// x = sign·magnitude with sign ±1.
struct Signed {
  Tensor sign, magnitude;
};

/// Claims magnitude >= `least`, which is 0 or 1. With 0 either sign will do for x = 0, with 1 there is no such x.
Signed signed_parts(Writer& w, Tensor x, Int128 least);

}  // namespace ezkl::claims
