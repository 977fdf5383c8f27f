// Operators on quantized integers: those of ONNX and those that onnxruntime's quantizer writes (com.microsoft).
#include <cmath>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "floatrun/products.hpp"
#include "floatrun/windows.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl::floatrun {
namespace {

struct Limits {
  double low = 0, high = 0;
};

Limits limits_of(const Call& c, DType type) {
  if (!is_quantized(type)) c.unsupported("quantized numbers of type " + std::string(name(type)));
  const auto [low, high] = integer_limits(type);
  return {static_cast<double>(low), static_cast<double>(high)};
}

Int saturated(const Limits& l, double value) {
  if (std::isnan(value)) return static_cast<Int>(l.low);
  return static_cast<Int>(std::fmin(std::fmax(value, l.low), l.high));
}

/// Which element of a parameter belongs to element i of x: the only one, that of an axis, or that of a block.
class ParameterPlace {
 public:
  ParameterPlace(const Call& c, const Tensor& x, const Tensor& parameter, Int axis, Int block) : lines_({1, 1, 1}) {
    if (parameter.size() == 1) return;
    const std::size_t at = c.axis(axis, x.rank());
    lines_ = lines_of(x.shape, at);
    if (parameter.rank() == 1 && parameter.size() == x.shape[at] && block == 0) {
      kind_ = Kind::axis;
      return;
    }
    c.require(block > 0 && parameter.rank() == x.rank(), "a scale or zero point does not fit the input");
    Shape blocks = x.shape;
    block_ = static_cast<std::size_t>(block);
    blocks[at] = (blocks[at] + block_ - 1) / block_;
    c.require(parameter.shape == blocks, "a scale or zero point does not fit the input");
    blocks_ = blocks[at];
    kind_ = Kind::block;
  }

  std::size_t operator()(std::size_t i) const {
    if (kind_ == Kind::one) return 0;
    const std::size_t place = i / lines_.inner % lines_.extent;
    if (kind_ == Kind::axis) return place;
    return (i / (lines_.inner * lines_.extent) * blocks_ + place / block_) * lines_.inner + i % lines_.inner;
  }

 private:
  enum class Kind : std::uint8_t { one, axis, block };
  Kind kind_ = Kind::one;
  Lines lines_;
  std::size_t block_ = 1, blocks_ = 1;
};

double single(double value) { return round_to(DType::f32, value); }

Outputs quantize(const Call& c) {
  const Tensor &x = c.in(0), &scale = c.in(1);
  const DType type = c.has_input(2) ? c.in(2).type : c.element_type("output_dtype", DType::u8);
  const Limits limits = limits_of(c, type);
  const ParameterPlace place(c, x, scale, c.integer("axis", 1), c.integer("block_size", 0));
  c.require(!c.has_input(2) || c.in(2).size() == scale.size(), "scale and zero point differ in shape");
  Tensor out = c.make(type, x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t p = place(i);
    const double steps = std::nearbyint(round_to(scale.type, x.number(i) / scale.reals().at(p)));
    out.ints()[i] = saturated(limits, steps + (c.has_input(2) ? c.in(2).number(p) : 0));
  }
  return {std::move(out)};
}

Outputs dequantize(const Call& c) {
  const Tensor &x = c.in(0), &scale = c.in(1);
  const ParameterPlace place(c, x, scale, c.integer("axis", 1), c.integer("block_size", 0));
  c.require(!c.has_input(2) || c.in(2).size() == scale.size(), "scale and zero point differ in shape");
  Tensor out = c.make(c.element_type("output_dtype", scale.type), x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t p = place(i);
    out.reals().at(i) = (x.number(i) - (c.has_input(2) ? c.in(2).number(p) : 0)) * scale.reals().at(p);
  }
  return {std::move(out)};
}

Outputs dynamic_quantize(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  double low = 0, high = 0;
  for (const double v : x) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  const double scale = high == low ? 1 : single(single(high - low) / 255);
  const Limits limits{0, 255};
  const Int zero = saturated(limits, std::nearbyint(single(-low / scale)));
  Tensor out = c.make(DType::u8, c.in(0).shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.ints()[i] = saturated(limits, std::nearbyint(single(x[i] / scale)) + static_cast<double>(zero));
  }
  return {std::move(out), real_tensor(c, DType::f32, {}, {scale}), int_tensor(c, DType::u8, {}, {zero})};
}

/// x minus its zero point, one for all or one for each index of `axis`, in doubles.
Tensor centred(const Call& c, std::size_t input, std::size_t zero_point, Int axis) {
  // Products of small integers are exact in doubles below 2^53.
  Tensor out = converted(c, c.in(input), DType::f64);
  if (!c.has_input(zero_point)) return out;
  const Tensor& zero = c.in(zero_point);
  if (zero.size() != 1 && zero.rank() > 1) {
    // One for each row or column of each matrix of a batch.
    c.require(broadcast_shape(out.shape, zero.shape) == out.shape, "a zero point does not fit its operand");
    broadcast<2>(out.shape, {&out.shape, &zero.shape},
                 [&](std::size_t i, const auto& at) { out.reals()[i] -= zero.number(at[1]); });
    return out;
  }
  const ParameterPlace place(c, out, zero, axis, 0);
  for (std::size_t i = 0; i < out.size(); ++i) out.reals()[i] -= zero.number(place(i));
  return out;
}

Outputs matmul_integer(const Call& c) {
  const Tensor product = matmul(c, centred(c, 0, 2, -2), centred(c, 1, 3, -1));
  return {converted(c, product, DType::i32)};
}

/// round(x · factor) + zero as integers of the type of the zero point.
Tensor requantized(const Call& c, const Tensor& x, const std::vector<double>& factors, std::size_t inner,
                   const Tensor& zero) {
  const Limits limits = limits_of(c, zero.type);
  c.require(zero.size() == 1, "the result's zero point should be one number");
  Tensor out = c.make(zero.type, x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double factor = factors.size() == 1 ? factors[0] : factors[i / inner % factors.size()];
    out.ints()[i] = saturated(limits, std::nearbyint(single(single(x.reals()[i]) * factor)) + zero.number(0));
  }
  return out;
}

/// scale_a · scale_b / scale_y, where one of the first two may differ along an axis.
std::vector<double> factors_of(const Call& c, const Tensor& a, const Tensor& b, double y) {
  std::vector<double> factors;
  c.require(a.real() && b.real() && a.size() > 0 && b.size() > 0 && (a.size() == 1 || b.size() == 1),
            "the scales do not fit each other");
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    factors.push_back(single(single(a.reals()[a.size() == 1 ? 0 : i] * b.reals()[b.size() == 1 ? 0 : i]) / y));
  }
  return factors;
}

