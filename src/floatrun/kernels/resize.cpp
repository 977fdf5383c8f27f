// Resize and Upsample.
#include <cmath>
#include <optional>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

struct Axis {
  Int extent = 1, target = 1;
  float scale = 1, start = 0, end = 1;
};

struct Tap {
  std::size_t index = 0;
  double weight = 1;
};
/// What one output index reads; nothing where it lies outside and the extrapolation value stands.
using Taps = std::optional<std::vector<Tap>>;

/// Where output index x lies in the input, in single precision as onnxruntime has it.
float original_place(const Call& c, const std::string& mode, const Axis& a, Int index) {
  const auto x = static_cast<float>(index), in = static_cast<float>(a.extent), out = static_cast<float>(a.target);
  if (mode == "half_pixel") return (x + 0.5f) / a.scale - 0.5f;
  if (mode == "asymmetric") return x / a.scale;
  if (mode == "pytorch_half_pixel") return a.target > 1 ? (x + 0.5f) / a.scale - 0.5f : 0.0f;
  if (mode == "align_corners") return a.target == 1 ? 0.0f : x * (in - 1) / (out - 1);
  if (mode == "tf_half_pixel_for_nn") return (x + 0.5f) / a.scale;
  if (mode == "half_pixel_symmetric") {
    const float adjustment = out / (a.scale * in);
    return in / 2 * (1 - adjustment) + (x + 0.5f) / a.scale - 0.5f;
  }
  if (mode == "tf_crop_and_resize") {
    return a.target > 1 ? a.start * (in - 1) + x * (a.end - a.start) * (in - 1) / (out - 1)
                        : 0.5f * (a.start + a.end) * (in - 1);
  }
  c.unsupported("coordinate_transformation_mode = '" + mode + "'");
}

float nearest(const Call& c, float x, float scale) {
  // Opsets before 11 knew no nearest_mode.
  const std::string mode =
      c.opset() < 11 ? (scale < 1 ? "ceil" : "floor") : c.text("nearest_mode", "round_prefer_floor");
  if (mode == "floor") return std::floor(x);
  if (mode == "ceil") return std::ceil(x);
  if (mode == "round_prefer_floor") return x == std::floor(x) + 0.5f ? std::floor(x) : std::round(x);
  if (mode == "round_prefer_ceil") return std::floor(x + 0.5f);
  c.unsupported("nearest_mode = '" + mode + "'");
}

std::vector<Taps> axis_taps(const Call& c, const Axis& a, const std::string& kind, const std::string& coordinates) {
  const bool linear = kind == "linear", antialias = c.integer("antialias", 0) != 0;
  const bool exclude = c.integer("exclude_outside", 0) != 0;
  const double cubic_a = c.real("cubic_coeff_a", -0.75);
  const double shrink = antialias ? std::min(1.0, static_cast<double>(a.scale)) : 1;
  const double reach = (linear ? 1 : 2) / shrink;
  std::vector<Taps> all;
  for (Int i = 0; i < a.target; ++i) {
    const float place = original_place(c, coordinates, a, i);
    if (coordinates == "tf_crop_and_resize" && (place < 0 || place > static_cast<float>(a.extent - 1))) {
      all.emplace_back();
      continue;
    }
    const auto inside = [&](double at) {
      return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(a.extent - 1)));
    };
    std::vector<Tap> taps;
    if (kind == "nearest") {
      taps.push_back({inside(static_cast<double>(nearest(c, place, a.scale))), 1});
    } else {
      const double x = static_cast<double>(place);
      double sum = 0;
      for (double at = std::ceil(x - reach); at <= std::floor(x + reach); ++at) {
        c.spend(1);
        const bool outside = at < 0 || at > static_cast<double>(a.extent - 1);
        if (exclude && outside) continue;
        const double distance = (at - x) * shrink;
        const double weight = linear ? std::max(0.0, 1 - std::fabs(distance)) : cubic_kernel(distance, cubic_a);
        if (weight == 0) continue;
        taps.push_back({inside(at), weight});
        sum += weight;
      }
      for (Tap& tap : taps) tap.weight /= sum;
    }
    all.emplace_back(std::move(taps));
  }
  return all;
}

std::string kind_of(const Call& c) {
  const std::string mode = c.text("mode", "nearest");
  if (mode == "bilinear" || mode == "linear") return "linear";
  if (mode != "nearest" && mode != "cubic") c.unsupported("mode = '" + mode + "'");
  return mode;
}

Tensor resized(const Call& c, const Tensor& x, const std::vector<Axis>& axes, const std::string& coordinates) {
  const std::string kind = kind_of(c);
  Tensor out = converted(c, x, DType::f64);
  std::vector<std::vector<Taps>> taps;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const bool whole = axes[axis].start == 0 && axes[axis].end == 1;
    if (axes[axis].target == axes[axis].extent && axes[axis].scale == 1 &&
        (coordinates != "tf_crop_and_resize" || whole)) {
      taps.emplace_back();
      continue;
    }
    c.require(axes[axis].extent > 0, "an axis without elements is resized");
    taps.push_back(axis_taps(c, axes[axis], kind, coordinates));
    const std::vector<Taps>& mine = taps.back();
    Shape shape = out.shape;
    const Lines lines = lines_of(shape, axis);
    shape[axis] = mine.size();
    Tensor next = c.make(DType::f64, shape);
    for (std::size_t i = 0; i < next.size(); ++i) {
      const std::size_t place = i / lines.inner % mine.size(), outer = i / (lines.inner * mine.size());
      if (!mine[place]) continue;
      c.spend(mine[place]->size());
      for (const Tap& tap : *mine[place]) {
        next.reals()[i] += tap.weight * out.reals()[(outer * lines.extent + tap.index) * lines.inner + i % lines.inner];
      }
    }
    out = std::move(next);
  }
  if (coordinates == "tf_crop_and_resize") {
    const double beyond = c.real("extrapolation_value", 0);
    Odometer at(out.shape);
    for (std::size_t i = 0; i < out.size(); ++i, at.next()) {
      for (std::size_t axis = 0; axis < taps.size(); ++axis) {
        if (!taps[axis].empty() && !taps[axis][at[axis]]) out.reals()[i] = beyond;
      }
    }
  }
  // Integers lose what follows the point.
  return converted(c, out, x.type);
}

