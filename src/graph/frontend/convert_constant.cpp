// Operators whose result is known when the model is read.
#include <algorithm>
#include <cmath>

#include "graph/frontend/element_type.hpp"
#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

std::vector<Value> convert_constant(Converter& c, const OnnxNode& n) {
  const auto list = [&](DType type, std::vector<double> values) {
    const std::size_t count = values.size();
    return c.constant(FloatTensor{type, {count}, std::move(values)});
  };
  if (n.has("value")) return {c.constant(n.tensor("value"))};
  if (n.has("sparse_value")) return {c.constant(n.tensor("sparse_value"))};
  if (n.has("value_float")) return {c.scalar(DType::f32, n.real("value_float", 0))};
  if (n.has("value_int")) return {c.scalar(DType::i64, static_cast<double>(n.integer("value_int")))};
  if (n.has("value_floats")) return {list(DType::f32, n.reals("value_floats"))};
  if (n.has("value_ints")) return {c.integers(n.integers("value_ints"))};
  n.unsupported("it has no numeric value; use a tensor of numbers");
}

/// An extent read from a tensor. errors: Fault::format for a negative one.
Shape to_shape(const OnnxNode& n, const Integers& extents) {
  Shape shape;
  for (const std::int64_t extent : extents) {
    if (extent < 0) n.fail(Fault::format, "the extent " + std::to_string(extent) + " is negative");
    shape.push_back(static_cast<std::size_t>(extent));
  }
  return shape;
}

std::vector<Value> convert_constant_of_shape(Converter& c, const OnnxNode& n) {
  const Shape shape = to_shape(n, n.constant_integers(0));
  if (!n.has("value")) return {c.constant(DType::f32, shape, 0)};
  const FloatTensor& value = n.tensor("value");
  if (value.data.size() != 1) n.fail(Fault::format, "value must have one element");
  return {c.constant(value.type, shape, value.data.front())};
}

std::vector<Value> convert_shape(Converter& c, const OnnxNode& n) {
  const Shape& shape = c.shape(n.input(0));
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto bound = [&](std::int64_t at) {
    return std::min(std::max<std::int64_t>(at < 0 ? at + rank : at, 0), rank);
  };
  const std::int64_t start = bound(n.integer("start", 0));
  const std::int64_t end = bound(n.integer("end", rank));
  Integers extents;
  for (std::int64_t i = start; i < end; ++i)
    extents.push_back(static_cast<std::int64_t>(shape[static_cast<std::size_t>(i)]));
  return {c.integers(extents)};
}

std::vector<Value> convert_size(Converter& c, const OnnxNode& n) {
  return {c.scalar(DType::i64, static_cast<double>(volume(c.shape(n.input(0)))))};
}

std::vector<Value> convert_range(Converter& c, const OnnxNode& n) {
  const FloatTensor start = n.constant(0);
  const FloatTensor limit = n.constant(1);
  const FloatTensor delta = n.constant(2);
  if (start.data.size() != 1 || limit.data.size() != 1 || delta.data.size() != 1 || delta.data[0] == 0) {
    n.fail(Fault::format, "start, limit and delta must be numbers, and delta not 0");
  }
  const double count = std::ceil((limit.data[0] - start.data[0]) / delta.data[0]);
  if (!(count <= 0x1p28)) n.fail(Fault::range, "a range of more than 2^28 elements");
  FloatTensor values{start.type, {}, {}};
  c.charged_volume({static_cast<std::size_t>(std::max(count, 0.0))});
  for (double i = 0; i < count; ++i) values.data.push_back(round_to(start.type, start.data[0] + i * delta.data[0]));
  values.shape = {values.data.size()};
  return {c.constant(std::move(values))};
}

DType type_or(const OnnxNode& n, const std::string& attribute, DType otherwise) {
  return n.has(attribute) ? element_type(n, attribute) : otherwise;
}