Outputs qlinear_matmul(const Call& c) {
  const Tensor product = matmul(c, centred(c, 0, 2, -2), centred(c, 3, 5, -1));
  const std::vector<double> factors = factors_of(c, c.in(1), c.in(4), c.real_scalar(6));
  const std::size_t columns = c.in(1).size() > 1 && product.rank() > 1 ? product.shape.back() : 1;
  c.require(factors.size() == 1 || factors.size() == (columns > 1             ? product.shape[product.rank() - 2]
                                                      : product.shape.empty() ? 0
                                                                              : product.shape.back()),
            "the scales do not fit the product");
  return {requantized(c, product, factors, columns, c.in(7))};
}

Outputs conv_integer(const Call& c) {
  return {converted(c, convolved(c, centred(c, 0, 2, 1), centred(c, 1, 3, 0), nullptr), DType::i32)};
}

Outputs qlinear_conv(const Call& c) {
  const Tensor bias = c.has_input(8) ? converted(c, c.in(8), DType::f64) : Tensor();
  const Tensor sum = convolved(c, centred(c, 0, 2, 1), centred(c, 3, 5, 0), c.has_input(8) ? &bias.reals() : nullptr);
  const std::vector<double> factors = factors_of(c, c.in(1), c.in(4), c.real_scalar(6));
  c.require(factors.size() == 1 || factors.size() == sum.shape[1], "the scales do not fit the channels");
  return {requantized(c, sum, factors, volume(Shape(sum.shape.begin() + 2, sum.shape.end())), c.in(7))};
}

// ---- com.microsoft

/// Inputs at, at + 1, at + 2 are integers, their scale and their zero point: the numbers they stand for.
Tensor dequantized(const Call& c, std::size_t at) {
  Tensor out = centred(c, at, at + 2, 0);
  const double scale = c.real_scalar(at + 1);
  for (double& v : out.reals()) v = single(v * scale);
  return out;
}

/// Back to integers by the scale and zero point at inputs `at` and at + 1; without a zero point it is 0 of `type`.
/// `zero_first`: the zero point is added before rounding, not after.
Tensor quantized(const Call& c, const Tensor& x, std::size_t at, DType type, bool zero_first = false) {
  const double scale = c.real_scalar(at);
  const double zero = c.has_input(at + 1) ? c.real_scalar(at + 1) : 0;
  const Limits limits = limits_of(c, c.has_input(at + 1) ? c.in(at + 1).type : type);
  Tensor out = c.make(c.has_input(at + 1) ? c.in(at + 1).type : type, x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double steps = single(single(x.reals()[i]) / scale);
    out.ints()[i] = saturated(limits, zero_first ? std::nearbyint(single(steps + zero)) : std::nearbyint(steps) + zero);
  }
  return out;
}

