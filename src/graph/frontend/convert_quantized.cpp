// Operators on quantized integers. Their scales and zero points must be constants; products with scales are made with
// far more digits than a fixed-point parameter has (ScaleBy), so that the integers are those of ONNX.
// In published semantics QuantizeLinear and DequantizeLinear do nothing, as in the published package.
#include <algorithm>
#include <limits>

#include "graph/frontend/families.hpp"
#include "graph/frontend/window_geometry.hpp"

namespace ezkl {
namespace {

constexpr DType accumulator = DType::i32;

std::pair<double, double> limits_of(const OnnxNode& n, DType type) {
  switch (type) {
    case DType::u8: return {0, 255};
    case DType::i8: return {-128, 127};
    case DType::u16: return {0, 65535};
    case DType::i16: return {-32768, 32767};
    case DType::i32: return {-0x1p31, 0x1p31 - 1};
    default: n.unsupported("quantized type " + std::string(name(type)));
  }
}

/// `parameter` as numbers for axis `axis` of a tensor, or one number for all of it.
FloatTensor parameter(Converter& c, const OnnxNode& n, std::size_t input, Value x, std::size_t axis) {
  FloatTensor values = n.constant(input);
  if (values.data.size() == 1) {
    values.shape.clear();
    return values;
  }
  if (values.shape.size() != 1 || axis >= c.rank(x) || values.data.size() != c.shape(x)[axis]) {
    n.unsupported("quantization parameters of shape " + to_string(values.shape) + " for a tensor " +
                  to_string(c.shape(x)) + "; one number, or one for each index of an axis");
  }
  Shape along(c.rank(x) - axis, 1);
  along[0] = values.data.size();
  values.shape = along;
  return values;
}

bool is_zero(const FloatTensor& t) {
  return std::all_of(t.data.begin(), t.data.end(), [](double value) { return value == 0; });
}

/// x minus its zero point, as a wider integer.
Value centred(Converter& c, const OnnxNode& n, Value x, std::size_t zero_point, std::size_t axis) {
  if (!n.has_input(zero_point)) return x;
  FloatTensor zero = parameter(c, n, zero_point, x, axis);
  if (is_zero(zero)) return x;
  zero.type = accumulator;
  return c.binary("Sub", x, c.constant(std::move(zero)), accumulator);
}

/// x times real factors, rounded to integers of `type` after adding the zero point, kept within the type.
Value requantized(Converter& c, const OnnxNode& n, Value x, std::vector<double> factors, std::size_t axis,
                  FloatTensor zero, DType type) {
  const auto [low, high] = limits_of(n, type);
  Value y = c.apply("ScaleBy",
                    {{"factors", std::move(factors)}, {"axis", static_cast<std::int64_t>(axis)}, {"integer", std::int64_t{1}}},
                    {x}, accumulator);
  zero.type = accumulator;
  if (!is_zero(zero)) y = c.binary("Add", y, c.constant(std::move(zero)), accumulator);
  y = c.binary("Max", y, c.scalar(accumulator, low), accumulator);
  y = c.binary("Min", y, c.scalar(accumulator, high), accumulator);
  return c.apply("Identity", {}, {y}, type);
}

void refuse_blocks(const OnnxNode& n) {
  if (n.integer("block_size", 0) != 0) n.unsupported("block_size; quantize whole tensors or along an axis");
}

FloatTensor zero_point(Converter& c, const OnnxNode& n, std::size_t input, Value x, std::size_t axis, DType type) {
  if (n.has_input(input)) return parameter(c, n, input, x, axis);
  return {type, {}, {0}};
}

std::vector<double> inverses(const OnnxNode& n, const std::vector<double>& scales) {
  std::vector<double> result;
  for (const double scale : scales) {
    if (!(scale > 0)) n.fail(Fault::format, "a quantization scale is not positive");
    result.push_back(1 / scale);
  }
  return result;
}

std::vector<Value> convert_quantize(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (!c.onnx_semantics()) return {c.apply("Identity", {}, {x}, DType::u8)};
  refuse_blocks(n);
  const std::size_t axis = c.rank(x) == 0 || n.constant(1).data.size() == 1 ? 0 : n.axis(n.integer("axis", 1), c.rank(x));
  const DType type = n.has_input(2) ? c.type(n.input(2)) : DType::u8;
  if (n.integer("output_dtype", 0) != 0 && !n.has_input(2)) n.unsupported("output_dtype; give a zero point of that type");
  const FloatTensor scale = parameter(c, n, 1, x, axis);
  return {requantized(c, n, x, inverses(n, scale.data), axis, zero_point(c, n, 2, x, axis, type), type)};
}

std::vector<Value> convert_dequantize(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (!c.onnx_semantics()) return {c.apply("Identity", {}, {x}, DType::f32)};
  refuse_blocks(n);
  const std::size_t axis = c.rank(x) == 0 || n.constant(1).data.size() == 1 ? 0 : n.axis(n.integer("axis", 1), c.rank(x));
  const FloatTensor scale = parameter(c, n, 1, x, axis);
  const Value whole = centred(c, n, x, 2, axis);
  return {c.apply("ScaleBy", {{"factors", scale.data}, {"axis", static_cast<std::int64_t>(axis)}}, {whole}, scale.type)};
}

std::size_t last_axis(Converter& c, Value x) { return c.rank(x) == 0 ? 0 : c.rank(x) - 1; }
std::size_t row_axis(Converter& c, Value x) { return c.rank(x) < 2 ? 0 : c.rank(x) - 2; }

std::vector<Value> convert_matmul_integer(Converter& c, const OnnxNode& n) {
  const Value a = centred(c, n, n.input(0), 2, row_axis(c, n.input(0)));
  const Value b = centred(c, n, n.input(1), 3, last_axis(c, n.input(1)));
  return {c.apply("Identity", {}, {c.matmul(a, b)}, accumulator)};
}

/// The factors scale_a · scale_b / scale_y, where one of the first two may differ along an axis of the result.
std::vector<double> product_factors(const OnnxNode& n, const std::vector<double>& a, const std::vector<double>& b,
                                    const std::vector<double>& y) {
  if (y.size() != 1 || (a.size() != 1 && b.size() != 1)) {
    n.unsupported("scales along several axes at once; one operand may have a scale along an axis");
  }
  std::vector<double> factors;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    factors.push_back(a[a.size() == 1 ? 0 : i] * b[b.size() == 1 ? 0 : i] * inverses(n, y)[0]);
  }
  return factors;
}

std::vector<Value> convert_qlinear_matmul(Converter& c, const OnnxNode& n) {
  const std::size_t rows = row_axis(c, n.input(0));
  const std::size_t columns = last_axis(c, n.input(3));
  const Value a = centred(c, n, n.input(0), 2, rows);
  const Value b = centred(c, n, n.input(3), 5, columns);
  const Value product = c.matmul(a, b);
  const FloatTensor a_scale = parameter(c, n, 1, a, rows);
  const FloatTensor b_scale = parameter(c, n, 4, b, columns);
  const std::size_t axis = a_scale.data.size() > 1 ? row_axis(c, product) : last_axis(c, product);
  return {requantized(c, n, product, product_factors(n, a_scale.data, b_scale.data, n.constant(6).data), axis,
                      n.constant(7), c.type(n.input(7)))};
}

Value convolve(Converter& c, const OnnxNode& n, Value x, Value weights, std::optional<Value> bias) {
  const Shape& kernel = c.shape(weights);
  if (kernel.size() < 3 || c.rank(x) != kernel.size()) n.fail(Fault::format, "input and weights differ in rank");
  const WindowGeometry g = window_geometry(n, c.shape(x), Integers(kernel.begin() + 2, kernel.end()));
  std::vector<Value> operands{x, weights};
  if (bias) operands.push_back(*bias);
  return c.apply("Conv",
                 {{"strides", g.strides}, {"pads", g.pads}, {"dilations", g.dilations}, {"group", n.integer("group", 1)}},
                 std::move(operands), accumulator);
}

std::vector<Value> convert_conv_integer(Converter& c, const OnnxNode& n) {
  // Padding is the zero point, so zero once that is taken away.
  return {convolve(c, n, centred(c, n, n.input(0), 2, 1), centred(c, n, n.input(1), 3, 0), std::nullopt)};
}

std::vector<Value> convert_qlinear_conv(Converter& c, const OnnxNode& n) {
  const Value x = centred(c, n, n.input(0), 2, 1);
  const Value weights = centred(c, n, n.input(3), 5, 0);
  const Value sum = convolve(c, n, x, weights, n.optional_input(8));
  const FloatTensor weight_scale = parameter(c, n, 4, weights, 0);
  return {requantized(c, n, sum, product_factors(n, n.constant(1).data, weight_scale.data, n.constant(6).data), 1,
                      n.constant(7), c.type(n.input(7)))};
}

constexpr ConverterEntry entries[] = {
    {"", "ConvInteger", convert_conv_integer},       {"", "DequantizeLinear", convert_dequantize},
    {"", "MatMulInteger", convert_matmul_integer},   {"", "QLinearConv", convert_qlinear_conv},
    {"", "QLinearMatMul", convert_qlinear_matmul},   {"", "QuantizeLinear", convert_quantize},
};

}  // namespace

std::span<const ConverterEntry> quantized_converters() { return entries; }

}  // namespace ezkl
