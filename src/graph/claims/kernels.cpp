#include "graph/claims/kernels.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/int128_arithmetic.hpp"
#include "base/parallel.hpp"

namespace ezkl::claims {
namespace {

constexpr std::size_t grain = 1 << 13;

/// Smallest and largest index that an axis map gives over the loop extents.
std::pair<std::int64_t, std::int64_t> reach(const AxisMap& axis, const Shape& extents) {
  std::int64_t lo = axis.base, hi = axis.base;
  for (const auto& [loop, stride] : axis.strides) {
    const std::int64_t last = stride * (static_cast<std::int64_t>(extents[loop]) - 1);
    (last < 0 ? lo : hi) += last;
  }
  return {lo, hi};
}

}  // namespace

bool leaves_source(const View& view, const Shape& source) {
  for (std::size_t axis = 0; axis < view.axes.size(); ++axis) {
    const auto ends = reach(view.axes[axis], view.extents);
    if (ends.first < 0 || ends.second >= static_cast<std::int64_t>(source[axis])) return true;
  }
  return false;
}

Values view_values(const Source& source) {
  const View& view = *source.view;
  const std::size_t n = volume(view.extents), rank = view.extents.size(), axes = view.axes.size();
  Values out(n);
  if (n == 0) return out;
  const std::vector<std::size_t> steps = strides(*source.shape);
  const std::size_t line = rank == 0 ? 1 : view.extents.back();
  parallel_for(n / line, std::max<std::size_t>(1, grain / line), [&](std::size_t begin, std::size_t end) {
    std::vector<std::size_t> index(rank);
    std::vector<std::int64_t> at(axes), step(axes);
    for (std::size_t row = begin; row < end; ++row) {
      std::size_t rest = row;
      for (std::size_t loop = rank; loop-- > 0;) {
        if (loop + 1 == rank) {
          index[loop] = 0;
          continue;
        }
        index[loop] = rest % view.extents[loop];
        rest /= view.extents[loop];
      }
      for (std::size_t axis = 0; axis < axes; ++axis) {
        at[axis] = view.axes[axis].base;
        step[axis] = 0;
        for (const auto& [loop, stride] : view.axes[axis].strides) {
          at[axis] += stride * static_cast<std::int64_t>(index[loop]);
          if (loop + 1 == rank) step[axis] += stride;
        }
      }
      for (std::size_t i = 0; i < line; ++i) {
        std::size_t flat = 0;
        bool within = true;
        for (std::size_t axis = 0; axis < axes; ++axis) {
          within = within && at[axis] >= 0 && at[axis] < static_cast<std::int64_t>((*source.shape)[axis]);
          flat += static_cast<std::size_t>(at[axis]) * steps[axis];
          at[axis] += step[axis];
        }
        out[row * line + i] = within ? (*source.values)[flat] : view.outside;
      }
    }
  });
  return out;
}

std::size_t equations(const Record& record, const Claim& claim) {
  if (claim.defines) return volume(record.tensors[claim.out[0].id].shape);
  for (const Tensor t : claim.in) {
    const std::size_t elements = volume(record.tensors[t.id].shape);
    if (elements != 1) return elements;
  }
  return 1;
}

Values linear_values(std::size_t n, std::span<const Int128> coefficients, std::span<const Values* const> terms,
                     Int128 constant) {
  Values out(n, constant);
  // What a table clamped may be a term, on the way to being refused: such sums wrap.
  parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = 0; k < terms.size(); ++k) {
      const Values& term = *terms[k];
      const Int128 c = coefficients[k];
      if (term.size() == 1 && n != 1) {
        const Int128 add = wrapping_product(c, term[0]);
        for (std::size_t i = begin; i < end; ++i) out[i] = wrapping_sum(out[i], add);
      } else if (c == 1) {
        for (std::size_t i = begin; i < end; ++i) out[i] = wrapping_sum(out[i], term[i]);
      } else if (c == -1) {
        for (std::size_t i = begin; i < end; ++i) out[i] = wrapping_sum(out[i], wrapping_product(-1, term[i]));
      } else {
        for (std::size_t i = begin; i < end; ++i) out[i] = wrapping_sum(out[i], wrapping_product(c, term[i]));
      }
    }
  });
  return out;
}

Values remap_values(std::span<const Values* const> sources, std::span<const std::int64_t> map,
                    const Values& constants) {
  std::vector<std::size_t> starts{0};
  for (const Values* source : sources) starts.push_back(starts.back() + source->size());
  Values out(map.size());
  parallel_for(map.size(), grain, [&](std::size_t begin, std::size_t end) {
    std::size_t which = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (map[i] < 0) {
        out[i] = constants[static_cast<std::size_t>(-1 - map[i])];
        continue;
      }
      const auto flat = static_cast<std::size_t>(map[i]);
      if (flat < starts[which] || flat >= starts[which + 1]) {
        which = static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), flat) - starts.begin()) - 1;
      }
      out[i] = (*sources[which])[flat - starts[which]];
    }
  });
  return out;
}

std::size_t first_difference(const Values& a, const Values& b) {
  EZKL_ENSURE(a.size() == b.size(), "tensors of one claim have one size");
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
}

}  // namespace ezkl::claims
