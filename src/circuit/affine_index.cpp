#include "circuit/affine_index.hpp"

#include "graph/claims/kernels.hpp"

namespace ezkl::circuit {

void advance(std::vector<std::size_t>& index, const Shape& shape) {
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    if (++index[axis] < shape[axis]) return;
    index[axis] = 0;
  }
}

AffineIndex::AffineIndex(const claims::View& view, const Shape& source, std::size_t outer)
    : view_(view), outer_(outer), axes_(source.size()), inside_(!claims::leaves_source(view, source)) {
  const auto source_strides = strides(source);
  for (std::size_t axis = 0; axis < axes_; ++axis) {
    extent_.push_back(std::int64_t(source[axis]));
    stride_.push_back(std::int64_t(source_strides[axis]));
  }
  base_.resize(axes_);
  const Shape inner(view.extents.begin() + std::ptrdiff_t(outer), view.extents.end());
  const std::size_t count = volume(inner);
  std::vector<std::size_t> index(inner.size(), 0);
  (inside_ ? flat_step_ : step_).reserve(inside_ ? count : count * axes_);
  for (std::size_t s = 0; s < count; ++s) {
    std::int64_t flat = 0;
    for (std::size_t axis = 0; axis < axes_; ++axis) {
      std::int64_t step = 0;
      for (const auto& [loop, stride] : view.axes[axis].strides) {
        if (loop >= outer) step += stride * std::int64_t(index[loop - outer]);
      }
      if (inside_) {
        flat += step * stride_[axis];
      } else {
        step_.push_back(step);
      }
    }
    if (inside_) flat_step_.push_back(flat);
    advance(index, inner);
  }
}

void AffineIndex::set_outer(std::span<const std::size_t> index) {
  flat_ = 0;
  for (std::size_t axis = 0; axis < axes_; ++axis) {
    std::int64_t at = view_.axes[axis].base;
    for (const auto& [loop, stride] : view_.axes[axis].strides) {
      if (loop < outer_) at += stride * std::int64_t(index[loop]);
    }
    base_[axis] = at;
    flat_ += at * stride_[axis];
  }
}

}  // namespace ezkl::circuit
