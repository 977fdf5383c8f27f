#include "graph/frontend/resize_taps.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

/// Where output index `i` lies on the input axis.
double source_position(const ResizeAxis& axis, const std::string& coordinates, std::size_t i) {
  const auto x = static_cast<double>(i);
  const auto extent = static_cast<double>(axis.extent);
  // The length that the scale asks for, a fraction when the output was cut off to whole elements.
  const double target = axis.scale * extent;
  const double centre = (x + 0.5) / axis.scale - 0.5;
  if (coordinates == "half_pixel") return centre;
  if (coordinates == "pytorch_half_pixel") return axis.target > 1 ? centre : 0;
  if (coordinates == "asymmetric") return x / axis.scale;
  if (coordinates == "tf_half_pixel_for_nn") return (x + 0.5) / axis.scale;
  if (coordinates == "align_corners") return target == 1 ? 0 : x * (extent - 1) / (target - 1);
  if (coordinates == "half_pixel_symmetric") {
    const double adjustment = static_cast<double>(axis.target) / target;
    return extent / 2 * (1 - adjustment) + centre;
  }
  if (coordinates == "tf_crop_and_resize") {
    const double width = (axis.crop_end - axis.crop_start) * (extent - 1);
    return axis.crop_start * (extent - 1) + (target == 1 ? width / 2 : x * width / (target - 1));
  }
  throw Error(Fault::unsupported, "unknown coordinate_transformation_mode '" + coordinates + "'");
}

double nearest(const std::string& rounding, double position) {
  if (rounding == "round_prefer_floor") return std::ceil(position - 0.5);
  if (rounding == "round_prefer_ceil") return std::floor(position + 0.5);
  if (rounding == "floor") return std::floor(position);
  if (rounding == "ceil") return std::ceil(position);
  throw Error(Fault::unsupported, "unknown nearest_mode '" + rounding + "'");
}

/// What an input element at `distance` counts for, before weights are made to sum to 1.
double kernel_value(const ResizeMode& mode, double distance) {
  const double d = std::abs(distance);
  if (mode.kernel == ResizeMode::Kernel::linear) return std::max(0.0, 1 - d);
  const double a = mode.cubic_a;
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/// By how much the kernel is compressed.
double stretch_of(const ResizeAxis& axis, const ResizeMode& mode) {
  return mode.antialias ? std::min(axis.scale, 1.0) : 1.0;
}

/// How far the kernel reaches to either side.
double reach_of(const ResizeAxis& axis, const ResizeMode& mode) {
  return (mode.kernel == ResizeMode::Kernel::linear ? 1 : 2) / stretch_of(axis, mode);
}

std::vector<Tap> interpolated(const ResizeAxis& axis, const ResizeMode& mode, double position) {
  const double stretch = stretch_of(axis, mode);
  const double reach = reach_of(axis, mode);
  const auto last = static_cast<double>(axis.extent) - 1;
  std::map<std::size_t, double> weights;
  double sum = 0;
  for (double at = std::ceil(position - reach); at <= std::floor(position + reach); ++at) {
    if (mode.exclude_outside && (at < 0 || at > last)) continue;
    const double weight = kernel_value(mode, (at - position) * stretch);
    weights[static_cast<std::size_t>(std::clamp(at, 0.0, last))] += weight;
    sum += weight;
  }
  std::vector<Tap> taps;
  for (const auto& [index, weight] : weights) {
    if (weight != 0) taps.push_back({index, weight / sum});
  }
  return taps;
}

}  // namespace

std::uint64_t most_taps(const ResizeAxis& axis, const ResizeMode& mode) {
  if (mode.kernel == ResizeMode::Kernel::nearest) return axis.target;
  const double taps = static_cast<double>(axis.target) * (2 * reach_of(axis, mode) + 1);
  return static_cast<std::uint64_t>(std::min(taps, 0x1p56));
}

std::vector<std::optional<std::vector<Tap>>> resize_taps(const ResizeAxis& axis, const ResizeMode& mode) {
  const double last = static_cast<double>(axis.extent) - 1;
  std::vector<std::optional<std::vector<Tap>>> taps;
  for (std::size_t i = 0; i < axis.target; ++i) {
    const double position = source_position(axis, mode.coordinates, i);
    if (!(std::fabs(position) < 0x1p52)) throw Error(Fault::format, "the scales lead to no place of the input");
    if (mode.coordinates == "tf_crop_and_resize" && (position < 0 || position > last)) {
      taps.emplace_back();
    } else if (mode.kernel == ResizeMode::Kernel::nearest) {
      const double at = std::clamp(nearest(mode.rounding, position), 0.0, last);
      taps.push_back(std::vector<Tap>{{static_cast<std::size_t>(at), 1.0}});
    } else {
      taps.push_back(interpolated(axis, mode, position));
    }
  }
  return taps;
}

}  // namespace ezkl
