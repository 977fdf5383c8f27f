// Operators that move elements and change shapes.
#include <algorithm>

#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

std::vector<Value> convert_identity(Converter&, const OnnxNode& n) { return {n.input(0)}; }

/// Whether elements are dropped at random: by a flag that is an input from opset 12 on and an attribute up to opset 6.
bool drops(Converter& c, const OnnxNode& n) {
  if (n.opset() < 7) return n.integer("is_test", 0) == 0 && n.real("ratio", 0.5) != 0;
  if (n.opset() < 12 || !n.has_input(2)) return false;
  if (n.has_constant(2))
    return c.uniform_constant(n.input(2)) != 0 && !(n.has_constant(1) && c.uniform_constant(n.input(1)) == 0);
  return true;
}

std::vector<Value> convert_dropout(Converter& c, const OnnxNode& n) {
  if (c.onnx_semantics() && drops(c, n)) {
    n.unsupported(std::string(n.opset() < 7 ? "is_test is 0" : "training_mode is 1") +
                  ": elements are dropped at random; export the model for inference");
  }
  std::vector<Value> results{n.input(0)};
  if (n.wants_output(1)) results.push_back(c.constant(DType::boolean, c.shape(n.input(0)), 1));
  return results;
}

std::vector<Value> convert_reshape(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers wanted = n.opset() < 5 ? n.integers("shape") : n.constant_integers(1);
  const bool keep_zero = n.integer("allowzero", 0) != 0;
  const Shape& from = c.shape(x);
  Shape shape;
  std::size_t known = 1;
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == -1) {
      if (open) n.fail(Fault::format, "the shape has two extents -1");
      open = i;
      shape.push_back(1);
      continue;
    }
    if (wanted[i] < -1) n.fail(Fault::format, "the shape holds " + std::to_string(wanted[i]));
    if (wanted[i] == 0 && !keep_zero && i >= from.size()) n.fail(Fault::format, "0 copies an extent that is not there");
    shape.push_back(wanted[i] == 0 && !keep_zero ? from[i] : static_cast<std::size_t>(wanted[i]));
    known = volume({known, shape.back()});
  }
  if (open) {
    if (known == 0 || volume(from) % known != 0) {
      n.fail(Fault::format, "a tensor " + to_string(from) + " has no extent for -1 in the wanted shape");
    }
    shape[*open] = volume(from) / known;
  }
  return {c.reshape(x, shape)};
}

std::vector<Value> convert_flatten(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::int64_t wanted = n.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(c.rank(x));
  if (wanted < -rank || wanted > rank) n.fail(Fault::format, "axis " + std::to_string(wanted) + " is out of range");
  const auto split = c.shape(x).begin() + (wanted < 0 ? wanted + rank : wanted);
  return {c.reshape(x, {volume(Shape(c.shape(x).begin(), split)), volume(Shape(split, c.shape(x).end()))})};
}

std::vector<Value> convert_transpose(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  Integers permutation = iota(c.rank(x));
  std::reverse(permutation.begin(), permutation.end());
  return {c.transpose(x, n.integers("perm", permutation))};
}

Integers axes_of(const OnnxNode& n, std::size_t rank) {
  return n.axes(n.has_input(1) ? n.constant_integers(1) : n.integers("axes"), rank);
}

std::vector<Value> convert_squeeze(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  Integers axes = axes_of(n, c.rank(x));
  if (!n.has_input(1) && !n.has("axes")) {
    for (std::size_t i = 0; i < c.rank(x); ++i) {
      if (c.shape(x)[i] == 1) axes.push_back(static_cast<std::int64_t>(i));
    }
  }
  return {c.squeeze(x, axes)};
}

std::vector<Value> convert_unsqueeze(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::size_t added = n.has_input(1) ? volume(c.shape(n.input(1))) : n.integers("axes").size();
  return {c.unsqueeze(x, axes_of(n, c.rank(x) + added))};
}

std::vector<Value> convert_concat(Converter& c, const OnnxNode& n) {
  std::vector<Value> parts = n.inputs();
  if (parts.empty()) n.fail(Fault::format, "there are no inputs");
  const std::size_t axis = n.axis(n.integer("axis", 1), c.rank(parts.front()));
  // Parts without elements are common in exported shape arithmetic.
  std::vector<Value> kept;
  for (const Value part : parts) {
    if (c.rank(part) != c.rank(parts.front())) n.fail(Fault::format, "the inputs differ in rank");
    if (volume(c.shape(part)) > 0) kept.push_back(part);
  }
  return {c.concat(kept.empty() ? std::vector<Value>{parts.front()} : kept, axis)};
}

