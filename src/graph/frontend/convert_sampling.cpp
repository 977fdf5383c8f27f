// Operators that read images at computed places: GridSample, DeformConv, RoiAlign; and MaxUnpool, which writes there.
#include <algorithm>

#include "base/checked_int.hpp"
#include "graph/frontend/families.hpp"
#include "graph/frontend/sampling.hpp"
#include "graph/frontend/window_geometry.hpp"

namespace ezkl {
namespace {

SamplingRule sampling_rule(const OnnxNode& n) {
  SamplingRule rule;
  rule.reflect_at_pixels = n.integer("align_corners", 0) != 0;
  const std::string padding = n.text("padding_mode", "zeros");
  if (padding == "border") rule.outside = Outside::border;
  if (padding == "reflection") rule.outside = Outside::reflection;
  if (padding != "zeros" && rule.outside == Outside::zeros) n.fail(Fault::format, "padding_mode is '" + padding + "'");
  const std::string mode = n.text("mode", "linear");
  if (mode == "nearest") rule.interpolation = Interpolation::nearest;
  if (mode == "cubic" || mode == "bicubic") rule.interpolation = Interpolation::cubic;
  if (mode != "linear" && mode != "bilinear" && rule.interpolation == Interpolation::linear) {
    n.fail(Fault::format, "mode is '" + mode + "'");
  }
  return rule;
}

std::vector<Value> convert_grid_sample(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Value grid = n.input(1);
  const Shape image = c.shape(x);
  const Shape grid_shape = c.shape(grid);
  const std::size_t rank = image.size() < 3 ? 0 : image.size() - 2;
  if (rank == 0 || rank > 3 || grid_shape.size() != image.size() || grid_shape.back() != rank ||
      grid_shape[0] != image[0]) {
    n.fail(Fault::format, "a grid " + to_string(grid_shape) + " does not go with an image " + to_string(image));
  }
  const Shape places(grid_shape.begin() + 1, grid_shape.end() - 1);
  const std::size_t count = volume(places);
  const Value coordinates = c.reshape(grid, {image[0], count, rank});
  const SamplingRule rule = sampling_rule(n);
  std::vector<std::vector<Neighbour>> axes;
  for (std::size_t i = 0; i < rank; ++i) {
    // The grid names the innermost axis first, from -1 to 1.
    const Value one = c.squeeze(c.slice(coordinates, 2, static_cast<std::int64_t>(rank - 1 - i), 1), {2});
    const double extent = static_cast<double>(image[i + 2]);
    const double slope = (rule.reflect_at_pixels ? extent - 1 : extent) / 2;
    const Value at = c.add(c.mul(one, slope), slope - (rule.reflect_at_pixels ? 0 : 0.5));
    axes.push_back(neighbours(c, at, image[i + 2], rule));
  }
  Shape result{image[0], image[1]};
  result.insert(result.end(), places.begin(), places.end());
  return {c.reshape(interpolated(c, x, axes, {count}), result)};
}

/// Where tap `tap` of a kernel lies along spatial axis `axis` for each window, before any offset: [taps, windows].
FloatTensor tap_positions(Converter& c, DType type, const WindowGeometry& g, const Shape& windows, std::size_t axis) {
  const Shape kernel(g.kernel.begin(), g.kernel.end());
  const std::vector<std::size_t> kernel_steps = strides(kernel), window_steps = strides(windows);
  FloatTensor positions{type, {volume(kernel), volume(windows)}, {}};
  c.charged_volume(positions.shape);
  for (std::size_t tap = 0; tap < volume(kernel); ++tap) {
    const auto in_kernel = static_cast<std::int64_t>(tap / kernel_steps[axis] % kernel[axis]) * g.dilations[axis];
    for (std::size_t window = 0; window < volume(windows); ++window) {
      const auto start = static_cast<std::int64_t>(window / window_steps[axis] % windows[axis]) * g.strides[axis];
      positions.data.push_back(static_cast<double>(start + in_kernel - g.pads[axis]));
    }
  }
  return positions;
}

/// A convolution each of whose taps reads the image at its own computed distance from where it would lie.
std::vector<Value> convert_deform_conv(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0), w = n.input(1), offset = n.input(2);
  const Shape image = c.shape(x), weights = c.shape(w);
  if (image.size() < 3 || image.size() > 5 || weights.size() != image.size() || c.rank(offset) != image.size()) {
    n.fail(Fault::format, "an input " + to_string(image) + ", weights " + to_string(weights) + " and offsets " +
                              to_string(c.shape(offset)) + " do not go together");
  }
  const std::size_t rank = image.size() - 2;
  const WindowGeometry g = window_geometry(n, image, Integers(weights.begin() + 2, weights.end()));
  Shape windows;
  for (std::size_t i = 0; i < rank; ++i) windows.push_back(static_cast<std::size_t>(window_count(g, image, i)));
  const std::size_t taps = volume(Shape(g.kernel.begin(), g.kernel.end())), count = volume(windows);
  // No more than there are channels.
  const auto count_of = [&](const char* attribute) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(n.integer(attribute, 1), 0, 1 << 28));
  };
  const std::size_t groups = count_of("group"), shifts = count_of("offset_group");
  const bool fits = groups > 0 && shifts > 0 && image[1] % shifts == 0 && image[1] == weights[1] * groups &&
                    weights[0] % groups == 0 && volume(c.shape(offset)) == image[0] * shifts * taps * rank * count;
  if (!fits) n.fail(Fault::format, "groups, channels and offsets do not fit each other");
  const std::size_t lots = image[0] * shifts;
  const Value each = c.reshape(offset, {lots, taps, rank, count});
  std::vector<std::vector<Neighbour>> axes;
  for (std::size_t i = 0; i < rank; ++i) {
    const Value moved = c.squeeze(c.slice(each, 2, static_cast<std::int64_t>(i), 1), {2});
    const Value at = c.add(moved, c.constant(tap_positions(c, c.type(x), g, windows, i)));
    axes.push_back(neighbours(c, at, image[i + 2], {}));
  }
  Shape split{lots, image[1] / shifts};
  split.insert(split.end(), image.begin() + 2, image.end());
  Value read = interpolated(c, c.reshape(x, split), axes, {taps, count});
  if (n.has_input(4)) read = c.mul(read, c.reshape(n.input(4), {lots, 1, taps * count}));
  const Value patches = c.reshape(read, {image[0], groups, weights[1], taps, count});
  const Value kernels = c.reshape(w, {groups, weights[0] / groups, weights[1], taps});
  Value y = c.reshape(c.einsum("ngckp,gmck->ngmp", {patches, kernels}), {image[0], weights[0], count});
  if (n.has_input(3)) y = c.add(y, c.reshape(n.input(3), {weights[0], 1}));
  Shape result{image[0], weights[0]};
  result.insert(result.end(), windows.begin(), windows.end());
  return {c.reshape(y, result)};
}

