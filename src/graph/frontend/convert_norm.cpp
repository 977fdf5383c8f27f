// Normalizations.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/shared_forms.hpp"

namespace ezkl {
namespace {

/// A tensor of one number per channel as [1, C, 1, …] of rank `rank`.
Value per_channel(Converter& c, const OnnxNode& n, Value v, std::size_t rank, std::size_t channels) {
  if (volume(c.shape(v)) != channels) {
    n.fail(Fault::format, "a parameter " + to_string(c.shape(v)) + " does not have one number for each of " +
                              std::to_string(channels) + " channels");
  }
  Shape wide(rank, 1);
  wide[rank > 1 ? 1 : 0] = channels;
  return c.reshape(v, wide);
}

std::vector<Value> convert_batch_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::size_t channels = c.rank(x) > 1 ? c.shape(x)[1] : 1;
  if (n.integer("training_mode", 0) != 0) n.unsupported("training_mode is 1; export the model for inference");
  if (n.opset() < 9 && n.integer("spatial", 1) == 0) n.unsupported("spatial is 0: one number for each element");
  if (n.opset() < 7 && n.integer("is_test", 0) == 0) n.unsupported("is_test is 0; export the model for inference");
  const FloatTensor scale = n.constant(1);
  const FloatTensor bias = n.constant(2);
  const FloatTensor mean = n.constant(3);
  const FloatTensor variance = n.constant(4);
  for (const FloatTensor* t : {&scale, &bias, &mean, &variance}) {
    if (t->data.size() != channels) n.fail(Fault::format, "a parameter does not have one number for each channel");
  }
  const DType type = scale.type;
  const double epsilon = n.real("epsilon", static_cast<double>(1e-5f));
  c.charged_volume({2, channels});
  FloatTensor slope{type, {channels}, {}};
  FloatTensor intercept{type, {channels}, {}};
  for (std::size_t i = 0; i < channels; ++i) {
    const double d = round_to(type, std::sqrt(round_to(type, variance.data[i] + epsilon)));
    slope.data.push_back(round_to(type, scale.data[i] / d));
    const double shift = round_to(type, round_to(type, mean.data[i] * scale.data[i]) / d);
    intercept.data.push_back(round_to(type, bias.data[i] - shift));
  }
  // Where what is taken off is many times what is left, the difference is taken first.
  bool cancels = false;
  for (std::size_t i = 0; i < channels; ++i) cancels = cancels || std::fabs(mean.data[i] * slope.data[i]) > 4;
  if (cancels && c.onnx_semantics()) {
    const Value centred = c.sub(x, per_channel(c, n, c.constant(mean), c.rank(x), channels));
    const Value scaled = c.mul(centred, per_channel(c, n, c.constant(std::move(slope)), c.rank(x), channels));
    return {c.add(scaled, per_channel(c, n, c.constant(bias), c.rank(x), channels))};
  }
  const Value factor = per_channel(c, n, c.constant(std::move(slope)), c.rank(x), channels);
  const Value term = per_channel(c, n, c.constant(std::move(intercept)), c.rank(x), channels);
  return {c.add(c.mul(x, factor), term)};
}

/// rsqrt(mean of squares + epsilon) over `axes`.
Value inverse_root(Converter& c, Value x, const Integers& axes, double epsilon) {
  return c.unary("Recip", c.unary("Sqrt", c.add(c.mean(c.square(x), axes, true), epsilon)));
}

}  // namespace

Standardized scaled_to_unit(Converter& c, Value x, const Integers& axes, double epsilon) {
  const Value inverse = inverse_root(c, x, axes, epsilon);
  if (!c.onnx_semantics()) return {c.mul(x, inverse), x, inverse};
  return {c.apply("Standardize", {{"axes", axes}, {"epsilon", epsilon}}, {x}), x, inverse};
}

Standardized standardize(Converter& c, Value x, const Integers& axes, double epsilon) {
  const Value mean = c.mean(x, axes, true);
  Standardized s = scaled_to_unit(c, c.sub(x, mean), axes, epsilon);
  s.mean = mean;
  return s;
}

Integers axes_from(std::size_t axis, std::size_t rank) {
  Integers axes = iota(rank);
  axes.erase(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(axis));
  return axes;
}

namespace {

std::vector<Value> convert_instance_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  if (c.rank(x) < 3) n.fail(Fault::format, "the input " + to_string(c.shape(x)) + " has no spatial axes");
  Integers axes = iota(c.rank(x));
  axes.erase(axes.begin() + 1);
  // The published package averages over the batch, too.
  if (c.onnx_semantics()) axes.erase(axes.begin());
  const std::size_t channels = c.shape(x)[1];
  const Standardized s = standardize(c, x, axes, n.real("epsilon", static_cast<double>(1e-5f)));
  const Value scaled = c.mul(s.value, per_channel(c, n, n.input(1), c.rank(x), channels));
  return {c.add(scaled, per_channel(c, n, n.input(2), c.rank(x), channels))};
}

std::vector<Value> convert_layer_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers axes = axes_from(n.axis(n.integer("axis", -1), c.rank(x)), c.rank(x));
  const Standardized s = standardize(c, x, axes, n.real("epsilon", static_cast<double>(1e-5f)));
  Value result = c.mul(s.value, n.input(1));
  if (const auto bias = n.optional_input(2)) result = c.add(result, *bias);
  return {result, s.mean, s.inverse_deviation};
}

