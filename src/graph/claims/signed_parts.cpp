#include "graph/claims/signed_parts.hpp"

#include <algorithm>

#include "graph/claims/compound.hpp"
#include "graph/claims/hint_values.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/recorder.hpp"

namespace ezkl::claims {

Signed signed_parts(Writer& w, Tensor x, Int128 least) {
  const Tensor n = hint_of(w, x, [](Int128 v) { return Int128{v < 0}; });
  boolean(w, n);
  const Tensor sign = w.scale(n, -2, 1), product = w.mul(sign, x);
  const Int128 most = std::min(magnitude(w.expected(x)), decomposition_limit(w.args()));
  range_from(w, product, least, std::max(least, most));
  return {sign, product};
}

}  // namespace ezkl::claims
