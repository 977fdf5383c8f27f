#include "graph/claims/kept_maximum.hpp"

#include <algorithm>

#include "graph/claims/compound.hpp"
#include "graph/claims/recorder.hpp"

namespace ezkl::claims {

Kept below_kept_maximum(Writer& w, Tensor x, Tensor keep) {
  boolean(w, keep);
  const Shape shape = w.shape(x);
  const std::size_t n = shape[1];
  const std::size_t axes[] = {1};
  const Interval bounds = w.interval(x);
  // The place of the largest kept element, or of some element where none is kept.
  const Tensor h = w.hint(shape, {x, keep}, [n](std::span<const Values* const> in) {
    const Values &values = *in[0], &kept = *in[1];
    std::vector<Values> chosen(1, Values(values.size(), 0));
    for (std::size_t start = 0; start < values.size(); start += n) {
      std::size_t best = start;
      for (std::size_t i = start; i < start + n; ++i) {
        if (kept[i] != 0 && (kept[best] == 0 || values[i] > values[best])) best = i;
      }
      chosen[0][best] = 1;
    }
    return chosen;
  });
  boolean(w, h);
  const Term one[] = {{1, w.sum(h, axes)}};
  w.zero(one, -1);
  const Tensor any = w.scale(w.is_zero(w.sum(keep, axes)), -1, 1);
  const Term chosen_is_kept[] = {{1, dot_along(w, h, keep, 1)}, {-1, any}};
  w.zero(chosen_is_kept, 0);
  const Tensor m = dot_along(w, h, x, 1);
  w.deduce(m, bounds, {x});  // h is one-hot
  const Tensor below = w.mul(w.sub(w.broadcast(m, shape), x), keep);
  range_from(w, below, 0, std::min(bounds.hi - bounds.lo, decomposition_limit(w.args())));
  return {below, any};
}

}  // namespace ezkl::claims
