// Resize and Upsample: fixed sampling of each axis. Nearest neighbours are data movement; interpolation is a sum over
// few taps with constant weights, over all axes at once while that stays small.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/resize_taps.hpp"

namespace ezkl {
namespace {

/// Taps of one product of axes beyond which the axes are resized one after the other.
constexpr std::size_t most_joint_taps = 16;

/// A tap lies in a list of its own and takes as long as making so many elements.
constexpr std::uint64_t tap_price = 16;

using AxisTaps = std::vector<std::optional<std::vector<Tap>>>;

ResizeMode mode_of(const OnnxNode& n, bool upsample) {
  ResizeMode mode;
  const std::string kernel = n.text("mode", "nearest");
  if (kernel == "linear" || kernel == "bilinear") {
    mode.kernel = ResizeMode::Kernel::linear;
  } else if (kernel == "cubic") {
    mode.kernel = ResizeMode::Kernel::cubic;
  } else if (kernel != "nearest") {
    n.unsupported("mode '" + kernel + "'; nearest, linear and cubic are known");
  }
  if (upsample || n.opset() < 11) {
    mode.coordinates = "asymmetric";
    mode.rounding = "floor";
    return mode;
  }
  mode.coordinates = n.text("coordinate_transformation_mode", "half_pixel");
  mode.rounding = n.text("nearest_mode", "round_prefer_floor");
  mode.cubic_a = n.real("cubic_coeff_a", -0.75);
  mode.exclude_outside = n.integer("exclude_outside", 0) != 0;
  mode.antialias = n.integer("antialias", 0) != 0;
  return mode;
}

/// The numbers of input `i`, one for each of `count` axes; nothing when the input is left out or empty.
std::vector<double> per_axis(const OnnxNode& n, std::size_t i, std::size_t count) {
  if (!n.has_input(i)) return {};
  const std::vector<double> values = n.constant(i).data;
  if (!values.empty() && values.size() != count) {
    n.fail(Fault::format, "input " + std::to_string(i) + " has " + std::to_string(values.size()) + " entries for " +
                              std::to_string(count) + " axes");
  }
  return values;
}

std::size_t extent_of(const OnnxNode& n, double value) {
  if (!(value >= 1 && value < 0x1p31))
    n.fail(Fault::format, "an axis cannot become " + std::to_string(value) + " long");
  return static_cast<std::size_t>(value);
}

void set_scale(const OnnxNode& n, ResizeAxis& axis, double scale) {
  if (!(scale > 0) || !std::isfinite(scale)) n.fail(Fault::format, "a scale is not a positive number");
  axis.scale = scale;
  axis.target = extent_of(n, std::floor(static_cast<double>(axis.extent) * scale));
}

void set_sizes(const OnnxNode& n, std::vector<ResizeAxis>& axes, const Integers& chosen, std::vector<double> sizes) {
  const std::string policy = n.text("keep_aspect_ratio_policy", "stretch");
  if (policy != "stretch") {
    double common = policy == "not_larger" ? INFINITY : 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const double scale = sizes[i] / static_cast<double>(axes[static_cast<std::size_t>(chosen[i])].extent);
      common = policy == "not_larger" ? std::min(common, scale) : std::max(common, scale);
    }
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      ResizeAxis& axis = axes[static_cast<std::size_t>(chosen[i])];
      axis.scale = common;
      axis.target = extent_of(n, std::floor(common * static_cast<double>(axis.extent) + 0.5));
    }
    return;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    ResizeAxis& axis = axes[static_cast<std::size_t>(chosen[i])];
    axis.target = extent_of(n, sizes[i]);
    axis.scale = static_cast<double>(axis.target) / static_cast<double>(axis.extent);
  }
}

std::vector<ResizeAxis> axes_of(Converter& c, const OnnxNode& n, bool upsample) {
  const Shape& shape = c.shape(n.input(0));
  std::vector<ResizeAxis> axes;
  for (const std::size_t extent : shape) axes.push_back({extent, extent, 1, 0, 1});
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) n.fail(Fault::format, "the input is empty");
  // In the order given: scales and sizes follow it.
  Integers chosen = n.integers("axes", iota(shape.size()));
  n.axes(chosen, shape.size());
  for (std::int64_t& axis : chosen) axis = static_cast<std::int64_t>(n.axis(axis, shape.size()));
  const bool modern = !upsample && n.opset() >= 11;
  std::vector<double> scales =
      upsample && n.opset() < 9 ? n.reals("scales") : per_axis(n, modern ? 2 : 1, chosen.size());
  const std::vector<double> sizes = modern ? per_axis(n, 3, chosen.size()) : std::vector<double>();
  const std::vector<double> crop = modern ? per_axis(n, 1, 2 * chosen.size()) : std::vector<double>();
  if (!std::all_of(crop.begin(), crop.end(), [](double edge) { return std::fabs(edge) < 0x1p31; })) {
    n.fail(Fault::format, "an edge of the region is no place");
  }
  for (std::size_t i = 0; i < chosen.size() && !crop.empty(); ++i) {
    axes[static_cast<std::size_t>(chosen[i])].crop_start = crop[i];
    axes[static_cast<std::size_t>(chosen[i])].crop_end = crop[i + chosen.size()];
  }
  if (!sizes.empty()) {
    set_sizes(n, axes, chosen, sizes);
    return axes;
  }
  if (scales.size() != chosen.size()) n.fail(Fault::format, "neither scales nor sizes are given");
  for (std::size_t i = 0; i < chosen.size(); ++i) set_scale(n, axes[static_cast<std::size_t>(chosen[i])], scales[i]);
  return axes;
}

