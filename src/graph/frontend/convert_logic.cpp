// Comparisons, boolean operators, selection and casts.
#include "graph/frontend/element_type.hpp"
#include "graph/frontend/families.hpp"

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

std::vector<Value> convert_cast_like(Converter& c, const OnnxNode& n) {
  return {c.cast(n.input(0), c.type(n.input(1)))};
}

/// Fixed-point numbers are always finite.
std::vector<Value> convert_never(Converter& c, const OnnxNode& n) {
  return {c.constant(DType::boolean, c.shape(n.input(0)), 0)};
}

Value bitwise(Converter& c, const OnnxNode& n, const std::string& kind, std::vector<Value> inputs) {
  const DType type = c.type(inputs.front());
  if (!is_integer(type)) n.fail(Fault::format, "the inputs must be integers");
  const bool is_signed = type == DType::i8 || type == DType::i16 || type == DType::i32 || type == DType::i64;
  const int bits = type == DType::u8 || type == DType::i8     ? 8
                   : type == DType::u16 || type == DType::i16 ? 16
                   : type == DType::u32 || type == DType::i32 ? 32
                                                              : 64;
  if (inputs.size() == 2) {
    const Shape common = broadcast_shape(c.shape(inputs[0]), c.shape(inputs[1]));
    for (Value& v : inputs) v = c.expand(v, common);
  }
  return c.apply(kind, {{"bits", std::int64_t{bits}}, {"signed", std::int64_t{is_signed}}}, std::move(inputs));
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
    {"", "BitwiseAnd", convert_bitwise_and},
    {"", "BitwiseNot", convert_bitwise_not},
    {"", "BitwiseOr", convert_bitwise_or},
    {"", "BitwiseXor", convert_bitwise_xor},
    {"", "Cast", convert_cast},
    {"", "CastLike", convert_cast_like},
    {"", "Equal", convert_equal},
    {"", "Greater", convert_greater},
    {"", "GreaterOrEqual", convert_greater_equal},
    {"", "IsInf", convert_never},
    {"", "IsNaN", convert_never},
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
