#pragma once

#include <tuple>
#include <utility>

#include "base/parallel.hpp"
#include "graph/claims/claims.hpp"

/// Helpers for hint functions: element by element, in parallel.
namespace ezkl::claims {

inline constexpr std::size_t hint_grain = 1 << 12;

/// One result an element: `function(x)`.
template <class Function>
Values map_values(const Values& x, Function function) {
  Values out(x.size());
  parallel_for(x.size(), hint_grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = function(x[i]);
  });
  return out;
}

/// A hint of one tensor from one source, element by element.
template <class Function>
Tensor hint_of(Writer& w, Tensor x, Function function) {
  return w.hint(w.shape(x), {x}, [function](std::span<const Values* const> in) {
    std::vector<Values> out;
    out.push_back(map_values(*in[0], function));
    return out;
  });
}

/// Two hints from one source: `function(x)` gives a pair.
template <class Function>
std::pair<Tensor, Tensor> hint_pair(Writer& w, Tensor x, Function function) {
  const std::vector<Tensor> out =
      w.hints({w.shape(x), w.shape(x)}, {x}, [function](std::span<const Values* const> in) {
        const Values& values = *in[0];
        std::vector<Values> pair(2, Values(values.size()));
        parallel_for(values.size(), hint_grain, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) std::tie(pair[0][i], pair[1][i]) = function(values[i]);
        });
        return pair;
      });
  return {out[0], out[1]};
}

/// x / d rounded down, with the remainder in [0, d); d > 0.
inline std::pair<Int128, Int128> floor_divide(Int128 x, Int128 d) {
  if (x == static_cast<std::int64_t>(x) && d == static_cast<std::int64_t>(d)) {
    const auto a = static_cast<std::int64_t>(x), b = static_cast<std::int64_t>(d);
    std::int64_t q = a / b, r = a % b;
    if (r < 0) {
      r += b;
      --q;
    }
    return {q, r};
  }
  Int128 q = x / d, r = x % d;
  if (r < 0) {
    r += d;
    --q;
  }
  return {q, r};
}

}  // namespace ezkl::claims
