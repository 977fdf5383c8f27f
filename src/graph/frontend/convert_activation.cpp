// Activation functions. In published semantics the forms of Elu, Selu, Celu, Softplus and their like decide the
// integers of a witness: they are the ones the published package's graphs have.
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/shared_forms.hpp"

namespace ezkl {

Value gelu(Converter& c, Value x, bool by_tanh) {
  Value inner = 0;
  if (by_tanh) {
    const Value cubic = c.mul(c.apply("Pow", {{"exponent", std::int64_t{3}}}, {x}), 0.044715);
    inner = c.unary("Tanh", c.mul(c.add(x, cubic), std::sqrt(2 / M_PI)));
  } else {
    inner = c.unary("Erf", c.mul(x, M_SQRT1_2));
  }
  return c.mul(c.mul(x, c.add(inner, 1.0)), 0.5);
}

Value hard_sigmoid(Converter& c, Value x, double alpha, double beta) {
  const Value line = c.add(c.mul(x, alpha), beta);
  return c.relu(c.min(line, c.scalar_like(x, 1)));
}

namespace {

/// alpha · (exp(x) - 1)
Value scaled_exp_minus_one(Converter& c, Value x, double alpha) {
  const Value shifted = c.sub(c.exp(x), c.scalar_like(x, 1));
  return alpha == 1 ? shifted : c.mul(shifted, alpha);
}

}  // namespace

Value linear_above_zero(Converter& c, Value x, Value inner, double alpha) {
  return c.add(c.relu(x), scaled_exp_minus_one(c, c.min(inner, c.scalar_like(inner, 0)), alpha));
}

namespace {

std::vector<Value> convert_relu(Converter& c, const OnnxNode& n) { return {c.relu(n.input(0))}; }

std::vector<Value> convert_leaky_relu(Converter& c, const OnnxNode& n) {
  return {c.apply("LeakyReLU", {{"slope", n.real("alpha", static_cast<double>(0.01f))}}, {n.input(0)})};
}

std::vector<Value> convert_prelu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  Value slope = n.input(1);
  if (n.opset() < 7 && c.rank(slope) == 1 && c.rank(x) > 1) {
    Shape wide(c.rank(x) - 1, 1);
    wide[0] = c.shape(slope)[0];
    slope = c.reshape(slope, wide);
  }
  return {c.where(c.compare("Greater", c.scalar_like(x, 0), x), c.mul(x, slope), x)};
}

Value positive(Converter& c, Value x) { return c.compare("Less", c.scalar_like(x, 0), x); }

std::vector<Value> convert_elu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (c.onnx_semantics()) return {linear_above_zero(c, x, x, n.real("alpha", 1))};
  return {c.where(positive(c, x), x, scaled_exp_minus_one(c, x, n.real("alpha", 1)))};
}

std::vector<Value> convert_selu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const double alpha = n.real("alpha", static_cast<double>(1.67326319217681884765625f));
  const double gamma = n.real("gamma", static_cast<double>(1.05070102214813232421875f));
  if (c.onnx_semantics()) return {c.mul(linear_above_zero(c, x, x, alpha), gamma)};
  const Value negative = c.sub(c.mul(c.exp(x), alpha), c.scalar_like(x, alpha));
  return {c.mul(c.where(positive(c, x), x, negative), gamma)};
}

std::vector<Value> convert_celu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const double alpha = n.real("alpha", 1);
  const Value inner = c.div(x, c.scalar_like(x, alpha));
  if (c.onnx_semantics() && alpha > 0) return {linear_above_zero(c, x, inner, alpha)};
  // The published package forgets the factor alpha.
  const Value curve = scaled_exp_minus_one(c, inner, c.onnx_semantics() ? alpha : 1);
  return {c.add(c.relu(x), c.min(curve, c.scalar_like(x, 0)))};
}

std::vector<Value> convert_thresholded_relu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Value above = c.compare("Less", c.scalar_like(x, n.real("alpha", 1)), x);
  return {c.where(above, x, c.scalar_like(x, 0))};
}

std::vector<Value> convert_shrink(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const double lambda = n.real("lambd", 0.5);
  const Value bias = c.scalar_like(x, n.real("bias", 0));
  const Value above = c.where(c.compare("Less", c.scalar_like(x, lambda), x), c.sub(x, bias), c.scalar_like(x, 0));
  return {c.where(c.compare("Greater", c.scalar_like(x, -lambda), x), c.add(x, bias), above)};
}

std::vector<Value> convert_hard_sigmoid(Converter& c, const OnnxNode& n) {
  return {hard_sigmoid(c, n.input(0), n.real("alpha", static_cast<double>(0.2f)), n.real("beta", 0.5))};
}

