#include "graph/claims/compound.hpp"

#include <algorithm>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/hint_values.hpp"
#include "graph/claims/interval.hpp"
#include "graph/claims/recorder.hpp"

namespace ezkl::claims {
namespace {

/// All-equal constant of a shape.
Tensor constant_of(Writer& w, const Shape& shape, Int128 value) {
  return w.constant(shape, Values(volume(shape), value));
}

/// Σ terms + c as a new tensor.
Tensor combine(Writer& w, std::initializer_list<Term> terms, Int128 c = 0) {
  return w.linear(std::span(terms.begin(), terms.size()), c);
}

/// With g in {0, 1} chosen by the prover: p = g·e and the claim 2p - e >= 0, which is |e| unless e = 0, where either g
/// will do because p does not depend on it.
Tensor positive_part(Writer& w, Tensor e) {
  if (w.nonnegative(e)) return e;
  if (w.nonpositive(e)) return constant_of(w, w.shape(e), 0);
  const Interval bounds = w.expected(e);
  if (const SignParts* parts = w.sign_parts(e)) {
    const Tensor out = combine(w, {{1, parts->magnitude}, {-1, parts->part}});
    w.deduce(out, {0, bounds.hi}, {e});  // out = magnitude or 0, as e = ±magnitude: max(e, 0)
    return out;
  }
  const Tensor g = hint_of(w, e, [](Int128 x) { return Int128{x > 0}; });
  boolean(w, g);
  const Tensor p = w.mul(g, e);
  const Tensor size = combine(w, {{2, p}, {-1, e}});
  range_from(w, size, 0, std::min(magnitude(bounds), decomposition_limit(w.args())));
  w.deduce(p, {0, w.expected(size).hi}, {size});  // p is 0, or g = 1 and p = e = size
  w.deduce(p, {0, bounds.hi}, {e});               // p = max(e, 0)
  return p;
}

/// Where a line along an axis starts: lines of `n` elements, `inner` apart.
std::size_t line_start(std::size_t line, std::size_t n, std::size_t inner) {
  return line / inner * inner * n + line % inner;
}

/// Position in its line of the first (`last`: of the last) maximum.
std::size_t best_of(const Values& x, std::size_t start, std::size_t n, std::size_t inner, bool last) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < n; ++k) {
    const Int128 a = x[start + k * inner], b = x[start + best * inner];
    if (a > b || (last && a == b)) best = k;
  }
  return best;
}

}  // namespace

void range_from(Writer& w, Tensor x, Int128 lo, Int128 least_hi) {
  const Int128 base = static_cast<Int128>(w.args().decomp_base);
  const Int128 width = least_hi - lo <= 1 ? 2 : power_above(base, least_hi - lo);
  w.range(x, {lo, lo + width - 1});
}

void range_around(Writer& w, Tensor x, Interval wanted) {
  const Int128 limit = decomposition_limit(w.args()), base = static_cast<Int128>(w.args().decomp_base);
  wanted = {std::max(wanted.lo, -limit), std::min(wanted.hi, limit)};
  if (wanted.lo >= 0) return range_from(w, x, 0, wanted.hi);
  if (wanted.hi <= 0) return w.range(x, {1 - power_above(base, -wanted.lo), 0});
  for (Int128 width = base; width <= limit + 1; width = power_above(base, width)) {
    const Int128 below = width / 2;
    if (wanted.lo >= -below && wanted.hi <= width - 1 - below) return w.range(x, {-below, width - 1 - below});
  }
  w.range(x, {-limit, limit});
}

void boolean(Writer& w, Tensor x) { w.range(x, {0, 1}); }

Tensor greater(Writer& w, Tensor x, Tensor y) {
  const Tensor e = w.sub(x, y);
  const Interval bounds = w.expected(e);
  if (w.is_proven(e) && bounds.lo > 0) return constant_of(w, w.shape(e), 1);
  if (w.nonpositive(e)) return constant_of(w, w.shape(e), 0);
  const Tensor g = hint_of(w, e, [](Int128 v) { return Int128{v > 0}; });
  boolean(w, g);
  const Tensor p = w.mul(g, e);
  // g = 1: e - 1 >= 0; g = 0: -e >= 0.
  const Tensor margin = combine(w, {{2, p}, {-1, e}, {-1, g}});
  range_from(w, margin, 0, std::min(std::max(bounds.hi - 1, -bounds.lo), decomposition_limit(w.args())));
  return g;
}

