// Operators on quantized integers. Their scales and zero points must be constants; products with scales are made with
// far more digits than a fixed-point parameter has (ScaleBy), so that the integers are those of ONNX.
// In published semantics QuantizeLinear and DequantizeLinear do nothing, as in the published package.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/quantized.hpp"
#include "graph/frontend/window_geometry.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl {
namespace {

constexpr DType accumulator = quantized_accumulator;

bool is_zero(const FloatTensor& t) {
  return std::all_of(t.data.begin(), t.data.end(), [](double value) { return value == 0; });
}

}  // namespace

std::pair<double, double> quantized_limits(const OnnxNode& n, DType type) {
  if (!is_quantized(type)) n.unsupported("quantized type " + std::string(name(type)));
  const auto [low, high] = integer_limits(type);
  return {static_cast<double>(low), static_cast<double>(high)};
}

FloatTensor quantization_parameter(Converter& c, const OnnxNode& n, std::size_t input, Value x, std::size_t axis,
                                   std::size_t block) {
  FloatTensor values = n.constant(input);
  const Shape& shape = c.shape(x);
  if (values.data.size() == 1) {
    values.shape.clear();
    return values;
  }
  if (values.shape.size() == 1 && axis < shape.size() && values.data.size() == shape[axis]) {
    Shape along(shape.size() - axis, 1);
    along[0] = values.data.size();
    values.shape = along;
    return values;
  }
  Shape blocks = shape;
  if (block != 0 && axis < shape.size()) blocks[axis] = (shape[axis] + block - 1) / block;
  if (block == 0 || values.shape != blocks) {
    n.unsupported("quantization parameters of shape " + to_string(values.shape) + " for a tensor " + to_string(shape) +
                  "; one number, or one for each index of an axis or each block");
  }
  const std::size_t inner = strides(shape)[axis];
  c.charged_volume(shape);
  FloatTensor each{values.type, shape, {}};
  for (std::size_t i = 0; i < volume(shape); ++i) {
    const std::size_t outer = i / (inner * shape[axis]);
    const std::size_t index = i / inner % shape[axis];
    each.data.push_back(values.data[(outer * blocks[axis] + index / block) * inner + i % inner]);
  }
  return each;
}

Value centred(Converter& c, const OnnxNode& n, Value x, std::size_t zero_point, std::size_t axis, std::size_t block) {
  const auto wide = [&](Value v) { return c.onnx_semantics() ? c.apply("Identity", {}, {v}, accumulator) : v; };
  if (!n.has_input(zero_point)) return wide(x);
  const Value given = n.input(zero_point);
  if (!c.is_constant(given) && volume(c.shape(given)) == 1) {
    return c.binary("Sub", x, wide(c.reshape(given, {})), accumulator);
  }
  FloatTensor zero = quantization_parameter(c, n, zero_point, x, axis, block);
  if (is_zero(zero)) return wide(x);
  zero.type = accumulator;
  return c.binary("Sub", x, c.constant(std::move(zero)), accumulator);
}

Attributes scale_by(const FloatTensor& factors) {
  return {{"factors", factors.data}, {"factor_shape", Integers(factors.shape.begin(), factors.shape.end())}};
}

Value saturated(Converter& c, const OnnxNode& n, Value x, DType type) {
  const auto [low, high] = quantized_limits(n, type);
  const Value above = c.binary("Max", x, c.scalar(accumulator, low), accumulator);
  return c.apply("Identity", {}, {c.binary("Min", above, c.scalar(accumulator, high), accumulator)}, type);
}

Value requantized(Converter& c, const OnnxNode& n, Value x, const FloatTensor& factors, FloatTensor zero, DType type) {
  quantized_limits(n, type);
  Attributes attributes = scale_by(factors);
  attributes["integer"] = std::int64_t{1};
  Value y = c.apply("ScaleBy", std::move(attributes), {x}, accumulator);
  zero.type = accumulator;
  if (!is_zero(zero)) y = c.binary("Add", y, c.constant(std::move(zero)), accumulator);
  return saturated(c, n, y, type);
}

FloatTensor inverse_scale(const OnnxNode& n, FloatTensor scale) {
  for (double& value : scale.data) {
    if (!(value > 0)) n.fail(Fault::format, "a quantization scale is not positive");
    value = 1 / value;
  }
  return scale;
}