/// One axis of a Slice, in ONNX's terms.
Value slice_axis(Converter& c, const OnnxNode& n, Value x, std::size_t axis, std::int64_t start, std::int64_t end,
                 std::int64_t step) {
  const auto extent = static_cast<std::int64_t>(c.shape(x)[axis]);
  if (step == 0 || step == INT64_MIN) n.fail(Fault::format, "a step is " + std::to_string(step));
  const std::int64_t low = step > 0 ? 0 : -1;
  const std::int64_t high = step > 0 ? extent : extent - 1;
  const auto bound = [&](std::int64_t at) { return std::clamp(at < 0 ? at + extent : at, low, high); };
  const std::int64_t first = std::max<std::int64_t>(bound(start), 0);
  const std::int64_t distance = step > 0 ? bound(end) - first : first - bound(end);
  const std::int64_t stride = step > 0 ? std::min(step, extent + 1) : std::min(-step, extent + 1);
  const std::int64_t count = distance <= 0 || extent == 0 ? 0 : (distance - 1) / stride + 1;
  return c.slice(x, axis, first, count, step > 0 ? stride : -stride);
}

std::vector<Value> convert_slice(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  const bool attributes = n.opset() < 10;
  const Integers starts = attributes ? n.integers("starts") : n.constant_integers(1);
  const Integers ends = attributes ? n.integers("ends") : n.constant_integers(2);
  Integers axes = iota(starts.size());
  if (attributes && n.has("axes")) axes = n.integers("axes");
  if (!attributes && n.has_input(3)) axes = n.constant_integers(3);
  const Integers steps = !attributes && n.has_input(4) ? n.constant_integers(4) : Integers(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
    n.fail(Fault::format, "starts, ends, axes and steps differ in length");
  }
  for (std::size_t i = 0; i < starts.size(); ++i) {
    x = slice_axis(c, n, x, n.axis(axes[i], c.rank(x)), starts[i], ends[i], steps[i]);
  }
  return {x};
}

std::vector<Value> convert_split(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::size_t axis = n.axis(n.integer("axis", 0), c.rank(x));
  const auto extent = static_cast<std::int64_t>(c.shape(x)[axis]);
  Integers sizes = n.has_input(1) ? n.constant_integers(1) : n.integers("split");
  if (sizes.empty()) {
    const auto named = static_cast<std::int64_t>(n.def().outputs.size());
    const auto parts = n.integer("num_outputs", named);
    if (parts < 1 || parts > std::max<std::int64_t>(extent, 1) || parts > named)
      n.fail(Fault::format, "num_outputs does not fit the axis");
    const std::int64_t size = (extent + parts - 1) / parts;
    for (std::int64_t i = 0; i < parts; ++i) sizes.push_back(std::clamp<std::int64_t>(extent - i * size, 0, size));
  }
  std::vector<Value> results;
  std::int64_t start = 0;
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > extent - start) n.fail(Fault::format, "the parts do not add up to the axis");
    results.push_back(c.slice(x, axis, start, size));
    start += size;
  }
  return results;
}

std::vector<Value> convert_expand(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  Shape wanted;
  for (const std::int64_t extent : n.constant_integers(1)) {
    if (extent < 0) n.fail(Fault::format, "the shape holds " + std::to_string(extent));
    wanted.push_back(static_cast<std::size_t>(extent));
  }
  return {c.expand(x, broadcast_shape(c.shape(x), wanted))};
}

std::vector<Value> convert_tile(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers repeats = n.constant_integers(1);
  if (repeats.size() != c.rank(x)) n.fail(Fault::format, "repeats does not have one number per axis");
  if (std::all_of(repeats.begin(), repeats.end(), [](std::int64_t r) { return r == 1; })) return {x};
  return {c.apply("Tile", {{"repeats", repeats}}, {x})};
}

std::vector<Value> convert_pad(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const bool attributes = n.opset() < 11;
  Integers pads = attributes ? n.integers(n.has("paddings") ? "paddings" : "pads") : n.constant_integers(1);
  if (!attributes && n.has_input(3)) {
    Integers all(2 * c.rank(x), 0);
    // Sorting would lose which axis a pad belongs to.
    const Integers listed = n.constant_integers(3);
    if (pads.size() != 2 * listed.size()) n.fail(Fault::format, "pads does not have two numbers per axis");
    for (std::size_t i = 0; i < listed.size(); ++i) {
      const std::size_t axis = n.axis(listed[i], c.rank(x));
      all[axis] = pads[i];
      all[axis + c.rank(x)] = pads[i + listed.size()];
    }
    pads = all;
  }
  if (pads.size() != 2 * c.rank(x)) n.fail(Fault::format, "pads does not have two numbers per axis");
  double value = n.real("value", 0);
  if (!attributes && n.has_input(2)) {
    const FloatTensor fill = n.constant(2);
    if (fill.data.size() == 1) value = fill.data.front();
  }
  if (std::all_of(pads.begin(), pads.end(), [](std::int64_t p) { return p == 0; })) return {x};
  return {c.apply("Pad", {{"pads", pads}, {"value", value}, {"mode", n.text("mode", "constant")}}, {x})};
}

constexpr std::int64_t largest_block = 1 << 16;  // its square, times a channel or an extent, is a number