std::vector<Value> convert_eye_like(Converter& c, const OnnxNode& n) {
  const Shape shape = c.shape(n.input(0));
  if (shape.size() != 2) n.fail(Fault::format, "the input must be a matrix");
  FloatTensor eye{type_or(n, "dtype", c.type(n.input(0))), shape, std::vector<double>(c.charged_volume(shape), 0)};
  const std::int64_t k = n.integer("k", 0);
  const auto columns = static_cast<std::int64_t>(shape[1]);
  if (k < -static_cast<std::int64_t>(shape[0]) || k > columns) return {c.constant(std::move(eye))};
  for (std::size_t row = 0; row < shape[0]; ++row) {
    const std::int64_t column = static_cast<std::int64_t>(row) + k;
    if (column >= 0 && column < columns) {
      eye.data[row * shape[1] + static_cast<std::size_t>(column)] = 1;
    }
  }
  return {c.constant(std::move(eye))};
}

/// a0 - a1·cos(2πi/m) + a2·cos(4πi/m), m = size or size - 1.
Value window(Converter& c, const OnnxNode& n, double a0, double a1, double a2) {
  const Integers size = n.constant_integers(0);
  if (size.size() != 1 || size[0] < 0 || size[0] > (1 << 28))
    n.fail(Fault::format, "size must be one number up to 2^28");
  // Two cosines each.
  c.charge(ModelBudget::Kind::make, 2 * static_cast<std::uint64_t>(size[0]));
  const double period = static_cast<double>(n.integer("periodic", 1) != 0 ? size[0] : size[0] - 1);
  FloatTensor values{type_or(n, "output_datatype", DType::f32), {static_cast<std::size_t>(size[0])}, {}};
  for (std::int64_t i = 0; i < size[0]; ++i) {
    const double angle = 2 * M_PI * static_cast<double>(i) / period;
    values.data.push_back(round_to(values.type, a0 - a1 * std::cos(angle) + a2 * std::cos(2 * angle)));
  }
  return c.constant(std::move(values));
}

std::vector<Value> convert_hann(Converter& c, const OnnxNode& n) { return {window(c, n, 0.5, 0.5, 0)}; }
std::vector<Value> convert_hamming(Converter& c, const OnnxNode& n) {
  return {window(c, n, 25.0 / 46.0, 21.0 / 46.0, 0)};
}
std::vector<Value> convert_blackman(Converter& c, const OnnxNode& n) { return {window(c, n, 0.42, 0.5, 0.08)}; }

std::vector<Value> convert_non_zero(Converter& c, const OnnxNode& n) {
  if (!n.has_constant(0)) {
    n.unsupported("its output's size depends on the data, and a circuit has fixed sizes; use Where with a mask");
  }
  const FloatTensor x = n.constant(0);
  c.charged_volume({std::max<std::size_t>(x.shape.size(), 1), x.data.size()});
  const std::vector<std::size_t> steps = strides(x.shape);
  std::vector<std::size_t> hits;
  for (std::size_t i = 0; i < x.data.size(); ++i) {
    if (x.data[i] != 0) hits.push_back(i);
  }
  FloatTensor result{DType::i64, {x.shape.size(), hits.size()}, {}};
  for (std::size_t axis = 0; axis < x.shape.size(); ++axis) {
    for (const std::size_t flat : hits) result.data.push_back(static_cast<double>(flat / steps[axis] % x.shape[axis]));
  }
  return {c.constant(std::move(result))};
}

constexpr ConverterEntry entries[] = {
    {"", "BlackmanWindow", convert_blackman},
    {"", "Constant", convert_constant},
    {"", "ConstantOfShape", convert_constant_of_shape},
    {"", "EyeLike", convert_eye_like},
    {"", "HammingWindow", convert_hamming},
    {"", "HannWindow", convert_hann},
    {"", "NonZero", convert_non_zero},
    {"", "Range", convert_range},
    {"", "Shape", convert_shape},
    {"", "Size", convert_size},
};

}  // namespace

std::span<const ConverterEntry> constant_converters() { return entries; }

}  // namespace ezkl