namespace {

/// A constant quantized as ONNX says it: the quotient is one of x's type, and halves go to the even number.
Value quantized_constant(Converter& c, const OnnxNode& n, FloatTensor x, const FloatTensor& scale,
                         const FloatTensor& zero) {
  inverse_scale(n, scale);
  const auto [low, high] = quantized_limits(n, zero.type);
  const FloatTensor scales = c.constant_of(c.expand(c.constant(scale), x.shape));
  const FloatTensor zeros = c.constant_of(c.expand(c.constant(zero), x.shape));
  const DType computed = is_float(x.type) ? x.type : DType::f32;
  for (std::size_t i = 0; i < x.data.size(); ++i) {
    const double quotient = round_to(computed, x.data[i] / scales.data[i]);
    x.data[i] = std::clamp(std::nearbyint(quotient) + zeros.data[i], low, high);
  }
  x.type = zero.type;
  return c.constant(std::move(x));
}

/// The axis and block size that QuantizeLinear and DequantizeLinear name.
struct Blocks {
  std::size_t axis = 0, size = 0;
};

Blocks blocks_of(Converter& c, const OnnxNode& n, Value x) {
  const std::int64_t size = n.integer("block_size", 0);
  if (size < 0) n.fail(Fault::format, "block_size is negative");
  const bool whole = c.rank(x) == 0 || n.constant(1).data.size() == 1;
  return {whole ? 0 : n.axis(n.integer("axis", 1), c.rank(x)), static_cast<std::size_t>(size)};
}

std::vector<Value> convert_quantize(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (!c.onnx_semantics()) return {c.apply("Identity", {}, {x}, DType::u8)};
  if (n.integer("output_dtype", 0) != 0 && !n.has_input(2))
    n.unsupported("output_dtype; give a zero point of that type");
  const Blocks blocks = blocks_of(c, n, x);
  const FloatTensor scale = quantization_parameter(c, n, 1, x, blocks.axis, blocks.size);
  FloatTensor zero{DType::u8, {}, {0}};
  if (n.has_input(2)) zero = quantization_parameter(c, n, 2, x, blocks.axis, blocks.size);
  const DType type = zero.type;
  if (c.is_constant(x)) return {quantized_constant(c, n, c.constant_of(x), scale, zero)};
  return {requantized(c, n, x, inverse_scale(n, scale), std::move(zero), type)};
}

std::vector<Value> convert_dequantize(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (!c.onnx_semantics()) return {c.apply("Identity", {}, {x}, DType::f32)};
  const Blocks blocks = blocks_of(c, n, x);
  const FloatTensor scale = quantization_parameter(c, n, 1, x, blocks.axis, blocks.size);
  const Value whole = centred(c, n, x, 2, blocks.axis, blocks.size);
  return {c.apply("ScaleBy", scale_by(scale), {whole}, scale.type)};
}

std::size_t last_axis(Converter& c, Value x) { return c.rank(x) == 0 ? 0 : c.rank(x) - 1; }
std::size_t row_axis(Converter& c, Value x) { return c.rank(x) < 2 ? 0 : c.rank(x) - 2; }

std::vector<Value> convert_matmul_integer(Converter& c, const OnnxNode& n) {
  const Value a = centred(c, n, n.input(0), 2, row_axis(c, n.input(0)));
  const Value b = centred(c, n, n.input(1), 3, last_axis(c, n.input(1)));
  return {c.apply("Identity", {}, {c.matmul(a, b)}, accumulator)};
}

/// The factors scale_a · scale_b / scale_y over the result, where one of the first two may differ along `axis` of it.
FloatTensor product_factors(Converter& c, const OnnxNode& n, const FloatTensor& a, const FloatTensor& b, Value result,
                            std::size_t axis) {
  const FloatTensor y = inverse_scale(n, n.constant(6));
  if (a.data.empty() || b.data.empty()) n.fail(Fault::format, "an operand's scale has no elements");
  if (y.data.size() != 1 || (a.data.size() != 1 && b.data.size() != 1)) {
    n.unsupported("scales along several axes at once; one operand may have a scale along an axis");
  }
  FloatTensor factors{DType::f64, {}, {}};
  for (std::size_t i = 0; i < std::max(a.data.size(), b.data.size()); ++i) {
    factors.data.push_back(a.data[a.data.size() == 1 ? 0 : i] * b.data[b.data.size() == 1 ? 0 : i] * y.data[0]);
  }
  if (factors.data.size() == 1) return factors;
  if (axis >= c.rank(result) || factors.data.size() != c.shape(result)[axis]) {
    n.fail(Fault::format, "scales do not fit the result");
  }
  factors.shape.assign(c.rank(result) - axis, 1);
  factors.shape[0] = factors.data.size();
  return factors;
}

std::vector<Value> convert_qlinear_matmul(Converter& c, const OnnxNode& n) {
  const Value a = centred(c, n, n.input(0), 2, row_axis(c, n.input(0)));
  const Value b = centred(c, n, n.input(3), 5, last_axis(c, n.input(3)));
  const Value product = c.matmul(a, b);
  const FloatTensor a_scale = n.constant(1);
  const std::size_t axis = a_scale.data.size() > 1 ? row_axis(c, product) : last_axis(c, product);
  return {requantized(c, n, product, product_factors(c, n, a_scale, n.constant(4), product, axis), n.constant(7),
                      c.type(n.input(7)))};
}

Value convolve(Converter& c, const OnnxNode& n, Value x, Value weights, std::optional<Value> bias) {
  const Shape& kernel = c.shape(weights);
  if (kernel.size() < 3 || c.rank(x) != kernel.size()) n.fail(Fault::format, "input and weights differ in rank");
  const WindowGeometry g = window_geometry(n, c.shape(x), Integers(kernel.begin() + 2, kernel.end()));
  std::vector<Value> operands{x, weights};
  if (bias) operands.push_back(*bias);
  return c.apply(
      "Conv", {{"strides", g.strides}, {"pads", g.pads}, {"dilations", g.dilations}, {"group", n.integer("group", 1)}},
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
  return {requantized(c, n, sum, product_factors(c, n, n.constant(1), n.constant(4), sum, 1), n.constant(7),
                      c.type(n.input(7)))};
}

constexpr ConverterEntry entries[] = {
    {"", "ConvInteger", convert_conv_integer},
    {"", "DequantizeLinear", convert_dequantize},
    {"", "MatMulInteger", convert_matmul_integer},
    {"", "QLinearConv", convert_qlinear_conv},
    {"", "QLinearMatMul", convert_qlinear_matmul},
    {"", "QuantizeLinear", convert_quantize},
    {"com.microsoft", "DequantizeLinear", convert_dequantize},
    {"com.microsoft", "QuantizeLinear", convert_quantize},
};

}  // namespace

std::span<const ConverterEntry> quantized_converters() { return entries; }

}  // namespace ezkl
