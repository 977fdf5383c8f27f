// Operators on quantized integers that onnxruntime's quantizers write (com.microsoft), and ONNX's
// DynamicQuantizeLinear. Where the integers follow from integers they are onnxruntime's, ties included: QLinearAdd,
// QLinearMul and pools round with the zero point added, all others before.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/quantized.hpp"
#include "graph/frontend/window_geometry.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl {
namespace {

constexpr DType accumulator = quantized_accumulator;

double single(double value) { return round_to(DType::f32, value); }

/// A quantization scale that is one positive number.
double scale_number(const OnnxNode& n, std::size_t input) {
  const FloatTensor scale = n.constant(input);
  if (scale.data.size() != 1) n.unsupported("a scale that is not one number");
  inverse_scale(n, scale);
  return scale.data[0];
}

/// A tensor's scale and zero point at inputs `at` and at + 1; without a zero point it is 0 of the type of `like`.
struct Quantization {
  double scale = 1, zero = 0;
  DType type = DType::u8;

  FloatTensor zero_point() const { return {type, {}, {zero}}; }
};

Quantization quantization_of(Converter& c, const OnnxNode& n, std::size_t at, Value like) {
  Quantization found{scale_number(n, at), 0, c.type(like)};
  if (!n.has_input(at + 1)) return found;
  const FloatTensor zero = n.constant(at + 1);
  if (zero.data.size() != 1) n.unsupported("a zero point that is not one number");
  found.zero = zero.data[0];
  found.type = c.type(n.input(at + 1));
  return found;
}

FloatTensor one_factor(double factor) { return {DType::f64, {}, {factor}}; }

Value requantized_to(Converter& c, const OnnxNode& n, Value x, double factor, const Quantization& target) {
  return requantized(c, n, x, one_factor(factor), target.zero_point(), target.type);
}

struct Part {
  Value integers;
  FloatTensor factors;  ///< broadcast to the integers
};

/// Σ factor · integers + zero point, rounded once.
Value rounded_sum(Converter& c, const OnnxNode& n, std::vector<Part> parts, const Quantization& target) {
  double largest = 0;
  for (const Part& part : parts) {
    for (const double factor : part.factors.data) largest = std::max(largest, factor);
  }
  int exponent = 0;
  std::frexp(largest, &exponent);
  const int shift = 30 - exponent;
  if (shift < 0 || shift > 60) n.unsupported("scales of " + std::to_string(largest) + " times the result's");
  std::optional<Value> sum;
  for (Part& part : parts) {
    part.factors.type = DType::i64;
    for (double& factor : part.factors.data) factor = std::round(std::ldexp(factor, shift));
    const Value term = c.binary("Mult", part.integers, c.constant(std::move(part.factors)), DType::i64);
    sum = sum ? c.binary("Add", *sum, term, DType::i64) : term;
  }
  if (target.zero != 0) {
    sum = c.binary("Add", *sum, c.scalar(DType::i64, std::ldexp(target.zero, shift)), DType::i64);
  }
  const Quantization at_zero{1, 0, target.type};
  return requantized_to(c, n, *sum, std::ldexp(1.0, -shift), at_zero);
}

std::vector<Value> convert_qlinear_add(Converter& c, const OnnxNode& n) {
  const Quantization target = quantization_of(c, n, 6, n.input(0));
  return {rounded_sum(c, n,
                      {{centred(c, n, n.input(0), 2, 0), one_factor(single(scale_number(n, 1) / target.scale))},
                       {centred(c, n, n.input(3), 5, 0), one_factor(single(scale_number(n, 4) / target.scale))}},
                      target)};
}

std::vector<Value> convert_qlinear_mul(Converter& c, const OnnxNode& n) {
  const Quantization target = quantization_of(c, n, 6, n.input(0));
  const Value product = c.binary("Mult", centred(c, n, n.input(0), 2, 0), centred(c, n, n.input(3), 5, 0), accumulator);
  const double factor = single(single(scale_number(n, 1) * scale_number(n, 4)) / target.scale);
  return {rounded_sum(c, n, {{product, one_factor(factor)}}, target)};
}

/// A function of the byte at input `at`, whose scale and zero point follow it: its value for each of the 256, looked
/// up.
template <class Function>
Value looked_up(Converter& c, const OnnxNode& n, std::size_t at, const Quantization& target, const Function& function) {
  const Value x = n.input(at);
  if (c.type(x) != DType::u8 && c.type(x) != DType::i8) n.unsupported("numbers of more than 8 bits");
  const Quantization own = quantization_of(c, n, at + 1, x);
  const auto [low, high] = quantized_limits(n, c.type(x));
  const auto [least, most] = quantized_limits(n, target.type);
  FloatTensor table{target.type, {256}, {}};
  for (double v = low; v <= high; ++v) {
    const double y = single(function(single(own.scale * (v - own.zero))));
    table.data.push_back(std::clamp(std::nearbyint(single(y / target.scale)) + target.zero, least, most));
  }
  const Value wide = c.apply("Identity", {}, {x}, DType::i64);
  const Value place = low == 0 ? wide : c.add(wide, -low);
  return c.apply("Gather", {{"axis", std::int64_t{0}}}, {c.constant(std::move(table)), place}, target.type);
}

std::vector<Value> convert_qlinear_sigmoid(Converter& c, const OnnxNode& n) {
  return {looked_up(c, n, 0, quantization_of(c, n, 3, n.input(0)), [](double v) { return 1 / (1 + std::exp(-v)); })};
}

std::vector<Value> convert_qlinear_leaky_relu(Converter& c, const OnnxNode& n) {
  const double alpha = n.real("alpha", static_cast<double>(0.01f));
  return {looked_up(c, n, 0, quantization_of(c, n, 3, n.input(0)), [alpha](double v) { return v < 0 ? alpha * v : v; })};
}

/// The numbers of the quantized tensor at input `at`, by the scale and zero point of `target`.
Value rescaled(Converter& c, const OnnxNode& n, std::size_t at, const Quantization& target) {
  const Value x = n.input(at);
  const Quantization own = quantization_of(c, n, at + 1, x);
  if (own.scale == target.scale && own.zero == target.zero && c.type(x) == target.type) return x;
  return looked_up(c, n, at, target, [](double v) { return v; });
}

/// Numbers of a quantized tensor at input `at`, whose scale and zero point follow it.
Value dequantized(Converter& c, const OnnxNode& n, std::size_t at) {
  return c.apply("ScaleBy", scale_by(one_factor(scale_number(n, at + 1))), {centred(c, n, n.input(at), at + 2, 0)},
                 DType::f32);
}

std::vector<Value> convert_qlinear_softmax(Converter& c, const OnnxNode& n) {
  const Value x = dequantized(c, n, 0);
  const std::size_t axis = n.axis(n.integer("axis", -1), c.rank(x));
  Integers axes{static_cast<std::int64_t>(axis)};
  if (n.integer("opset", 13) < 13) {
    for (std::size_t a = axis + 1; a < c.rank(x); ++a) axes.push_back(static_cast<std::int64_t>(a));
  }
  const Quantization target = quantization_of(c, n, 3, n.input(0));
  return {requantized_to(c, n, c.apply("Softmax", {{"axes", axes}}, {x}), 1 / target.scale, target)};
}

std::vector<Value> convert_qlinear_concat(Converter& c, const OnnxNode& n) {
  const Quantization target = quantization_of(c, n, 0, n.input(2));
  std::vector<Value> parts;
  for (std::size_t i = 2; i + 2 < n.input_count(); i += 3) parts.push_back(rescaled(c, n, i, target));
  if (parts.empty()) n.fail(Fault::format, "there is nothing to join");
  const std::size_t axis = n.axis(n.integer("axis"), c.rank(parts[0]));
  return {c.concat(std::move(parts), axis)};
}

std::vector<Value> convert_qlinear_where(Converter& c, const OnnxNode& n) {
  const Quantization target = quantization_of(c, n, 7, n.input(1));
  return {c.where(n.input(0), rescaled(c, n, 1, target), rescaled(c, n, 4, target))};
}

/// Channels are axis 1 or, with channels_last, the last.
std::vector<Value> convert_qlinear_global_average(Converter& c, const OnnxNode& n) {
  const Value x = centred(c, n, n.input(0), 2, 0);
  if (c.rank(x) < 3) n.fail(Fault::format, "the input " + to_string(c.shape(x)) + " has no image");
  Integers axes = iota(c.rank(x));
  axes.erase(axes.begin());
  axes.erase(n.integer("channels_last", 0) != 0 ? axes.end() - 1 : axes.begin());
  double count = 1;
  for (const std::int64_t axis : axes) count *= static_cast<double>(c.shape(x)[static_cast<std::size_t>(axis)]);
  const Quantization target = quantization_of(c, n, 3, n.input(0));
  const double factor = scale_number(n, 1) / (target.scale * std::max(count, 1.0));
  return {requantized_to(c, n, c.reduce("Sum", x, axes, true), factor, target)};
}

std::vector<Value> convert_qlinear_average_pool(Converter& c, const OnnxNode& n) {
  if (n.integer("channels_last", 0) != 0) n.unsupported("channels_last; export with channels first");
  const Value x = centred(c, n, n.input(0), 2, 0);
  const WindowGeometry g = window_geometry(n, c.shape(x), n.integers("kernel_shape"));
  Integers pads = g.pads;
  for (std::size_t i = 0; i < g.rank(); ++i) pads[i + g.rank()] += g.ceil_pads[i];
  const Attributes window{{"kernel", g.kernel},
                          {"strides", g.strides},
                          {"pads", pads},
                          {"dilations", g.dilations},
                          {"normalized", std::int64_t{0}}};
  const Value sum = c.apply("SumPool", window, {x});
  Shape image = c.shape(x);
  image[0] = image[1] = 1;
  double whole = 1;
  for (const std::int64_t extent : g.kernel) whole *= static_cast<double>(extent);
  // A pool over an image of ones counts what lies within.
  FloatTensor factors = c.constant_of(c.apply("SumPool", window, {c.constant(DType::f64, image, 1)}));
  const Quantization target = quantization_of(c, n, 3, n.input(0));
  const bool with_padding = n.integer("count_include_pad", 0) != 0;
  const double scale = scale_number(n, 1) / target.scale;
  for (double& factor : factors.data) factor = single(scale / (with_padding ? whole : std::max(factor, 1.0)));
  // A pool of the whole image is a global one.
  if (volume(factors.shape) == 1) return {requantized(c, n, sum, factors, target.zero_point(), target.type)};
  return {rounded_sum(c, n, {{sum, std::move(factors)}}, target)};
}

/// The scale of a product's columns: a · b, where b may differ by column.
FloatTensor column_factors(Converter& c, const OnnxNode& n, double a, const FloatTensor& b, Value product) {
  FloatTensor factors{DType::f64, {}, {}};
  for (const double scale : b.data) factors.data.push_back(a * scale);
  if (factors.data.size() == 1) return factors;
  if (c.rank(product) == 0 || factors.data.size() != c.shape(product).back()) {
    n.unsupported("a scale of B that is neither one number nor one a column");
  }
  factors.shape = {factors.data.size()};
  return factors;
}

std::vector<Value> convert_qgemm(Converter& c, const OnnxNode& n) {
  const bool trans_a = n.integer("transA", 0) != 0, trans_b = n.integer("transB", 0) != 0;
  const Value a = centred(c, n, n.input(0), 2, 0), b = centred(c, n, n.input(3), 5, trans_b ? 0 : 1);
  if (c.rank(a) != 2 || c.rank(b) != 2) n.fail(Fault::format, "A and B must be matrices");
  Value sum = c.einsum(std::string(trans_a ? "km" : "mk") + "," + (trans_b ? "nk" : "kn") + "->mn", {a, b});
  if (const auto bias = n.optional_input(6)) sum = c.binary("Add", sum, *bias, accumulator);
  const double factor = scale_number(n, 1) * n.real("alpha", 1);
  if (!n.has_input(7)) {
    return {c.apply("ScaleBy", scale_by(column_factors(c, n, factor, n.constant(4), sum)), {sum}, DType::f32)};
  }
  const Quantization target = quantization_of(c, n, 7, n.input(0));
  return {requantized(c, n, sum, column_factors(c, n, factor / target.scale, n.constant(4), sum), target.zero_point(),
                      target.type)};
}

/// What 8 bits make of a tensor of floats: x = (whole - zero) · range / 255, where the range is that of its data, 0
/// included.
struct Dynamic {
  Value whole, zero;  ///< integers; the zero point is a scalar
  Value range;        ///< 255 steps
};

Dynamic quantized_by_range(Converter& c, const OnnxNode& n, Value x) {
  const Integers all = iota(c.rank(x));
  const Value zero = c.scalar_like(x, 0);
  const auto extreme = [&](const char* kind) { return all.empty() ? x : c.reduce(kind, x, all, false); };
  const Value low = c.min(extreme("ReduceMin"), zero), high = c.max(extreme("ReduceMax"), zero);
  const Value range = c.sub(high, low);
  const auto steps = [&](Value v) {
    return c.apply("CastInt", {}, {c.unary("RoundHalfToEven", c.div(c.mul(v, 255.0), range))}, accumulator);
  };
  const Value zero_point = saturated(c, n, steps(c.unary("Neg", low)), DType::u8);
  const Value wide = c.apply("Identity", {}, {zero_point}, accumulator);
  return {saturated(c, n, c.binary("Add", steps(x), wide, accumulator), DType::u8), zero_point, range};
}

}  // namespace