Tensor equals(Writer& w, Tensor x, Tensor y) { return w.is_zero(w.sub(x, y)); }

Tensor select(Writer& w, Tensor g, Tensor a, Tensor b) {
  boolean(w, g);
  const Tensor step = w.mul(g, w.sub(a, b));
  const Tensor out = w.add(b, step);
  if (w.is_field(a) || w.is_field(b)) return out;
  w.deduce(out, hull(w.expected(a), w.expected(b)), {a, b});  // one of the two, because g is 0 or 1
  return out;
}

Tensor relu(Writer& w, Tensor x) { return positive_part(w, x); }

Tensor max_of(Writer& w, Tensor x, Tensor y) {
  const Interval a = w.expected(x), b = w.expected(y);
  const Tensor out = w.add(y, positive_part(w, w.sub(x, y)));
  w.deduce(out, {std::max(a.lo, b.lo), std::max(a.hi, b.hi)}, {x, y});  // y + max(x - y, 0)
  return out;
}

Tensor min_of(Writer& w, Tensor x, Tensor y) {
  const Interval a = w.expected(x), b = w.expected(y);
  const Tensor out = w.sub(x, positive_part(w, w.sub(x, y)));
  w.deduce(out, {std::min(a.lo, b.lo), std::min(a.hi, b.hi)}, {x, y});  // x - max(x - y, 0)
  return out;
}

Tensor absolute(Writer& w, Tensor x) {
  if (w.nonnegative(x)) return x;
  if (w.nonpositive(x)) return w.scale(x, -1);
  if (const SignParts* parts = w.sign_parts(x)) return parts->magnitude;
  const Interval bounds = w.expected(x);
  const Tensor out = combine(w, {{2, positive_part(w, x)}, {-1, x}});
  w.deduce(out, {0, magnitude(bounds)}, {x});  // 2·max(x, 0) - x = |x|
  return out;
}

Tensor sign(Writer& w, Tensor x) {
  const Interval bounds = w.expected(x);
  const Tensor other = w.scale(w.is_zero(x), -1, 1);
  if (w.nonnegative(x)) return other;
  if (w.nonpositive(x)) return w.scale(other, -1);
  const Tensor g = hint_of(w, x, [](Int128 v) { return Int128{v > 0}; });
  boolean(w, g);
  range_from(w, combine(w, {{2, w.mul(g, x)}, {-1, x}}), 0, std::min(magnitude(bounds), decomposition_limit(w.args())));
  const Tensor out = combine(w, {{2, w.mul(g, other)}, {-1, other}});
  w.deduce(out, {-1, 1}, {g, other});  // (2g - 1)·other, both 0 or 1
  return out;
}

Tensor dot_along(Writer& w, Tensor a, Tensor b, std::size_t axis) {
  const Shape shape = w.shape(a);
  Shape out = shape;
  out[axis] = 1;
  View left{a, out, std::vector<AxisMap>(shape.size()), 0};
  left.extents.push_back(shape[axis]);
  for (std::size_t k = 0; k < shape.size(); ++k) {
    left.axes[k].strides = {{static_cast<std::uint32_t>(k == axis ? shape.size() : k), 1}};
  }
  View right = left;
  right.source = b;
  const View factors[] = {left, right};
  return w.contract(out, {shape[axis]}, factors);
}

Tensor maximum(Writer& w, Tensor x, std::size_t axis) {
  const Shape shape = w.shape(x);
  const std::size_t n = shape[axis];
  if (n == 1) return x;
  const Interval bounds = w.expected(x);
  const auto slice = [&](std::size_t k) {
    View view = w.identity(x);
    view.extents[axis] = 1;
    view.axes[axis] = {static_cast<std::int64_t>(k), {}};
    return w.view(view);
  };
  if (n == 2) return max_of(w, slice(0), slice(1));

  const std::size_t inner = strides(shape)[axis];
  const Tensor h = w.hint(shape, {x}, [n, inner](std::span<const Values* const> in) {
    const Values& values = *in[0];
    std::vector<Values> chosen(1, Values(values.size(), 0));
    for (std::size_t line = 0; line < values.size() / n; ++line) {
      const std::size_t start = line_start(line, n, inner);
      chosen[0][start + best_of(values, start, n, inner, false) * inner] = 1;
    }
    return chosen;
  });
  boolean(w, h);
  const std::size_t axes[] = {axis};
  const Term one[] = {{1, w.sum(h, axes)}};
  w.zero(one, -1);
  const Tensor m = dot_along(w, h, x, axis);
  w.deduce(m, bounds, {x});  // one of x's elements: h is 0 or 1 and sums to 1
  range_from(w, w.sub(m, x), 0, std::min(bounds.hi - bounds.lo, decomposition_limit(w.args())));
  return m;
}

