#pragma once

#include "graph/frontend/converter.hpp"

namespace ezkl {

/// Kernel, strides, dilations and padding of a convolution or pool, one entry per spatial axis (pads: all begins, then
/// all ends, as in ONNX), with auto_pad resolved for the input at hand.
struct WindowGeometry {
  Integers kernel, strides, dilations, pads;
  /// Extra rows at the end that ceil_mode adds beyond `pads`; they count as outside.
  Integers ceil_pads;

  std::size_t rank() const { return kernel.size(); }
  bool is_dilated() const;
};

/// errors: Fault::format when a node's attribute kernel_shape is not its weights' kernel; it may be left out.
void check_kernel_shape(const OnnxNode& n, const Integers& kernel);

/// Reads the attributes of a node over an input [N, C, spatial…]. `kernel` is what kernel_shape says, if anything.
/// errors: Fault::format when they contradict each other, the kernel or the input.
WindowGeometry window_geometry(const OnnxNode& n, const Shape& input, const Integers& kernel);

/// Number of windows along spatial axis i.
std::int64_t window_count(const WindowGeometry& g, const Shape& input, std::size_t i);

}  // namespace ezkl
