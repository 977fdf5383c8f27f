#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ezkl {

/// How Resize reads one axis.
struct ResizeAxis {
  std::size_t extent = 1;  ///< of the input
  std::size_t target = 1;  ///< of the output
  double scale = 1;
  double crop_start = 0, crop_end = 1;  ///< tf_crop_and_resize
};

struct ResizeMode {
  enum class Kernel : std::uint8_t { nearest, linear, cubic };
  Kernel kernel = Kernel::nearest;
  std::string coordinates = "half_pixel";
  std::string rounding = "round_prefer_floor";  ///< nearest
  double cubic_a = -0.75;
  bool exclude_outside = false, antialias = false;
};

/// One input element and its share of an output element.
struct Tap {
  std::size_t index = 0;
  double weight = 1;
};

/// Number of taps that resize_taps may look at.
std::uint64_t most_taps(const ResizeAxis& axis, const ResizeMode& mode);

/// The taps of each output index of one axis; none at all where tf_crop_and_resize reads outside the input.
///
/// errors  Fault::unsupported for a coordinate transformation or rounding that ONNX doesn't know
/// source  ONNX Resize (opset 19): coordinates of sample centres, Keys' cubic kernel with coefficient a, kernels
///         stretched by 1/scale for antialiasing
std::vector<std::optional<std::vector<Tap>>> resize_taps(const ResizeAxis& axis, const ResizeMode& mode);

}  // namespace ezkl