std::vector<Value> convert_hard_swish(Converter& c, const OnnxNode& n) { return {c.unary("HardSwish", n.input(0))}; }

std::vector<Value> convert_softplus(Converter& c, const OnnxNode& n) { return {c.softplus(n.input(0))}; }

std::vector<Value> convert_softsign(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  return {c.div(x, c.add(c.unary("Abs", x), 1.0))};
}

std::vector<Value> convert_gelu(Converter& c, const OnnxNode& n) {
  return {gelu(c, n.input(0), n.text("approximate", "none") == "tanh")};
}

std::vector<Value> convert_swish(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const double alpha = n.real("alpha", 1);
  return {c.mul(x, c.unary("Sigmoid", alpha == 1 ? x : c.mul(x, alpha)))};
}

std::vector<Value> convert_mish(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  return {c.mul(x, c.unary("Tanh", c.softplus(x)))};
}

/// Axes over which the old Softmax, LogSoftmax and Hardmax work: from opset 13 one, before it all from `axis` on.
struct Lines {
  Value flat;  ///< the tensor with those axes merged
  std::size_t axis;
};

Lines merge_axes(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (n.opset() >= 13) return {x, n.axis(n.integer("axis", -1), c.rank(x))};
  const std::size_t axis = n.axis(n.integer("axis", 1), c.rank(x));
  if (axis + 1 == c.rank(x)) return {x, axis};
  Shape merged(c.shape(x).begin(), c.shape(x).begin() + static_cast<std::ptrdiff_t>(axis));
  merged.push_back(volume(Shape(c.shape(x).begin() + static_cast<std::ptrdiff_t>(axis), c.shape(x).end())));
  return {c.reshape(x, merged), axis};
}

Value softmax(Converter& c, const Lines& lines) {
  return c.apply("Softmax", {{"axes", Integers{static_cast<std::int64_t>(lines.axis)}}}, {lines.flat});
}

std::vector<Value> convert_softmax(Converter& c, const OnnxNode& n) {
  return {c.reshape(softmax(c, merge_axes(c, n)), c.shape(n.input(0)))};
}

std::vector<Value> convert_log_softmax(Converter& c, const OnnxNode& n) {
  const Lines lines = merge_axes(c, n);
  const Shape& shape = c.shape(n.input(0));
  if (!c.onnx_semantics()) return {c.reshape(c.unary("Ln", softmax(c, lines)), shape)};
  // ln of a rounded softmax is -inf for improbable classes: x - max - ln Σ exp(x - max) is not.
  const Integers axes{static_cast<std::int64_t>(lines.axis)};
  const Value centered = c.sub(lines.flat, c.reduce("ReduceMax", lines.flat, axes, true));
  const Value total = c.unary("Ln", c.reduce("Sum", c.exp(centered), axes, true));
  return {c.reshape(c.sub(centered, total), shape)};
}

std::vector<Value> convert_hardmax(Converter& c, const OnnxNode& n) {
  const Lines lines = merge_axes(c, n);
  const auto axis = static_cast<std::int64_t>(lines.axis);
  const Shape& shape = c.shape(lines.flat);
  const Value index = c.squeeze(
      c.apply("ReduceArgMax", {{"axis", axis}, {"select_last", std::int64_t{0}}}, {lines.flat}, DType::i64), {axis});
  const Value hot = c.apply("OneHot", {{"depth", static_cast<std::int64_t>(shape[lines.axis])}, {"axis", axis}},
                            {index}, c.type(lines.flat));
  return {c.reshape(hot, c.shape(n.input(0)))};
}

constexpr ConverterEntry entries[] = {
    {"", "Celu", convert_celu},
    {"", "Elu", convert_elu},
    {"", "Gelu", convert_gelu},
    {"", "HardSigmoid", convert_hard_sigmoid},
    {"", "HardSwish", convert_hard_swish},
    {"", "Hardmax", convert_hardmax},
    {"", "LeakyRelu", convert_leaky_relu},
    {"", "LogSoftmax", convert_log_softmax},
    {"", "Mish", convert_mish},
    {"", "PRelu", convert_prelu},
    {"", "Relu", convert_relu},
    {"", "Selu", convert_selu},
    {"", "Shrink", convert_shrink},
    {"", "Softmax", convert_softmax},
    {"", "Softplus", convert_softplus},
    {"", "Softsign", convert_softsign},
    {"", "Swish", convert_swish},
    {"", "ThresholdedRelu", convert_thresholded_relu},
};

}  // namespace

std::span<const ConverterEntry> activation_converters() { return entries; }

}  // namespace ezkl