/// The axes that scales, sizes and roi name, as positions.
std::vector<std::size_t> named_axes(const Call& c, std::size_t rank) {
  std::vector<std::size_t> axes;
  if (c.has("axes")) {
    for (const Int axis : c.integers("axes")) axes.push_back(c.axis(axis, rank));
  } else {
    for (std::size_t i = 0; i < rank; ++i) axes.push_back(i);
  }
  return axes;
}

Int scaled_extent(const Call& c, Int extent, float scale) {
  c.require(scale > 0 && scale < 0x1p30f, "a scale is out of bounds");
  const float scaled = std::floor(static_cast<float>(extent) * scale);
  c.require(scaled < 0x1p40f, "a size is out of bounds");
  return static_cast<Int>(scaled);
}

Outputs resize(const Call& c) {
  const Tensor& x = c.in(0);
  std::vector<Axis> axes(x.rank());
  for (std::size_t i = 0; i < x.rank(); ++i) axes[i].extent = axes[i].target = x.extent(i);
  const std::vector<std::size_t> named = named_axes(c, x.rank());
  const std::string coordinates =
      c.opset() < 11 ? "asymmetric" : c.text("coordinate_transformation_mode", "half_pixel");
  const std::size_t scales_at = c.opset() < 11 ? 1 : 2;
  if (coordinates == "tf_crop_and_resize" && c.has_input(1)) {
    c.require(c.in(1).size() == 2 * named.size(), "roi does not fit the axes");
    for (std::size_t i = 0; i < named.size(); ++i) {
      axes[named[i]].start = static_cast<float>(c.in(1).number(i));
      axes[named[i]].end = static_cast<float>(c.in(1).number(i + named.size()));
    }
  }
  if (c.has_input(scales_at) && c.in(scales_at).size() != 0) {
    c.require(c.in(scales_at).size() == named.size(), "scales do not fit the axes");
    for (std::size_t i = 0; i < named.size(); ++i) {
      Axis& a = axes[named[i]];
      a.scale = static_cast<float>(c.in(scales_at).number(i));
      const float share = coordinates == "tf_crop_and_resize" ? a.end - a.start : 1;
      a.target = scaled_extent(c, a.extent, share * a.scale);
    }
  } else {
    Ints sizes = c.ints(3);
    c.require(sizes.size() == named.size(), "sizes do not fit the axes");
    const std::string policy = c.text("keep_aspect_ratio_policy", "stretch");
    if (policy != "stretch") {
      std::optional<double> scale;
      for (std::size_t i = 0; i < named.size(); ++i) {
        const double own = static_cast<double>(sizes[i]) / static_cast<double>(axes[named[i]].extent);
        if (!scale || (policy == "not_larger" ? own < *scale : own > *scale)) scale = own;
      }
      for (std::size_t i = 0; i < named.size(); ++i) {
        Axis& a = axes[named[i]];
        a.scale = static_cast<float>(*scale);
        const double scaled = std::floor(*scale * static_cast<double>(a.extent) + 0.5);
        c.require(scaled >= 0 && scaled < 0x1p40, "a size is out of bounds");
        a.target = static_cast<Int>(scaled);
      }
    } else {
      for (std::size_t i = 0; i < named.size(); ++i) {
        Axis& a = axes[named[i]];
        a.target = sizes[i];
        a.scale = static_cast<float>(a.target) / static_cast<float>(a.extent);
      }
    }
  }
  for (const Axis& a : axes) c.require(a.target >= 0, "a size is negative");
  return {resized(c, x, axes, coordinates)};
}

Outputs upsample(const Call& c) {
  const Tensor& x = c.in(0);
  std::vector<double> scales = c.reals("scales");
  if (c.opset() >= 9) scales = c.reals(1);
  if (c.opset() < 7) scales = {1, 1, c.real("height_scale", 1), c.real("width_scale", 1)};
  c.require(scales.size() == x.rank(), "scales do not fit the axes");
  std::vector<Axis> axes(x.rank());
  for (std::size_t i = 0; i < x.rank(); ++i) {
    axes[i].extent = x.extent(i);
    axes[i].scale = static_cast<float>(scales[i]);
    axes[i].target = scaled_extent(c, axes[i].extent, axes[i].scale);
  }
  return {resized(c, x, axes, "asymmetric")};
}

constexpr KernelEntry entries[] = {
    {"", "Resize", resize},
    {"", "Upsample", upsample},
};

}  // namespace

std::span<const KernelEntry> resize_kernels() { return entries; }

}  // namespace ezkl::floatrun
