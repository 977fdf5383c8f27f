#include "graph/claims/quotient.hpp"

#include <algorithm>
#include <optional>

#include "graph/claims/compound.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/claims/signed_parts.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::claims {
namespace {

/// As signed_parts; no sign where x is proven to be `least` or more.
struct Parts {
  std::optional<Tensor> sign;
  Tensor magnitude;
};

Parts parts_of(Writer& w, Tensor x, Int128 least) {
  if (w.interval(x).lo >= least) return {std::nullopt, x};
  const Signed parts = signed_parts(w, x, least);
  return {parts.sign, parts.magnitude};
}

/// y, and 1 where y is 0: a divisor whose sign is certain.
Tensor nonzero(Writer& w, Tensor y) {
  const Interval bounds = w.interval(y);
  if (bounds.lo > 0 || bounds.hi < 0) return y;
  const Tensor divisor = w.add(y, w.is_zero(y));
  if (bounds.lo == 0) w.deduce(divisor, {1, std::max<Int128>(1, bounds.hi)}, {y});  // 1 is added where y is 0
  return divisor;
}

}  // namespace

Tensor quotient(Writer& w, Tensor x, Tensor y, Int128 c) {
  const Parts a = parts_of(w, x, 0), d = parts_of(w, nonzero(w, y), 1);
  const Int128 limit = decomposition_limit(w.args());
  const Int128 widest = std::max<Int128>(1, std::min(w.interval(d.magnitude).hi, limit));
  const Shape shape = broadcast_shape(w.shape(x), w.shape(y));
  const Tensor b = w.broadcast(d.magnitude, shape), n = w.broadcast(a.magnitude, shape);
  const Tensor m = w.hint(shape, {n, b}, [c](std::span<const Values* const> in) {
    std::vector<Values> quotients(1, *in[0]);
    for (std::size_t i = 0; i < in[0]->size(); ++i) {
      quotients[0][i] = (*in[1])[i] <= 0 ? 0 : divide_half_away(c * (*in[0])[i], (*in[1])[i]);
    }
    return quotients;
  });
  const Int128 most = divide_half_away(claims::scale(w.interval(n), c).hi, std::max<Int128>(1, w.interval(b).lo));
  range_from(w, m, 0, std::min(most, limit));
  // 2c·|x| + b = 2b·m + t with 0 <= t < 2b.
  const Term rest[] = {{2 * c, n}, {1, b}, {-2, w.mul(m, b)}};
  const Tensor t = w.linear(rest, 0);
  range_from(w, t, 0, 2 * widest - 1);
  const Term gap[] = {{2, b}, {-1, t}};
  range_from(w, w.linear(gap, -1), 0, 2 * widest - 1);
  w.deduce(m, {0, most}, {n, b});  // m = ⌊(2c·|x| + b) / 2b⌋, largest for the largest |x| and the smallest b
  Tensor q = m;
  if (a.sign) q = w.mul(*a.sign, q);
  if (d.sign) q = w.mul(*d.sign, q);
  const Int128 bound = w.interval(m).hi;
  w.deduce(q, {a.sign || d.sign ? -bound : 0, bound}, {m});  // ±m
  return q;
}

}  // namespace ezkl::claims