std::vector<Value> convert_group_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape shape = c.shape(x);
  const std::int64_t groups = n.integer("num_groups");
  if (shape.size() < 2 || groups < 1 || shape[1] % static_cast<std::size_t>(groups) != 0) {
    n.fail(Fault::format,
           "the channels of " + to_string(shape) + " cannot be cut into " + std::to_string(groups) + " groups");
  }
  const auto group_count = static_cast<std::size_t>(groups);
  const Value grouped =
      c.reshape(x, {shape[0], group_count, volume(shape) / std::max<std::size_t>(shape[0] * group_count, 1)});
  const Standardized s = standardize(c, grouped, {2}, n.real("epsilon", static_cast<double>(1e-5f)));
  const auto parameter = [&](std::size_t i) {
    Value v = n.input(i);
    // Up to opset 20 there was one number per group.
    if (volume(c.shape(v)) == group_count && group_count != shape[1]) {
      v = c.reshape(c.expand(c.reshape(v, {group_count, 1}), {group_count, shape[1] / group_count}), {shape[1]});
    }
    return per_channel(c, n, v, shape.size(), shape[1]);
  };
  return {c.add(c.mul(c.reshape(s.value, shape), parameter(1)), parameter(2))};
}

std::vector<Value> convert_rms_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers axes = axes_from(n.axis(n.integer("axis", -1), c.rank(x)), c.rank(x));
  const double epsilon = n.real("epsilon", static_cast<double>(1e-5f));
  const Value normalized = scaled_to_unit(c, x, axes, epsilon).value;
  return {n.has_input(1) ? c.mul(normalized, n.input(1)) : normalized};
}

/// x / norm over one axis; a line of zeros stays zero.
std::vector<Value> convert_lp_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers axes{static_cast<std::int64_t>(n.axis(n.integer("axis", -1), c.rank(x)))};
  const std::int64_t p = n.integer("p", 2);
  if (p != 1 && p != 2) n.unsupported("p is " + std::to_string(p) + "; ONNX knows 1 and 2");
  const Value norm = p == 1 ? c.reduce("Sum", c.unary("Abs", x), axes, true)
                            : c.unary("Sqrt", c.reduce("Sum", c.square(x), axes, true));
  if (!c.onnx_semantics()) return {c.div(x, norm)};
  const Value zero = c.compare("Equals", norm, c.scalar_like(norm, 0));
  return {c.div(x, c.where(zero, c.scalar_like(norm, 1), norm))};
}

/// x / (bias + alpha/size · Σ over neighbouring channels of x²)^beta
std::vector<Value> convert_lrn(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Shape shape = c.shape(x);
  const std::int64_t size = n.integer("size");
  if (shape.size() < 2 || size < 1) n.fail(Fault::format, "size must be positive and the input have channels");
  const std::size_t channels = shape[1];
  FloatTensor band{c.type(x), {channels, channels}, std::vector<double>(c.charged_volume({channels, channels}), 0)};
  const double weight = n.real("alpha", 0.0001) / static_cast<double>(size);
  for (std::int64_t to = 0; to < static_cast<std::int64_t>(channels); ++to) {
    const std::int64_t first = std::max<std::int64_t>(0, to - (size - 1) / 2);
    const std::int64_t last = std::min<std::int64_t>(static_cast<std::int64_t>(channels) - 1, to + size / 2);
    for (std::int64_t from = first; from <= last; ++from) {
      band.data[static_cast<std::size_t>(to) * channels + static_cast<std::size_t>(from)] = 1;
    }
  }
  const Value flat =
      c.reshape(c.square(x), {shape[0], channels, volume(shape) / std::max<std::size_t>(1, shape[0] * channels)});
  const Value sums = c.reshape(c.einsum("oc,ncp->nop", {c.constant(std::move(band)), flat}), shape);
  const Value base = c.add(c.mul(sums, weight), n.real("bias", 1));
  const double exponent = -static_cast<double>(static_cast<float>(n.real("beta", 0.75)));
  return {c.mul(x, c.apply("TablePow", {{"a", exponent}}, {base}))};
}

std::vector<Value> convert_mean_variance_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers axes = n.axes(n.integers("axes", {0, 2, 3}), c.rank(x));
  // ONNX adds 1e-9 to the root; under it, its square says the same of a line of equals and nothing to any other.
  return {standardize(c, x, axes, c.onnx_semantics() ? 1e-18 : 1e-9).value};
}

constexpr ConverterEntry entries[] = {
    {"", "BatchNormalization", convert_batch_norm},
    {"", "GroupNormalization", convert_group_norm},
    {"", "InstanceNormalization", convert_instance_norm},
    {"", "LRN", convert_lrn},
    {"", "LayerNormalization", convert_layer_norm},
    {"", "LpNormalization", convert_lp_norm},
    {"", "MeanVarianceNormalization", convert_mean_variance_norm},
    {"", "RMSNormalization", convert_rms_norm},
};

}  // namespace

std::span<const ConverterEntry> norm_converters() { return entries; }

}  // namespace ezkl