/// Resizes the axes in `chosen` (taps of the others: themselves) in one step.
Value resample(Converter& c, Value x, const std::vector<std::size_t>& chosen, const std::vector<AxisTaps>& taps,
               double outside) {
  const Shape from = c.shape(x);
  const std::vector<std::size_t> from_steps = strides(from);
  Shape to = from;
  Shape grid(from.size(), 1);  // of the weights, before their last axis
  std::vector<std::size_t> tap_counts(from.size(), 1);
  std::size_t joint = 1;
  for (const std::size_t axis : chosen) {
    to[axis] = taps[axis].size();
    grid[axis] = to[axis];
    for (const auto& at : taps[axis]) tap_counts[axis] = std::max(tap_counts[axis], at ? at->size() : 1);
    joint *= tap_counts[axis];
  }
  Shape gathered = to;
  gathered.push_back(joint);
  std::vector<bool> moves(to.size(), false);
  for (const std::size_t axis : chosen) moves[axis] = true;
  Integers map;
  std::vector<double> weights;
  const std::vector<std::size_t> to_steps = strides(to);
  bool plain = joint == 1;
  map.reserve(c.charged_volume(gathered));
  for (std::size_t i = 0; i < volume(to); ++i) {
    bool first = true;  // of the elements that share their weights
    for (std::size_t axis = 0; axis < to.size(); ++axis)
      first = first && (grid[axis] > 1 || i / to_steps[axis] % to[axis] == 0);
    for (std::size_t t = 0; t < joint; ++t) {
      std::size_t source = 0;
      std::size_t rest = t;
      double weight = 1;
      bool inside = true;
      for (std::size_t axis = 0; axis < to.size(); ++axis) {
        const std::size_t index = i / to_steps[axis] % to[axis];
        if (!moves[axis]) {
          source += index * from_steps[axis];
          continue;
        }
        const std::size_t k = rest % tap_counts[axis];
        rest /= tap_counts[axis];
        const auto& at = taps[axis][index];
        inside = inside && at.has_value();
        const Tap tap = at && k < at->size() ? (*at)[k] : Tap{0, at ? 0.0 : 1.0};
        source += tap.index * from_steps[axis];
        weight *= tap.weight;
      }
      // Outside, the first tap alone brings the constant.
      if (!inside) weight = t == 0 ? 1 : 0;
      map.push_back(inside ? static_cast<std::int64_t>(source) : -1);
      plain = plain && weight == 1;
      if (first) weights.push_back(weight);
    }
  }
  if (plain) return c.remap(x, to, std::move(map), {outside});
  const Value taken = c.remap(x, gathered, std::move(map), {outside});
  Shape weight_shape;
  std::string letters;
  std::string weight_letters;
  for (std::size_t axis = 0; axis < to.size(); ++axis) {
    letters += static_cast<char>('a' + axis);
    if (grid[axis] == 1) continue;
    weight_letters += static_cast<char>('a' + axis);
    weight_shape.push_back(grid[axis]);
  }
  weight_shape.push_back(joint);
  for (double& weight : weights) weight = round_to(DType::f32, weight);
  const Value constant = c.constant(FloatTensor{c.type(x), weight_shape, std::move(weights)});
  return c.einsum(letters + "z," + weight_letters + "z->" + letters, {taken, constant});
}

std::vector<Value> resize(Converter& c, const OnnxNode& n, bool upsample) {
  const Value x = n.input(0);
  if (c.rank(x) > 20) n.unsupported("a tensor of rank " + std::to_string(c.rank(x)));
  const ResizeMode mode = mode_of(n, upsample);
  const std::vector<ResizeAxis> axes = axes_of(c, n, upsample);
  const bool nearest = mode.kernel == ResizeMode::Kernel::nearest;
  if (nearest && !c.onnx_semantics()) {
    // The published package repeats elements, whatever the coordinates.
    Integers factors;
    for (const ResizeAxis& axis : axes) {
      if (axis.target % axis.extent != 0) {
        n.unsupported("scales that are not whole numbers", {{"semantics", "{} onnx has them"}});
      }
      factors.push_back(static_cast<std::int64_t>(axis.target / axis.extent));
    }
    return {c.apply("Resize", {{"scales", factors}}, {x})};
  }
  std::vector<AxisTaps> taps;
  std::vector<std::size_t> chosen;
  std::size_t joint = 1;
  Shape result;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const bool crops = mode.coordinates == "tf_crop_and_resize" && (axes[i].crop_start != 0 || axes[i].crop_end != 1);
    const bool still = axes[i].extent == axes[i].target && axes[i].scale == 1 && !crops;
    result.push_back(axes[i].target);
    tensor_volume(result);
    if (!still) c.charge(ModelBudget::Kind::make, tap_price * most_taps(axes[i], mode));
    taps.push_back(still ? AxisTaps() : resize_taps(axes[i], mode));
    if (still) continue;
    chosen.push_back(i);
    std::size_t most = 1;
    for (const auto& at : taps.back()) most = std::max(most, at ? at->size() : 1);
    joint *= most;
  }
  const double outside = n.real("extrapolation_value", 0);
  if (joint <= most_joint_taps) return {chosen.empty() ? x : resample(c, x, chosen, taps, outside)};
  Value value = x;
  for (const std::size_t axis : chosen) value = resample(c, value, {axis}, taps, outside);
  return {value};
}

std::vector<Value> convert_resize(Converter& c, const OnnxNode& n) { return resize(c, n, false); }
std::vector<Value> convert_upsample(Converter& c, const OnnxNode& n) { return resize(c, n, true); }

constexpr ConverterEntry entries[] = {
    {"", "Resize", convert_resize},
    {"", "Upsample", convert_upsample},
};

}  // namespace

std::span<const ConverterEntry> resize_converters() { return entries; }

}  // namespace ezkl