std::vector<Value> convert_dynamic_quantize(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Dynamic d = quantized_by_range(c, n, x);
  const Value one = c.scalar_like(x, 1);
  const Value empty = c.compare("Equals", d.range, c.scalar_like(x, 0));
  return {d.whole, c.where(empty, one, c.mul(d.range, c.scalar_like(x, 1.0 / 255))), d.zero};
}

namespace {

/// acc · scale_a · scale_b + bias, where scale_a may be computed.
Value scaled_product(Converter& c, const OnnxNode& n, Value product, Value scale_a, double factor, std::size_t scale_b,
                     std::size_t bias) {
  const FloatTensor b = n.constant(scale_b);
  Value y = 0;
  if (c.is_constant(scale_a)) {
    if (volume(c.shape(scale_a)) != 1) n.unsupported("a scale of A that is not one number");
    const double a = c.constant_of(scale_a).data[0] * factor;
    y = c.apply("ScaleBy", scale_by(column_factors(c, n, a, b, product)), {product}, DType::f32);
  } else {
    if (volume(c.shape(scale_a)) != 1) n.unsupported("a computed scale that is not one number");
    const Value times = c.binary("Mult", c.apply("Identity", {}, {product}, DType::f32), c.reshape(scale_a, {}));
    y = c.apply("ScaleBy", scale_by(column_factors(c, n, factor, b, product)), {times}, DType::f32);
  }
  return n.has_input(bias) ? c.add(y, n.input(bias)) : y;
}

std::size_t last_axis(Converter& c, Value x) { return c.rank(x) == 0 ? 0 : c.rank(x) - 1; }

std::vector<Value> convert_dynamic_matmul(Converter& c, const OnnxNode& n) {
  const Dynamic a = quantized_by_range(c, n, n.input(0));
  const Value b = centred(c, n, n.input(1), 3, last_axis(c, n.input(1)));
  const Value product = c.matmul(c.binary("Sub", a.whole, a.zero, accumulator), b);
  return {scaled_product(c, n, product, a.range, 1.0 / 255, 2, 4)};
}

std::vector<Value> convert_matmul_integer_to_float(Converter& c, const OnnxNode& n) {
  const Value a = centred(c, n, n.input(0), 4, 0), b = centred(c, n, n.input(1), 5, last_axis(c, n.input(1)));
  return {scaled_product(c, n, c.matmul(a, b), n.input(2), 1, 3, 6)};
}

constexpr std::string_view microsoft = "com.microsoft";
constexpr ConverterEntry entries[] = {
    {microsoft, "DynamicQuantizeMatMul", convert_dynamic_matmul},
    {microsoft, "MatMulIntegerToFloat", convert_matmul_integer_to_float},
    {microsoft, "QGemm", convert_qgemm},
    {microsoft, "QLinearAdd", convert_qlinear_add},
    {microsoft, "QLinearAveragePool", convert_qlinear_average_pool},
    {microsoft, "QLinearConcat", convert_qlinear_concat},
    {microsoft, "QLinearGlobalAveragePool", convert_qlinear_global_average},
    {microsoft, "QLinearLeakyRelu", convert_qlinear_leaky_relu},
    {microsoft, "QLinearMul", convert_qlinear_mul},
    {microsoft, "QLinearSigmoid", convert_qlinear_sigmoid},
    {microsoft, "QLinearSoftmax", convert_qlinear_softmax},
    {microsoft, "QLinearWhere", convert_qlinear_where},
};

}  // namespace

std::span<const ConverterEntry> qlinear_converters() { return entries; }

}  // namespace ezkl