Outputs qlinear_binary(const Call& c) {
  const Tensor a = dequantized(c, 0), b = dequantized(c, 3);
  const bool product = c.node().op_type == "QLinearMul";
  Tensor sum = c.make(DType::f64, broadcast_shape(a.shape, b.shape));
  broadcast<2>(sum.shape, {&a.shape, &b.shape}, [&](std::size_t i, const auto& at) {
    sum.reals()[i] = product ? a.reals()[at[0]] * b.reals()[at[1]] : a.reals()[at[0]] + b.reals()[at[1]];
  });
  return {quantized(c, sum, 6, c.in(0).type, true)};
}

Outputs qlinear_unary(const Call& c) {
  Tensor x = dequantized(c, 0);
  const double alpha = c.real("alpha", 0.01);
  const bool leaky = c.node().op_type == "QLinearLeakyRelu";
  for (double& v : x.reals()) v = !leaky ? sigmoid(v) : v < 0 ? alpha * v : v;
  return {quantized(c, x, 3, c.in(0).type)};
}

Outputs qlinear_softmax(const Call& c) {
  Tensor x = dequantized(c, 0);
  c.require(x.rank() >= 1, "the input has no axes");
  const bool old = c.integer("opset", 13) < 13;
  const std::size_t axis = c.axis(c.integer("axis", -1), x.rank());
  Lines lines = lines_of(x.shape, axis);
  if (old) lines = {lines.outer, lines.extent * lines.inner, 1};
  for (std::size_t line = 0; line < lines.count() && lines.extent > 0; ++line) {
    softmax_line(x.reals().data() + lines.start(line), lines.extent, lines.inner);
  }
  return {quantized(c, x, 3, c.in(0).type)};
}

Outputs qlinear_concat(const Call& c) {
  std::vector<Tensor> parts;
  for (std::size_t i = 2; i + 2 < c.input_count(); i += 3) parts.push_back(dequantized(c, i));
  std::vector<const Tensor*> pointers;
  for (const Tensor& part : parts) pointers.push_back(&part);
  c.require(!parts.empty(), "there is nothing to join");
  return {quantized(c, concatenated(c, pointers, c.axis(c.integer("axis"), parts[0].rank())), 0, c.in(1).type)};
}

Outputs qlinear_where(const Call& c) {
  const Tensor &condition = c.in(0), a = dequantized(c, 1), b = dequantized(c, 4);
  Tensor out = c.make(DType::f64, broadcast_shape(broadcast_shape(condition.shape, a.shape), b.shape));
  broadcast<3>(out.shape, {&condition.shape, &a.shape, &b.shape}, [&](std::size_t i, const auto& at) {
    out.reals()[i] = condition.ints().at(at[0]) != 0 ? a.reals()[at[1]] : b.reals()[at[2]];
  });
  return {quantized(c, out, 7, c.in(1).type)};
}

/// Channels may be last.
Outputs qlinear_global_average(const Call& c) {
  const Tensor x = dequantized(c, 0);
  const bool last = c.integer("channels_last", 0) != 0;
  c.require(x.rank() >= 3, "the input has no image");
  const std::size_t channel_axis = last ? x.rank() - 1 : 1;
  Shape shape(x.rank(), 1);
  shape[0] = x.shape[0];
  shape[channel_axis] = x.shape[channel_axis];
  Tensor out = c.make(DType::f64, shape);
  broadcast<2>(x.shape, {&x.shape, &shape}, [&](std::size_t i, const auto& at) { out.reals()[at[1]] += x.reals()[i]; });
  const double count = static_cast<double>(x.size()) / static_cast<double>(std::max<std::size_t>(1, out.size()));
  for (double& v : out.reals()) v /= count;
  return {quantized(c, out, 3, c.in(0).type)};
}

Outputs qlinear_average_pool(const Call& c) {
  if (c.integer("channels_last", 0) != 0) c.unsupported("channels_last");
  const Tensor x = dequantized(c, 0);
  c.require(x.rank() >= 3, "the input has no image");
  const Windows w = windows_of(c, x.shape, {});
  // A pool is a convolution by ones; how many of them lie inside is one of an image of ones.
  const std::size_t planes = x.shape[0] * x.shape[1], places = volume(c.to_shape(w.kernel));
  const std::vector<double> ones(places, 1), image(volume(c.to_shape(w.input)), 1);
  const std::vector<double> sums = convolve(c, w, x.reals(), planes, ones, {1, 1, places}, 1, nullptr);
  const std::vector<double> counts = convolve(c, w, image, 1, ones, {1, 1, places}, 1, nullptr);
  const bool with_padding = c.integer("count_include_pad", 0) != 0;
  Tensor out = real_tensor(c, DType::f64, w.result(x.shape[0], x.shape[1]), sums);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.reals()[i] /= with_padding ? static_cast<double>(places) : counts[i % counts.size()];
  }
  // onnxruntime takes a pool of the whole image for a global one, which rounds otherwise.
  return {quantized(c, out, 3, c.in(0).type, counts.size() != 1)};
}

