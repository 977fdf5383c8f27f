#include "graph/frontend/window_geometry.hpp"

#include <algorithm>

namespace ezkl {
namespace {

Integers per_axis(const OnnxNode& n, const std::string& attribute, std::size_t count, std::int64_t otherwise,
                  std::int64_t least) {
  const Integers values = n.integers(attribute, Integers(count, otherwise));
  if (values.size() != count) {
    n.fail(Fault::format, "attribute '" + attribute + "' has " + std::to_string(values.size()) + " entries, not " +
                              std::to_string(count));
  }
  for (const std::int64_t value : values) {
    if (value < least || value > (std::int64_t{1} << 31)) {
      n.fail(Fault::format, "attribute '" + attribute + "' holds " + std::to_string(value));
    }
  }
  return values;
}

}  // namespace

bool WindowGeometry::is_dilated() const {
  return std::any_of(dilations.begin(), dilations.end(), [](std::int64_t d) { return d != 1; });
}

std::int64_t window_count(const WindowGeometry& g, const Shape& input, std::size_t i) {
  const std::int64_t span = g.dilations[i] * (g.kernel[i] - 1) + 1;
  const std::int64_t padded =
      static_cast<std::int64_t>(input[i + 2]) + g.pads[i] + g.pads[i + g.rank()] + g.ceil_pads[i];
  return padded < span ? 0 : (padded - span) / g.strides[i] + 1;
}

void check_kernel_shape(const OnnxNode& n, const Integers& kernel) {
  const Integers stated = n.integers("kernel_shape");
  if (stated.empty() || stated == kernel) return;
  const auto text = [](const Integers& extents) {
    std::string out;
    for (const std::int64_t extent : extents) out += (out.empty() ? "" : ", ") + std::to_string(extent);
    return "[" + out + "]";
  };
  n.fail(Fault::format, "kernel_shape is " + text(stated) + ", and the weights' kernel is " + text(kernel));
}

WindowGeometry window_geometry(const OnnxNode& n, const Shape& input, const Integers& kernel) {
  if (input.size() < 3) n.fail(Fault::format, "the input " + to_string(input) + " has no spatial axes");
  const std::size_t rank = input.size() - 2;
  WindowGeometry g;
  g.kernel = kernel;
  if (g.kernel.size() != rank ||
      std::any_of(kernel.begin(), kernel.end(), [](std::int64_t k) { return k < 1 || k > (std::int64_t{1} << 31); })) {
    n.fail(Fault::format, "the kernel does not fit the input " + to_string(input));
  }
  check_kernel_shape(n, kernel);
  g.strides = per_axis(n, "strides", rank, 1, 1);
  g.dilations = per_axis(n, "dilations", rank, 1, 1);
  g.pads = per_axis(n, "pads", 2 * rank, 0, 0);
  g.ceil_pads.assign(rank, 0);
  const std::string mode = n.text("auto_pad", "NOTSET");
  if (mode == "VALID") g.pads.assign(2 * rank, 0);
  for (std::size_t i = 0; i < rank; ++i) {
    const auto extent = static_cast<std::int64_t>(input[i + 2]);
    const std::int64_t span = g.dilations[i] * (g.kernel[i] - 1) + 1;
    if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
      const std::int64_t windows = (extent + g.strides[i] - 1) / g.strides[i];
      const std::int64_t total = std::max<std::int64_t>(0, (windows - 1) * g.strides[i] + span - extent);
      const std::int64_t less = total / 2;
      g.pads[i] = mode == "SAME_UPPER" ? less : total - less;
      g.pads[i + rank] = total - g.pads[i];
    } else if (mode != "NOTSET" && mode != "VALID") {
      n.fail(Fault::format, "auto_pad is '" + mode + "'");
    }
    if (n.integer("ceil_mode", 0) != 0) {
      const std::int64_t room = extent + g.pads[i] + g.pads[i + rank] - span;
      if (room < 0) continue;
      std::int64_t windows = (room + g.strides[i] - 1) / g.strides[i] + 1;
      // A window that would start in the padding at the end is left out.
      if ((windows - 1) * g.strides[i] >= extent + g.pads[i]) --windows;
      g.ceil_pads[i] = std::max<std::int64_t>(0, (windows - 1) * g.strides[i] - room);
    }
  }
  for (std::size_t i = 0; i < rank; ++i) {
    if (window_count(g, input, i) < 1)
      n.fail(Fault::format, "the kernel is larger than the padded input " + to_string(input));
  }
  return g;
}

}  // namespace ezkl