/// How RoiAlign cuts each region along one axis.
struct RoiAxis {
  std::size_t bins = 1, samples = 1;  ///< samples in each bin
  std::size_t extent = 1;             ///< of the image
};

/// The two pixels that each sample reads, for regions from `start` on and `size` long, both [regions, 1]. What lies
/// more than one pixel outside is zero, the rest is moved inside.
std::vector<Neighbour> roi_neighbours(Converter& c, Value start, Value size, const RoiAxis& axis, bool rows) {
  const std::size_t count = axis.bins * axis.samples;
  FloatTensor fractions{c.type(start), {1, count}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    fractions.data.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(count));
  }
  const double last = static_cast<double>(axis.extent) - 1;
  const Value at = c.add(start, c.mul(size, c.constant(std::move(fractions))));
  const Value near = c.logical("And", c.compare("GreaterEqual", at, c.scalar_like(at, -1)),
                               c.compare("LessEqual", at, c.scalar_like(at, last + 1)));
  const Value valid = c.cast(near, c.type(at));
  const Value clamped = c.min(c.max(at, c.scalar_like(at, 0)), c.scalar_like(at, last));
  const Value below = c.unary("Floor", clamped);
  const Value fraction = c.sub(clamped, below);
  const Value first = c.cast(below, DType::i64);
  const Value second = c.min(c.add(first, 1.0), c.scalar_like(first, last));
  const auto spread = [&](Value v) { return c.unsqueeze(v, {rows ? 2 : 1}); };
  const Value low = c.mul(c.sub(c.scalar_like(fraction, 1), fraction), valid);
  return {{spread(first), spread(low)}, {spread(second), spread(c.mul(fraction, valid))}};
}

/// Column `i` of the regions, in pixels of the image: [regions, 1].
Value roi_edge(Converter& c, const OnnxNode& n, Value regions, std::int64_t i, bool half_pixel) {
  const Value edge = c.mul(c.slice(regions, 1, i, 1), n.real("spatial_scale", 1));
  return half_pixel ? c.add(edge, -0.5) : edge;
}

