// Gathers, scatters and one-hot encodings. Constant indices become attributes, computed ones operands.
#include "base/checked_int.hpp"
#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

/// The data operand of an indexing operator, with its indices either absorbed or as second operand.
struct Indexed {
  std::vector<Value> operands;
  Attributes attributes;
};

Indexed index_with(Converter& c, const OnnxNode& n, Value data, Value index) {
  if (is_float(c.type(index))) n.fail(Fault::format, "the indices must be integers");
  Indexed result{{data}, {}};
  if (!c.is_constant(index) || c.is_constant(data)) {
    result.operands.push_back(index);
    return result;
  }
  c.charged_volume(c.shape(index));
  const FloatTensor values = c.constant_of(index);
  Integers indices;
  for (const double value : values.data) indices.push_back(saturated_integer(value));
  result.attributes["indices"] = std::move(indices);
  result.attributes["indices_shape"] = Integers(values.shape.begin(), values.shape.end());
  return result;
}

std::vector<Value> convert_gather(Converter& c, const OnnxNode& n) {
  const Value data = n.input(0);
  const std::size_t axis = n.axis(n.integer("axis", 0), c.rank(data));
  const bool scalar = c.rank(n.input(1)) == 0;
  Indexed g = index_with(c, n, data, scalar ? c.reshape(n.input(1), {1}) : n.input(1));
  g.attributes["axis"] = static_cast<std::int64_t>(axis);
  const Value result = c.apply("Gather", std::move(g.attributes), std::move(g.operands));
  return {scalar ? c.squeeze(result, {static_cast<std::int64_t>(axis)}) : result};
}

std::vector<Value> convert_gather_elements(Converter& c, const OnnxNode& n) {
  const Value data = n.input(0);
  Indexed g = index_with(c, n, data, n.input(1));
  g.attributes["axis"] = static_cast<std::int64_t>(n.axis(n.integer("axis", 0), c.rank(data)));
  return {c.apply("GatherElements", std::move(g.attributes), std::move(g.operands))};
}

std::vector<Value> convert_gather_nd(Converter& c, const OnnxNode& n) {
  Indexed g = index_with(c, n, n.input(0), n.input(1));
  g.attributes["batch_dims"] = n.integer("batch_dims", 0);
  const Value result = c.apply("GatherND", std::move(g.attributes), std::move(g.operands));
  return {result};
}

Value scatter(Converter& c, const OnnxNode& n, const char* kind, Attributes attributes) {
  Indexed g = index_with(c, n, n.input(0), n.input(1));
  g.operands.push_back(n.input(2));
  g.attributes.merge(attributes);
  g.attributes["reduction"] = n.text("reduction", "none");
  return c.apply(kind, std::move(g.attributes), std::move(g.operands));
}

std::vector<Value> convert_scatter_elements(Converter& c, const OnnxNode& n) {
  const std::size_t axis = n.axis(n.integer("axis", 0), c.rank(n.input(0)));
  return {scatter(c, n, "ScatterElements", {{"axis", static_cast<std::int64_t>(axis)}})};
}

std::vector<Value> convert_scatter_nd(Converter& c, const OnnxNode& n) { return {scatter(c, n, "ScatterND", {})}; }

/// Writes a run of entries into a cache along one axis, from a place on that each element of the batch names.
std::vector<Value> convert_tensor_scatter(Converter& c, const OnnxNode& n) {
  const Value cache = n.input(0), update = n.input(1);
  const Shape shape = c.shape(cache), run = c.shape(update);
  const std::size_t axis = n.axis(n.integer("axis", -2), shape.size());
  Shape same = run;
  if (run.size() == shape.size()) same[axis] = shape[axis];
  if (axis == 0 || same != shape || run[axis] > shape[axis]) {
    n.fail(Fault::format, "an update " + to_string(run) + " does not fit a cache " + to_string(shape));
  }
  const std::string mode = n.text("mode", "linear");
  if (mode != "linear" && mode != "circular") n.fail(Fault::format, "mode is '" + mode + "'");
  const Value start = n.has_input(2) ? n.input(2) : c.constant(DType::i64, {shape[0]}, 0);
  if (c.shape(start) != Shape{shape[0]})
    n.fail(Fault::format, "write_indices has not one entry an element of the batch");
  FloatTensor steps{DType::i64, Shape(shape.size() - axis, 1), {}};
  steps.shape[0] = run[axis];
  c.charged_volume(steps.shape);
  for (std::size_t t = 0; t < run[axis]; ++t) steps.data.push_back(static_cast<double>(t));
  Shape first(shape.size(), 1);
  first[0] = shape[0];
  Value place = c.add(c.cast(c.reshape(start, first), DType::i64), c.constant(std::move(steps)));
  if (mode == "circular") place = c.binary("Mod", place, c.scalar_like(place, static_cast<double>(shape[axis])));
  Indexed g = index_with(c, n, cache, c.expand(place, run));
  g.operands.push_back(update);
  g.attributes["axis"] = static_cast<std::int64_t>(axis);
  g.attributes["reduction"] = std::string("none");
  return {c.apply("ScatterElements", std::move(g.attributes), std::move(g.operands))};
}