Tensor minimum(Writer& w, Tensor x, std::size_t axis) { return w.scale(maximum(w, w.scale(x, -1), axis), -1); }

Tensor argmax(Writer& w, Tensor x, std::size_t axis, bool last) {
  const Shape shape = w.shape(x);
  const std::size_t n = shape[axis], inner = strides(shape)[axis];
  Shape out = shape;
  out[axis] = 1;
  if (n == 1) return constant_of(w, out, 0);
  const Interval bounds = w.expected(x);

  // u[j] = [j < index] for j in 0 .. n-2. Its steps down from u[-1] = 1 to u[n-1] = 0 are the one-hot choice.
  Shape less = shape;
  less[axis] = n - 1;
  const Tensor u = w.hint(less, {x}, [n, inner, last](std::span<const Values* const> in) {
    const Values& values = *in[0];
    const std::size_t lines = values.size() / n;
    std::vector<Values> smaller(1, Values(lines * (n - 1), 0));
    for (std::size_t line = 0; line < lines; ++line) {
      const std::size_t best = best_of(values, line_start(line, n, inner), n, inner, last);
      const std::size_t to = line_start(line, n - 1, inner);
      for (std::size_t k = 0; k < best; ++k) smaller[0][to + k * inner] = 1;
    }
    return smaller;
  });
  boolean(w, u);
  View before = w.identity(u), here = before;
  before.extents = here.extents = shape;
  before.axes[axis] = {-1, {{static_cast<std::uint32_t>(axis), 1}}};
  here.axes[axis] = {0, {{static_cast<std::uint32_t>(axis), 1}}};
  before.outside = 1;
  const Tensor at_or_after = w.view(before), after = w.view(here);
  const Tensor h = w.sub(at_or_after, after);
  boolean(w, h);

  const Tensor m = dot_along(w, h, x, axis);
  w.deduce(m, bounds, {x});  // one of x's elements: h is 0 or 1, and sums to u[-1] - u[n-1] = 1
  // Elements on the wrong side of a tie must be strictly smaller: before the index, or behind it when the last one
  // counts.
  const Tensor wide = w.broadcast(m, shape);
  const Tensor margin =
      last ? combine(w, {{1, wide}, {-1, x}, {1, at_or_after}}, -1) : combine(w, {{1, wide}, {-1, x}, {-1, after}});
  range_from(w, margin, 0, std::min(bounds.hi - bounds.lo, decomposition_limit(w.args())));
  const std::size_t axes[] = {axis};
  const Tensor index = w.sum(u, axes);
  w.deduce(index, {0, static_cast<Int128>(n) - 1}, {u});  // n - 1 terms that are 0 or 1
  return index;
}

Tensor one_hot(Writer& w, Tensor i, std::size_t n) {
  Shape shape = w.shape(i);
  const Shape indices = shape;
  shape.push_back(n);
  const Tensor h = w.hint(shape, {i}, [n](std::span<const Values* const> in) {
    std::vector<Values> out(1, Values(in[0]->size() * n, 0));
    for (std::size_t k = 0; k < in[0]->size(); ++k) {
      const Int128 index = (*in[0])[k];
      if (index < 0 || index >= static_cast<Int128>(n)) {
        throw Error(Fault::range, "index " + to_string(index) + " is outside [0, " + std::to_string(n) + ")");
      }
      out[0][k * n + static_cast<std::size_t>(index)] = 1;
    }
    return out;
  });
  boolean(w, h);
  const std::size_t axes[] = {indices.size()};
  const Term one[] = {{1, w.sum(h, axes)}};
  w.zero(one, -1);
  Values numbers(n);
  for (std::size_t k = 0; k < n; ++k) numbers[k] = static_cast<Int128>(k);
  const Tensor iota = w.constant({n}, std::move(numbers));
  View number{iota, shape, {{0, {{static_cast<std::uint32_t>(indices.size()), 1}}}}, 0};
  const View factors[] = {w.identity(h), number};
  const Tensor index = w.contract(indices, {n}, factors);
  const Term same[] = {{1, index}, {-1, i}};
  w.zero(same, 0);
  return h;
}

}  // namespace ezkl::claims