std::vector<Value> convert_depth_to_space(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape s = c.shape(x);
  const std::int64_t block = n.integer("blocksize");
  const auto b = static_cast<std::size_t>(block);
  if (s.size() != 4 || block < 1 || block > largest_block || s[1] % (b * b) != 0) {
    n.fail(Fault::format, "the input does not fit the block size");
  }
  const std::size_t depth = s[1] / (b * b);
  const bool dcr = n.text("mode", "DCR") == "DCR";
  const Value split = c.reshape(x, dcr ? Shape{s[0], b, b, depth, s[2], s[3]} : Shape{s[0], depth, b, b, s[2], s[3]});
  const Value moved = c.transpose(split, dcr ? Integers{0, 3, 4, 1, 5, 2} : Integers{0, 1, 4, 2, 5, 3});
  return {c.reshape(moved, {s[0], depth, s[2] * b, s[3] * b})};
}

std::vector<Value> convert_space_to_depth(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape s = c.shape(x);
  const std::int64_t block = n.integer("blocksize");
  const auto b = static_cast<std::size_t>(block);
  if (s.size() != 4 || block < 1 || block > largest_block || s[2] % b != 0 || s[3] % b != 0) {
    n.fail(Fault::format, "the input does not fit the block size");
  }
  const Value split = c.reshape(x, {s[0], s[1], s[2] / b, b, s[3] / b, b});
  const Integers order = n.text("mode", "DCR") == "DCR" ? Integers{0, 3, 5, 1, 2, 4} : Integers{0, 1, 3, 5, 2, 4};
  return {c.reshape(c.transpose(split, order), {s[0], s[1] * b * b, s[2] / b, s[3] / b})};
}

std::vector<Value> convert_trilu(Converter& c, const OnnxNode& n) {
  const std::int64_t k = n.has_input(1) ? n.constant_integers(1).at(0) : 0;
  return {c.apply("Trilu", {{"k", k}, {"upper", n.integer("upper", 1)}}, {n.input(0)})};
}

std::vector<Value> convert_center_crop_pad(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  const Integers target = n.constant_integers(1);
  Integers axes = n.integers("axes", iota(c.rank(x)));
  if (axes.size() != target.size()) n.fail(Fault::format, "the shape does not have one extent per axis");
  Integers pads(2 * c.rank(x), 0);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = n.axis(axes[i], c.rank(x));
    const auto extent = static_cast<std::int64_t>(c.shape(x)[axis]);
    if (target[i] < 0) n.fail(Fault::format, "the shape holds a negative extent");
    const std::int64_t more = target[i] - extent;
    if (more < 0) x = c.slice(x, axis, -more / 2, target[i]);
    if (more > 0) pads[axis] = more / 2;
    if (more > 0) pads[axis + c.rank(x)] = more - more / 2;
  }
  if (std::all_of(pads.begin(), pads.end(), [](std::int64_t p) { return p == 0; })) return {x};
  return {c.apply("Pad", {{"pads", pads}, {"value", 0.0}, {"mode", std::string("constant")}}, {x})};
}

std::vector<Value> convert_reverse_sequence(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape& shape = c.shape(x);
  const std::size_t time = n.axis(n.integer("time_axis", 0), shape.size());
  const std::size_t batch = n.axis(n.integer("batch_axis", 1), shape.size());
  const Integers lengths = n.constant_integers(1);
  if (time == batch || lengths.size() != shape[batch]) n.fail(Fault::format, "sequence_lens does not fit the batch");
  const std::vector<std::size_t> steps = strides(shape);
  Integers map(c.charged_volume(shape));
  for (std::size_t flat = 0; flat < map.size(); ++flat) {
    const std::int64_t length = lengths[flat / steps[batch] % shape[batch]];
    const auto t = static_cast<std::int64_t>(flat / steps[time] % shape[time]);
    if (length < 0 || length > static_cast<std::int64_t>(shape[time]))
      n.fail(Fault::format, "a length is out of range");
    const std::int64_t from = t < length ? length - 1 - t : t;
    map[flat] = static_cast<std::int64_t>(flat) + (from - t) * static_cast<std::int64_t>(steps[time]);
  }
  return {c.remap(x, shape, std::move(map))};
}

constexpr ConverterEntry entries[] = {
    {"", "CenterCropPad", convert_center_crop_pad},
    {"", "Concat", convert_concat},
    {"", "DepthToSpace", convert_depth_to_space},
    {"", "Dropout", convert_dropout},
    {"", "Expand", convert_expand},
    {"", "Flatten", convert_flatten},
    {"", "Identity", convert_identity},
    {"", "Pad", convert_pad},
    {"", "Reshape", convert_reshape},
    {"", "ReverseSequence", convert_reverse_sequence},
    {"", "Slice", convert_slice},
    {"", "SpaceToDepth", convert_space_to_depth},
    {"", "Split", convert_split},
    {"", "Squeeze", convert_squeeze},
    {"", "Tile", convert_tile},
    {"", "Transpose", convert_transpose},
    {"", "Trilu", convert_trilu},
    {"", "Unsqueeze", convert_unsqueeze},
};

}  // namespace

std::span<const ConverterEntry> shape_converters() { return entries; }

}  // namespace ezkl