/// A, its scale and zero point, B's, C at the scale of the product; y's scale and zero point, without which the result
/// is a float.
Outputs qgemm(const Call& c) {
  const bool trans_a = c.integer("transA", 0) != 0, trans_b = c.integer("transB", 0) != 0;
  c.require(c.in(0).rank() == 2 && c.in(3).rank() == 2, "an operand is no matrix");
  Tensor a = centred(c, 0, 2, 0), b = centred(c, 3, 5, trans_b ? 0 : 1);
  if (trans_a) a = transposed(c, a, {1, 0});
  if (trans_b) b = transposed(c, b, {1, 0});
  Tensor sum = matmul(c, a, b);
  if (c.has_input(6)) {
    const Tensor& bias = c.in(6);
    c.require(broadcast_shape(bias.shape, sum.shape) == sum.shape, "C does not fit the product");
    broadcast<2>(sum.shape, {&sum.shape, &bias.shape},
                 [&](std::size_t i, const auto& at) { sum.reals()[i] += bias.number(at[1]); });
  }
  const double alpha = c.real("alpha", 1);
  std::vector<double> factors = factors_of(c, c.in(1), c.in(4), c.has_input(7) ? c.real_scalar(7) : 1);
  for (double& f : factors) f = single(f * alpha);
  c.require(factors.size() == 1 || factors.size() == sum.shape[1], "the scales do not fit the columns");
  if (c.has_input(7)) return {requantized(c, sum, factors, 1, c.in(8))};
  Tensor out = c.make(DType::f32, sum.shape);
  for (std::size_t i = 0; i < sum.size(); ++i) out.reals()[i] = sum.reals()[i] * factors[i % factors.size()];
  return {std::move(out)};
}

/// product · a · b + bias: b, at input `scale_b`, one number or one a column.
Outputs floats_of(const Call& c, const Tensor& product, double a, std::size_t scale_b, std::size_t bias) {
  const std::vector<double>& b = c.reals(scale_b);
  c.require(b.size() == 1 || (product.rank() > 0 && b.size() == product.shape.back()),
            "the scales of B do not fit the columns");
  Tensor out = c.make(DType::f32, product.shape);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.reals()[i] = single(product.reals()[i] * single(a * b[b.size() == 1 ? 0 : i % b.size()]));
  }
  if (c.has_input(bias)) add_to(c, out, c.in(bias));
  return {std::move(out)};
}

Outputs matmul_integer_to_float(const Call& c) {
  const Tensor product = matmul(c, centred(c, 0, 4, -2), centred(c, 1, 5, -1));
  return floats_of(c, product, c.real_scalar(2), 3, 6);
}

Outputs dynamic_quantize_matmul(const Call& c) {
  const Outputs a = dynamic_quantize(c);
  Tensor left = converted(c, a.list[0], DType::f64);
  for (double& v : left.reals()) v -= a.list[2].number(0);
  return floats_of(c, matmul(c, left, centred(c, 1, 3, -1)), a.list[1].reals()[0], 2, 4);
}

constexpr KernelEntry entries[] = {
    {"", "ConvInteger", conv_integer},
    {"", "DequantizeLinear", dequantize},
    {"", "DynamicQuantizeLinear", dynamic_quantize},
    {"", "MatMulInteger", matmul_integer},
    {"", "QLinearConv", qlinear_conv},
    {"", "QLinearMatMul", qlinear_matmul},
    {"", "QuantizeLinear", quantize},
    {"com.microsoft", "DequantizeLinear", dequantize},
    {"com.microsoft", "DynamicQuantizeMatMul", dynamic_quantize_matmul},
    {"com.microsoft", "MatMulIntegerToFloat", matmul_integer_to_float},
    {"com.microsoft", "QGemm", qgemm},
    {"com.microsoft", "QLinearAdd", qlinear_binary},
    {"com.microsoft", "QLinearAveragePool", qlinear_average_pool},
    {"com.microsoft", "QLinearConcat", qlinear_concat},
    {"com.microsoft", "QLinearGlobalAveragePool", qlinear_global_average},
    {"com.microsoft", "QLinearLeakyRelu", qlinear_unary},
    {"com.microsoft", "QLinearMul", qlinear_binary},
    {"com.microsoft", "QLinearSigmoid", qlinear_unary},
    {"com.microsoft", "QLinearSoftmax", qlinear_softmax},
    {"com.microsoft", "QLinearWhere", qlinear_where},
    {"com.microsoft", "QuantizeLinear", quantize},
};

}  // namespace

std::span<const KernelEntry> quantized_kernels() { return entries; }

}  // namespace ezkl::floatrun
