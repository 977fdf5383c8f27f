// Comparisons, boolean operators, selection and casts.
#include <algorithm>
#include <cmath>

#include "graph/frontend/element_type.hpp"
#include "graph/frontend/families.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl {
namespace {

std::vector<Value> convert_equal(Converter& c, const OnnxNode& n) {
  return {c.compare("Equals", n.input(0), n.input(1))};
}
std::vector<Value> convert_greater(Converter& c, const OnnxNode& n) {
  return {c.compare("Greater", n.input(0), n.input(1))};
}
std::vector<Value> convert_greater_equal(Converter& c, const OnnxNode& n) {
  return {c.compare("GreaterEqual", n.input(0), n.input(1))};
}
std::vector<Value> convert_less(Converter& c, const OnnxNode& n) { return {c.compare("Less", n.input(0), n.input(1))}; }
std::vector<Value> convert_less_equal(Converter& c, const OnnxNode& n) {
  return {c.compare("LessEqual", n.input(0), n.input(1))};
}
std::vector<Value> convert_and(Converter& c, const OnnxNode& n) { return {c.logical("And", n.input(0), n.input(1))}; }
std::vector<Value> convert_or(Converter& c, const OnnxNode& n) { return {c.logical("Or", n.input(0), n.input(1))}; }
std::vector<Value> convert_xor(Converter& c, const OnnxNode& n) { return {c.logical("Xor", n.input(0), n.input(1))}; }
std::vector<Value> convert_not(Converter& c, const OnnxNode& n) { return {c.logical_not(n.input(0))}; }

std::vector<Value> convert_where(Converter& c, const OnnxNode& n) {
  return {c.where(n.input(0), n.input(1), n.input(2))};
}

std::vector<Value> convert_cast(Converter& c, const OnnxNode& n) { return {c.cast(n.input(0), element_type(n, "to"))}; }

/// For integers: the bits of a float mean nothing to a number at a scale.
std::vector<Value> convert_bit_cast(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const DType from = c.type(x), to = element_type(n, "to");
  if (is_float(from) || is_float(to)) n.unsupported("the bits of a float, which a circuit does not have; use Cast");
  if (bits_of(from) != bits_of(to)) n.fail(Fault::format, "the types differ in size");
  if (from == to || bits_of(to) == 64 || from == DType::boolean) return {c.apply("Identity", {}, {x}, to)};
  return {c.wrapped(x, to)};
}

std::vector<Value> convert_cast_like(Converter& c, const OnnxNode& n) {
  return {c.cast(n.input(0), c.type(n.input(1)))};
}

/// Where a tensor holds what `marks` looks for. Computed numbers are fixed-point ones, which are always finite.
template <class Marks>
std::vector<Value> where_not_finite(Converter& c, const OnnxNode& n, Marks marks) {
  const Value x = n.input(0);
  FloatTensor found{DType::boolean, c.shape(x), std::vector<double>(tensor_volume(c.shape(x)), 0)};
  if (c.is_constant(x)) {
    const std::vector<double> values = c.constant_of(x).data;
    std::transform(values.begin(), values.end(), found.data.begin(), [&](double v) { return marks(v) ? 1.0 : 0.0; });
  }
  return {c.constant(std::move(found))};
}

std::vector<Value> convert_is_inf(Converter& c, const OnnxNode& n) {
  const bool negative = n.integer("detect_negative", 1) != 0, positive = n.integer("detect_positive", 1) != 0;
  return where_not_finite(c, n, [&](double v) { return std::isinf(v) && (v < 0 ? negative : positive); });
}

std::vector<Value> convert_is_nan(Converter& c, const OnnxNode& n) {
  return where_not_finite(c, n, [](double v) { return std::isnan(v); });
}

Value bitwise(Converter& c, const OnnxNode& n, const std::string& kind, std::vector<Value> inputs) {
  const DType type = c.type(inputs.front());
  if (!is_integer(type)) n.fail(Fault::format, "the inputs must be integers");
  const bool is_signed = integer_limits(type).first < 0;
  if (inputs.size() == 2) {
    const Shape common = broadcast_shape(c.shape(inputs[0]), c.shape(inputs[1]));
    for (Value& v : inputs) v = c.expand(v, common);
  }
  return c.apply(kind, {{"bits", static_cast<std::int64_t>(bits_of(type))}, {"signed", std::int64_t{is_signed}}},
                 std::move(inputs));
}

std::vector<Value> convert_bitwise_and(Converter& c, const OnnxNode& n) {
  return {bitwise(c, n, "BitwiseAnd", n.inputs(2))};
}
std::vector<Value> convert_bitwise_or(Converter& c, const OnnxNode& n) {
  return {bitwise(c, n, "BitwiseOr", n.inputs(2))};
}
std::vector<Value> convert_bitwise_xor(Converter& c, const OnnxNode& n) {
  return {bitwise(c, n, "BitwiseXor", n.inputs(2))};
}
std::vector<Value> convert_bitwise_not(Converter& c, const OnnxNode& n) {
  return {bitwise(c, n, "BitwiseNot", n.inputs(1))};
}

constexpr ConverterEntry entries[] = {
    {"", "And", convert_and},
    {"", "BitCast", convert_bit_cast},
    {"", "BitwiseAnd", convert_bitwise_and},
    {"", "BitwiseNot", convert_bitwise_not},
    {"", "BitwiseOr", convert_bitwise_or},
    {"", "BitwiseXor", convert_bitwise_xor},
    {"", "Cast", convert_cast},
    {"", "CastLike", convert_cast_like},
    {"", "Equal", convert_equal},
    {"", "Greater", convert_greater},
    {"", "GreaterOrEqual", convert_greater_equal},
    {"", "IsInf", convert_is_inf},
    {"", "IsNaN", convert_is_nan},
    {"", "Less", convert_less},
    {"", "LessOrEqual", convert_less_equal},
    {"", "Not", convert_not},
    {"", "Or", convert_or},
    {"", "Where", convert_where},
    {"", "Xor", convert_xor},
};

}  // namespace

std::span<const ConverterEntry> logic_converters() { return entries; }

}  // namespace ezkl
