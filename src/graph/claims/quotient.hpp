#pragma once

#include "graph/claims/claims.hpp"

namespace ezkl::claims {

/// c·x / y rounded half away from zero, c > 0, broadcast as in numpy. 0 counts as the smallest divisor there is, 1.
Tensor quotient(Writer& w, Tensor x, Tensor y, Int128 c);

}  // namespace ezkl::claims