std::vector<Value> convert_roi_align(Converter& c, const OnnxNode& n) {
  const Shape image = c.shape(n.input(0));
  const Value regions = n.input(1);
  const Value lots = n.input(2);
  if (image.size() != 4 || c.rank(regions) != 2 || c.shape(regions)[1] != 4 ||
      c.shape(lots) != Shape{c.shape(regions)[0]}) {
    n.fail(Fault::format, "rois " + to_string(c.shape(regions)) + " and batch indices " + to_string(c.shape(lots)) +
                              " do not go with an image " + to_string(image));
  }
  const std::string mode = n.text("mode", "avg");
  if (mode != "avg" && mode != "max") n.fail(Fault::format, "mode is '" + mode + "'");
  const std::int64_t samples = n.integer("sampling_ratio", 0);
  if (samples < 1 || samples > 64) {
    n.unsupported("sampling_ratio 0 takes as many samples as a region has pixels; export it with a fixed ratio");
  }
  const std::string coordinates = n.text("coordinate_transformation_mode", "half_pixel");
  if (coordinates != "half_pixel" && coordinates != "output_half_pixel") {
    n.fail(Fault::format, "coordinate_transformation_mode is '" + coordinates + "'");
  }
  const bool half_pixel = n.opset() >= 16 && coordinates == "half_pixel";
  const char* names[] = {"output_height", "output_width"};
  std::vector<RoiAxis> cuts;
  std::vector<std::vector<Neighbour>> axes;
  for (const std::size_t i : {0, 1}) {
    const std::int64_t bins = n.integer(names[i], 1);
    if (bins < 1 || bins > 4096) n.fail(Fault::format, std::string(names[i]) + " is " + std::to_string(bins));
    cuts.push_back({static_cast<std::size_t>(bins), static_cast<std::size_t>(samples), image[2 + i]});
    // A region is x1, y1, x2, y2.
    const auto column = static_cast<std::int64_t>(1 - i);
    const Value start = roi_edge(c, n, regions, column, half_pixel);
    Value size = c.sub(roi_edge(c, n, regions, column + 2, half_pixel), start);
    if (!half_pixel) size = c.max(size, c.scalar_like(size, 1));
    axes.push_back(roi_neighbours(c, start, size, cuts[i], i == 0));
  }
  const Value seen = c.apply("Gather", {{"axis", std::int64_t{0}}}, {n.input(0), lots});
  const RoiAxis &y = cuts[0], &x = cuts[1];
  const Shape places{y.bins * y.samples, x.bins * x.samples};
  std::vector<Value> pixels = weighted_pixels(c, seen, axes, places);
  Value result = pixels.front();
  for (std::size_t i = 1; i < pixels.size(); ++i) {
    result = mode == "avg" ? c.add(result, pixels[i]) : c.max(result, pixels[i]);
  }
  result = c.reshape(result, {c.shape(regions)[0], image[1], y.bins, y.samples, x.bins, x.samples});
  const Integers within{3, 5};
  return {mode == "avg" ? c.mean(result, within, false) : c.reduce("ReduceMax", result, within, false)};
}

/// Puts each element back where a MaxPool found it; the other places are zero.
std::vector<Value> convert_max_unpool(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape shape = c.shape(x);
  const Integers kernel = n.integers("kernel_shape");
  const std::size_t rank = kernel.size();
  const Integers steps = n.integers("strides", Integers(rank, 1));
  const Integers pads = n.integers("pads", Integers(2 * rank, 0));
  if (shape.size() != rank + 2 || c.shape(n.input(1)) != shape || steps.size() != rank || pads.size() != 2 * rank) {
    n.fail(Fault::format, "the input, its indices and the attributes do not fit each other");
  }
  Shape pooled{shape[0], shape[1]};
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t extent =
        ((CheckedInt(shape[i + 2]) - 1) * steps[i] - pads[i] - pads[i + rank] + kernel[i]).value();
    if (extent < 1 || extent > (1 << 24)) n.fail(Fault::format, "the output is empty or huge along a spatial axis");
    pooled.push_back(static_cast<std::size_t>(extent));
  }
  tensor_volume(pooled);
  // Indices count through all planes; each plane is written by itself.
  const std::size_t planes = shape[0] * shape[1];
  const std::size_t size = volume(pooled) / std::max<std::size_t>(planes, 1);
  const Shape lines{planes, volume(shape) / std::max<std::size_t>(planes, 1)};
  FloatTensor starts{DType::i64, {planes, 1}, {}};
  c.charged_volume(starts.shape);
  for (std::size_t i = 0; i < planes; ++i) starts.data.push_back(static_cast<double>(i * size));
  const Value index = c.sub(c.reshape(n.input(1), lines), c.constant(std::move(starts)));
  const Value zeros = c.constant(c.type(x), {planes, size}, 0);
  Value y = c.apply("ScatterElements", {{"axis", std::int64_t{1}}, {"reduction", std::string("none")}},
                    {zeros, index, c.reshape(x, lines)});
  y = c.reshape(y, pooled);
  if (!n.has_input(2)) return {y};
  const Integers wanted = n.constant_integers(2);
  if (wanted.size() != pooled.size()) n.fail(Fault::format, "output_shape does not have one extent per axis");
  Integers more(2 * pooled.size(), 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    more[pooled.size() + i] = (CheckedInt(wanted[i]) - pooled[i]).value();
    if (more[pooled.size() + i] < 0) n.fail(Fault::format, "output_shape is smaller than what is unpooled");
  }
  if (std::all_of(more.begin(), more.end(), [](std::int64_t p) { return p == 0; })) return {y};
  return {c.apply("Pad", {{"pads", more}, {"value", 0.0}, {"mode", std::string("constant")}}, {y})};
}

constexpr ConverterEntry entries[] = {
    {"", "DeformConv", convert_deform_conv},
    {"", "GridSample", convert_grid_sample},
    {"", "MaxUnpool", convert_max_unpool},
    {"", "RoiAlign", convert_roi_align},
};

}  // namespace

std::span<const ConverterEntry> sampling_converters() { return entries; }

}  // namespace ezkl
