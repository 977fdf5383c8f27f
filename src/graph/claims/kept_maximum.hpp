#pragma once

#include "graph/claims/claims.hpp"

namespace ezkl::claims {

/// What below_kept_maximum makes of lines [lines, n]: how far each kept element stands below the largest kept one of
/// its line, 0 elsewhere; and whether a line keeps any [lines, 1].
struct Kept {
  Tensor below, any;
};

/// `x` and `keep` have one shape [lines, n]; keep is 0 or 1 (claimed here unless proven).
Kept below_kept_maximum(Writer& w, Tensor x, Tensor keep);

}  // namespace ezkl::claims
