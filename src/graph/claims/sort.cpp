#include "graph/claims/sort.hpp"

#include <algorithm>
#include <numeric>

#include "base/ensure.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/recorder.hpp"

namespace ezkl::claims {

namespace {

/// Column `from` … `from + count` of every line.
Tensor columns(Writer& w, Tensor t, std::size_t from, std::size_t count) {
  const std::size_t lines = w.shape(t)[0];
  return w.view({t, {lines, count}, {{0, {{0, 1}}}, {std::int64_t(from), {{1, 1}}}}, 0});
}

HintFunction sorter(std::size_t lines, std::size_t length, Order order) {
  return [=](std::span<const Values* const> in) {
    const Values& x = *in[0];
    Values values, indices;
    values.reserve(x.size());
    indices.reserve(x.size());
    std::vector<std::size_t> line(length);
    for (std::size_t l = 0; l < lines; ++l) {
      std::iota(line.begin(), line.end(), std::size_t(0));
      const Int128* const at = x.data() + l * length;
      std::stable_sort(line.begin(), line.end(), [&](std::size_t a, std::size_t b) {
        return order == Order::ascending ? at[a] < at[b] : at[a] > at[b];
      });
      for (std::size_t i : line) {
        values.push_back(at[i]);
        indices.push_back(Int128(i));
      }
    }
    return std::vector<Values>{std::move(values), std::move(indices)};
  };
}

}  // namespace

Sorted sort(Writer& w, Tensor x, Order order, bool ties_by_index) {
  const Shape shape = w.shape(x);
  EZKL_ENSURE(shape.size() == 2, "sort takes lines");
  const std::size_t length = shape[1];
  if (length <= 1) return {x, w.constant(shape, Values(volume(shape), 0))};

  const std::vector<Tensor> sorted = w.hints({shape, shape}, {x}, sorter(shape[0], length, order));
  Values positions(volume(shape));
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = Int128(i % length);
  const Tensor xs[] = {x, w.constant(shape, std::move(positions))};
  w.permute(sorted, xs);

  const Tensor values_before = columns(w, sorted[0], 0, length - 1);
  const Tensor values_after = columns(w, sorted[0], 1, length - 1);
  const Tensor& larger = order == Order::ascending ? values_after : values_before;
  const Tensor& smaller = order == Order::ascending ? values_before : values_after;
  const Interval bounds = w.expected(x);
  if (ties_by_index) {
    const auto n = Int128(length);
    const Term terms[] = {{n, larger},
                          {-n, smaller},
                          {1, columns(w, sorted[1], 1, length - 1)},
                          {-1, columns(w, sorted[1], 0, length - 1)}};
    const Int128 most = std::min(bounds.hi - bounds.lo, decomposition_limit(w.args())) * n + n - 2;
    range_from(w, w.linear(terms, -1), 0, most);
  } else {
    const Int128 most = std::min(bounds.hi - bounds.lo, decomposition_limit(w.args()));
    range_from(w, w.sub(larger, smaller), 0, most);
  }
  return {sorted[0], sorted[1]};
}

}  // namespace ezkl::claims
