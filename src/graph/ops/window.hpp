#pragma once

#include <vector>

#include "graph/op_table.hpp"

/// Sliding windows over the spatial axes of an image [N, C, spatial...].
namespace ezkl::ops {

/// Kernels, strides, dilations and pads are below this, so that sums of their products stay numbers.
inline constexpr std::int64_t most_window = (1 << 20) - 1;

inline constexpr AttributeRule strides_attribute = attribute::integers("strides", 1).optional();
inline constexpr AttributeRule pads_attribute = attribute::integers("pads").optional();
inline constexpr AttributeRule dilations_attribute = attribute::integers("dilations", 1).optional();

/// Attributes strides, pads (all begins, then all ends) and dilations of an operator, one entry a spatial axis.
struct Sliding {
  std::vector<std::int64_t> kernel, strides, begins, ends, dilations;

  std::size_t rank() const { return kernel.size(); }
  /// Extent of the output along spatial axis `a` for an image that is `extent` long there.
  std::size_t positions(std::size_t a, std::size_t extent) const;
};

/// errors: Fault::format for lengths that do not fit the kernel, strides or dilations below 1, or windows longer than
/// the padded image.
Sliding sliding(const OpContext& ctx, const std::vector<std::int64_t>& kernel);

/// Output extents along the spatial axes.
Shape spatial_shape(const OpContext& ctx, const Sliding& window);

}  // namespace ezkl::ops
