// Tensors from attributes, shapes and counts.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

Outputs constant(const Call& c) {
  if (c.has("value")) {
    c.spend(c.tensor("value").data.size());
    return {from_stored(c.tensor("value"))};
  }
  if (c.has("sparse_value")) return {from_stored(c.tensor("sparse_value"))};
  if (c.has("value_float")) return {real_tensor(c, DType::f32, {}, {c.real("value_float", 0)})};
  if (c.has("value_int")) return {int_tensor(c, DType::i64, {}, {c.integer("value_int")})};
  if (c.has("value_floats")) {
    const std::vector<double> values = c.reals("value_floats");
    return {real_tensor(c, DType::f32, {values.size()}, values)};
  }
  if (c.has("value_ints")) {
    const Ints values = c.integers("value_ints");
    return {int_tensor(c, DType::i64, {values.size()}, values)};
  }
  const bool one = c.has("value_string");
  const std::vector<std::string> texts =
      one ? std::vector<std::string>{c.text("value_string", "")} : c.texts("value_strings");
  if (texts.empty()) c.fail("there is no value");
  Tensor out = c.make(DType::i64, one ? Shape{} : Shape{texts.size()});
  for (std::size_t i = 0; i < texts.size(); ++i) out.ints()[i] = static_cast<Int>(i);
  out.texts = texts;
  return {std::move(out)};
}

Outputs constant_of_shape(const Call& c) {
  const FloatTensor standard{DType::f32, {1}, {0}};
  const Tensor value = from_stored(c.has("value") ? c.tensor("value") : standard);
  c.require(value.size() == 1, "the value should be one number");
  return {moved(c, value, c.to_shape(c.ints(0)), [](std::size_t) { return Int{0}; })};
}

Outputs eye_like(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() == 2, "the input is no matrix");
  const Int k = c.integer("k", 0);
  Tensor out = c.make(c.element_type("dtype", x.type), x.shape);
  for (Int row = 0; row < x.extent(0); ++row) {
    const Int column = k < -row || k >= x.extent(1) - row ? -1 : row + k;
    if (column < 0) continue;
    out.set(static_cast<std::size_t>(row * x.extent(1) + column), 1);
  }
  return {std::move(out)};
}

Outputs range(const Call& c) {
  const Tensor &start = c.in(0), &limit = c.in(1), &delta = c.in(2);
  c.require(start.size() == 1 && limit.size() == 1 && delta.size() == 1 && start.type == limit.type &&
                start.type == delta.type,
            "start, limit and delta should be numbers of one type");
  c.require(delta.number(0) != 0, "delta is 0");
  const double count = std::ceil((limit.number(0) - start.number(0)) / delta.number(0));
  c.require(!(count > 0x1p40) && !std::isnan(count), "there are too many numbers");
  Tensor out = c.make(start.type, Shape{static_cast<std::size_t>(std::max(0.0, count))});
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out.real()) {
      out.reals()[i] = start.reals()[0] + static_cast<double>(i) * delta.reals()[0];
    } else {
      const std::uint64_t step = static_cast<std::uint64_t>(delta.ints()[0]) * i;
      out.ints()[i] = static_cast<Int>(static_cast<std::uint64_t>(start.ints()[0]) + step);
    }
  }
  return {std::move(out)};
}

Outputs shape(const Call& c) {
  const Tensor& x = c.in(0);
  const Int rank = static_cast<Int>(x.rank());
  const auto placed = [&](Int v) { return std::clamp<Int>(v < 0 ? std::max(v, -rank) + rank : v, 0, rank); };
  const Int start = placed(c.integer("start", 0)), end = placed(c.integer("end", rank));
  Ints extents;
  for (Int i = start; i < end; ++i) extents.push_back(x.extent(static_cast<std::size_t>(i)));
  return {int_tensor(c, DType::i64, {extents.size()}, extents)};
}

Outputs size(const Call& c) { return {int_tensor(c, DType::i64, {}, {static_cast<Int>(c.in(0).size())})}; }

Outputs non_zero(const Call& c) {
  const Tensor& x = c.in(0);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x.real() ? x.reals()[i] != 0 : x.ints()[i] != 0) places.push_back(i);
  }
  const std::vector<std::size_t> own = strides(x.shape);
  Tensor out = c.make(DType::i64, Shape{x.rank(), places.size()});
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    for (std::size_t k = 0; k < places.size(); ++k) {
      out.ints()[axis * places.size() + k] = static_cast<Int>(places[k] / own[axis] % x.shape[axis]);
    }
  }
  return {std::move(out)};
}

Outputs one_hot(const Call& c) {
  const Tensor &indices = c.in(0), &values = c.in(2);
  c.require(values.size() == 2, "there should be two values");
  const Ints places = c.ints(0);
  const Int depth = c.ints(1).at(0);
  c.require(depth >= 0, "depth is negative");
  const std::size_t axis = c.axis(c.integer("axis", -1), indices.rank() + 1);
  Shape shape = indices.shape;
  shape.insert(shape.begin() + static_cast<Int>(axis), static_cast<std::size_t>(depth));
  const Lines lines = lines_of(shape, axis);
  return {moved(c, values, shape, [&](std::size_t i) {
    const Int index = places[i / (lines.inner * lines.extent) * lines.inner + i % lines.inner];
    const Int place = index < 0 && index >= -depth ? index + depth : index;
    return place == static_cast<Int>(i / lines.inner % lines.extent) ? Int{1} : Int{0};
  })};
}

/// Hann, Hamming and Blackman: a0 - a1 cos(2πi/n) + a2 cos(4πi/n).
Outputs window(const Call& c) {
  const Int length = c.int_scalar(0);
  c.require(length >= 0, "the length is negative");
  const bool periodic = c.integer("periodic", 1) != 0;
  const std::string& op = c.node().op_type;
  const double a0 = op == "HannWindow" ? 0.5 : op == "HammingWindow" ? 25.0 / 46 : 0.42;
  const double a1 = op == "HannWindow" ? 0.5 : op == "HammingWindow" ? 21.0 / 46 : 0.5;
  const double a2 = op == "BlackmanWindow" ? 0.08 : 0;
  Tensor out = c.make(c.element_type("output_datatype", DType::f32), Shape{static_cast<std::size_t>(length)});
  const double n = static_cast<double>(periodic ? length : length - 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double angle = 2 * M_PI * static_cast<double>(i) / n;
    const double value = n == 0 ? 1 : a0 - a1 * std::cos(angle) + a2 * std::cos(2 * angle);
    out.set(i, value);
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "BlackmanWindow", window},
    {"", "Constant", constant},
    {"", "ConstantOfShape", constant_of_shape},
    {"", "EyeLike", eye_like},
    {"", "HammingWindow", window},
    {"", "HannWindow", window},
    {"", "NonZero", non_zero},
    {"", "OneHot", one_hot},
    {"", "Range", range},
    {"", "Shape", shape},
    {"", "Size", size},
};

}  // namespace

std::span<const KernelEntry> constant_kernels() { return entries; }

}  // namespace ezkl::floatrun