std::vector<Value> convert_one_hot(Converter& c, const OnnxNode& n) {
  Value index = n.input(0);
  const Integers depth = n.constant_integers(1);
  const Value values = n.input(2);
  if (depth.size() != 1 || depth[0] < 1 || depth[0] > (1 << 24))
    n.fail(Fault::format, "depth must be one positive number");
  const std::size_t axis = n.axis(n.integer("axis", -1), c.rank(index) + 1);
  const bool scalar = c.rank(index) == 0;
  if (scalar) index = c.reshape(index, {1});
  const std::int64_t hot_axis = static_cast<std::int64_t>(scalar ? 1 : axis);
  index = c.cast(index, DType::i64);
  if (c.onnx_semantics() && !c.is_constant(index)) {
    // Negative indices count from the end.
    const Value negative = c.compare("Less", index, c.scalar_like(index, 0));
    index = c.add(index, c.mul(c.cast(negative, DType::i64), static_cast<double>(depth[0])));
  }
  Value hot = c.apply("OneHot", {{"depth", depth[0]}, {"axis", hot_axis}}, {index}, c.type(values));
  if (scalar) hot = c.squeeze(hot, {0});
  if (!c.onnx_semantics()) return {hot};
  if (c.is_constant(values)) {
    const std::vector<double> pair = c.constant_of(values).data;
    if (pair.size() != 2) n.fail(Fault::format, "values must be two numbers");
    if (pair[0] == 0 && pair[1] == 1) return {hot};
    return {c.add(c.mul(hot, pair[1] - pair[0]), pair[0])};
  }
  const Value off = c.slice(values, 0, 0, 1);
  return {c.add(c.mul(hot, c.sub(c.slice(values, 0, 1, 1), off)), off)};
}

std::vector<Value> convert_compress(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  if (!n.has("axis")) x = c.reshape(x, {volume(c.shape(x))});
  const std::size_t axis = n.has("axis") ? n.axis(n.integer("axis"), c.rank(x)) : 0;
  const FloatTensor condition = n.constant(1);
  Integers kept;
  for (std::size_t i = 0; i < condition.data.size() && i < c.shape(x)[axis]; ++i) {
    if (condition.data[i] != 0) kept.push_back(static_cast<std::int64_t>(i));
  }
  const Integers shape{static_cast<std::int64_t>(kept.size())};
  if (c.is_constant(x)) return {c.apply("Gather", {{"axis", static_cast<std::int64_t>(axis)}}, {x, c.integers(kept)})};
  return {
      c.apply("Gather", {{"axis", static_cast<std::int64_t>(axis)}, {"indices", kept}, {"indices_shape", shape}}, {x})};
}

constexpr ConverterEntry entries[] = {
    {"", "Compress", convert_compress},
    {"", "Gather", convert_gather},
    {"", "GatherElements", convert_gather_elements},
    {"", "GatherND", convert_gather_nd},
    {"", "OneHot", convert_one_hot},
    {"", "Scatter", convert_scatter_elements},
    {"", "ScatterElements", convert_scatter_elements},
    {"", "ScatterND", convert_scatter_nd},
    {"", "TensorScatter", convert_tensor_scatter},
};

}  // namespace

std::span<const ConverterEntry> indexing_converters() { return entries; }

}  // namespace ezkl
