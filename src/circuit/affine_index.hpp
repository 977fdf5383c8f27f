#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/claims/claims.hpp"
#include "tensor/shape.hpp"

namespace ezkl::circuit {

/// Walks the source elements that a view shows: an index over the outer loops is set, the inner ones are enumerated.
class AffineIndex {
 public:
  /// The first `outer` loops of the view's extents are outer ones.
  AffineIndex(const claims::View& view, const Shape& source, std::size_t outer);
  void set_outer(std::span<const std::size_t> index);
  /// Flat source element at inner index number s (row-major), or -1 outside the source.
  std::int64_t at(std::size_t s) const {
    if (inside_) return flat_ + flat_step_[s];
    std::int64_t out = 0;
    for (std::size_t axis = 0; axis < axes_; ++axis) {
      const std::int64_t index = base_[axis] + step_[s * axes_ + axis];
      if (index < 0 || index >= extent_[axis]) return -1;
      out += index * stride_[axis];
    }
    return out;
  }

 private:
  const claims::View& view_;
  std::size_t outer_, axes_;
  bool inside_;
  std::vector<std::int64_t> extent_, stride_, base_, step_, flat_step_;
  std::int64_t flat_ = 0;
};

/// The next index of a shape in row-major order; wraps around at the end.
void advance(std::vector<std::size_t>& index, const Shape& shape);

}  // namespace ezkl::circuit
