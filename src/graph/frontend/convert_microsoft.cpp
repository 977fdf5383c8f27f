// Operators that onnxruntime's optimizers make of several of ONNX's (com.microsoft), as what they stand for.
#include <algorithm>
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/shared_forms.hpp"

namespace ezkl {
namespace {

/// An attribute that only changes what an operator does when it is not 0.
void refuse_nonzero(const OnnxNode& n, const std::string& attribute) {
  if (n.integer(attribute, 0) != 0) n.unsupported(attribute + "; save the model with fewer optimizations");
}

/// x with its last two axes swapped; a vector has nothing to swap.
Value swapped(Converter& c, Value x) {
  if (c.rank(x) < 2) return x;
  Integers order = iota(c.rank(x));
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return c.transpose(x, order);
}

std::vector<Value> convert_fused_matmul(Converter& c, const OnnxNode& n) {
  refuse_nonzero(n, "transBatchA");
  refuse_nonzero(n, "transBatchB");
  const auto operand = [&](std::size_t i, const char* flag) {
    return n.integer(flag, 0) != 0 ? swapped(c, n.input(i)) : n.input(i);
  };
  const Value product = c.matmul(operand(0, "transA"), operand(1, "transB"));
  const double alpha = n.real("alpha", 1);
  return {alpha == 1 ? product : c.mul(product, alpha)};
}

/// The activation that a fused operator ends with, by its name among ONNX's operators.
Value activated(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& parameters) {
  const std::string name = n.text("activation", "");
  const auto parameter = [&](std::size_t i, double otherwise) {
    return i < parameters.size() ? parameters[i] : otherwise;
  };
  if (name.empty()) return x;
  if (name == "Relu") return c.relu(x);
  if (name == "Sigmoid" || name == "Tanh") return c.unary(name, x);
  if (name == "LeakyRelu") return c.apply("LeakyReLU", {{"slope", parameter(0, 0.01)}}, {x});
  if (name == "Clip") {
    const Value above = c.max(x, c.scalar_like(x, parameter(0, -INFINITY)));
    return c.min(above, c.scalar_like(x, parameter(1, INFINITY)));
  }
  if (name == "HardSigmoid") return hard_sigmoid(c, x, parameter(0, 0.2), parameter(1, 0.5));
  n.unsupported("the activation " + name + "; save the model with fewer optimizations");
}

std::vector<Value> convert_fused_conv(Converter& c, const OnnxNode& n) {
  Value y = find_converter("", "Conv")->convert(c, n).front();
  if (n.has_input(3)) y = c.add(y, n.input(3));
  return {activated(c, n, y, n.reals("activation_params"))};
}

std::vector<Value> convert_fused_gemm(Converter& c, const OnnxNode& n) {
  std::vector<double> parameters;
  for (const char* name : {"activation_alpha", "activation_beta", "activation_gamma"}) {
    if (n.has(name)) parameters.push_back(n.real(name, 0));
  }
  return {activated(c, n, find_converter("", "Gemm")->convert(c, n).front(), parameters)};
}

std::vector<Value> convert_gelu(Converter& c, const OnnxNode& n) { return {gelu(c, n.input(0), false)}; }

std::vector<Value> convert_bias_gelu(Converter& c, const OnnxNode& n) {
  return {gelu(c, c.add(n.input(0), n.input(1)), false)};
}

std::vector<Value> convert_fast_gelu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  return {gelu(c, n.has_input(1) ? c.add(x, n.input(1)) : x, true)};
}

std::vector<Value> convert_quick_gelu(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  return {c.mul(x, c.unary("Sigmoid", c.mul(x, n.real("alpha", static_cast<double>(1.702F)))))};
}

/// Over the last axis, with factor and, if it is there, term.
Standardized normalized(Converter& c, const OnnxNode& n, Value x, bool by_mean, std::size_t factor, std::size_t term) {
  if (c.rank(x) == 0) n.fail(Fault::format, "the input has no axes");
  const double epsilon = n.real("epsilon", static_cast<double>(1e-12F));
  const Integers axes = axes_from(c.rank(x) - 1, c.rank(x));
  Standardized s = by_mean ? standardize(c, x, axes, epsilon) : scaled_to_unit(c, x, axes, epsilon);
  s.value = c.mul(s.value, n.input(factor));
  if (term != 0 && n.has_input(term)) s.value = c.add(s.value, n.input(term));
  return s;
}

/// input + skip (+ bias) and its normalization; the sum is the fourth output.
std::vector<Value> skip_normalization(Converter& c, const OnnxNode& n, bool by_mean) {
  Value sum = c.add(n.input(0), n.input(1));
  const std::size_t bias = by_mean ? 4 : 3;
  if (n.has_input(bias)) sum = c.add(sum, n.input(bias));
  const Standardized s = normalized(c, n, sum, by_mean, 2, by_mean ? 3 : 0);
  return {s.value, s.mean, s.inverse_deviation, sum};
}

std::vector<Value> convert_skip_layer_norm(Converter& c, const OnnxNode& n) { return skip_normalization(c, n, true); }
std::vector<Value> convert_skip_rms_norm(Converter& c, const OnnxNode& n) { return skip_normalization(c, n, false); }

/// Written under ONNX's own domain by onnxruntime: a layer normalization that takes no mean off.
std::vector<Value> convert_simplified_layer_norm(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Integers axes = axes_from(n.axis(n.integer("axis", -1), c.rank(x)), c.rank(x));
  const Standardized s = scaled_to_unit(c, x, axes, n.real("epsilon", static_cast<double>(1e-5F)));
  return {c.mul(s.value, n.input(1)), s.inverse_deviation};
}

/// Words, positions and segments, added and normalized; outputs: that, how many words count in each line, the sum.
std::vector<Value> convert_embed_layer_norm(Converter& c, const OnnxNode& n) {
  const Value ids = n.input(0);
  if (c.rank(ids) != 2) n.fail(Fault::format, "input_ids " + to_string(c.shape(ids)) + " are not [batch, sequence]");
  const auto rows = [&](std::size_t table, Value places) {
    return c.apply("Gather", {{"axis", std::int64_t{0}}}, {n.input(table), places});
  };
  Value sum = rows(2, ids);
  const std::size_t length = c.shape(ids)[1];
  if (n.has_input(8)) {
    sum = c.add(sum, rows(3, n.input(8)));
  } else {
    sum = c.add(sum, c.slice(n.input(3), 0, 0, static_cast<std::int64_t>(length)));
  }
  if (n.has_input(1) && n.has_input(4)) sum = c.add(sum, rows(4, n.input(1)));
  const Value y = normalized(c, n, sum, true, 5, 6).value;
  if (n.wants_output(1) && n.integer("mask_index_type", 1) != 1) {
    n.unsupported("mask_index_type other than 1; save the model with fewer optimizations");
  }
  if (n.has_input(7) && c.shape(n.input(7)) != c.shape(ids)) n.fail(Fault::format, "the mask does not fit input_ids");
  const Value count = n.has_input(7) ? c.cast(c.reduce("Sum", n.input(7), {1}, false), DType::i32)
                                     : c.constant(DType::i32, {c.shape(ids)[0]}, 0);
  return {y, count, sum};
}

/// Which keys count, as a boolean tensor that broadcasts to [batch, heads, queries, keys].
Value keys_that_count(Converter& c, const OnnxNode& n, Value mask, std::size_t batch, std::size_t keys) {
  const Shape& shape = c.shape(mask);
  if (shape == Shape{batch}) {
    // The number of keys from the first on.
    FloatTensor numbers{c.type(mask), {1, 1, 1, keys}, {}};
    c.charged_volume(numbers.shape);
    for (std::size_t j = 0; j < keys; ++j) numbers.data.push_back(static_cast<double>(j));
    return c.compare("Less", c.constant(std::move(numbers)), c.reshape(mask, {batch, 1, 1, 1}));
  }
  const Value kept = c.compare("Greater", mask, c.scalar_like(mask, 0));
  if (shape == Shape{batch, keys}) return c.reshape(kept, {batch, 1, 1, keys});
  if (shape.size() == 3) return c.reshape(kept, {shape[0], 1, shape[1], shape[2]});
  n.unsupported("a mask of shape " + to_string(shape) + "; save the model with fewer optimizations");
}

/// Self-attention with packed weights: query, key and value are one product with them.
std::vector<Value> convert_attention(Converter& c, const OnnxNode& n) {
  for (const char* attribute : {"do_rotary", "past_present_share_buffer", "rotary_embedding_dim"}) {
    refuse_nonzero(n, attribute);
  }
  if (n.has_input(4) || n.has_input(5) || n.has_input(6)) n.unsupported("a past or an attention bias");
  if (!n.integers("qkv_hidden_sizes").empty()) n.unsupported("qkv_hidden_sizes; save with fewer optimizations");
  const Value x = n.input(0);
  Value packed = c.matmul(x, n.input(1));
  if (n.has_input(2)) packed = c.add(packed, n.input(2));
  if (c.rank(packed) != 3 || c.shape(packed)[2] % 3 != 0) n.fail(Fault::format, "input and weights do not fit");
  const auto width = static_cast<std::int64_t>(c.shape(packed)[2] / 3);
  const std::int64_t heads = n.integer("num_heads");
  const auto part = [&](std::int64_t k) { return split_heads(c, n, c.slice(packed, 2, k * width, width), heads); };
  const Value q = part(0), k = part(1), v = part(2);
  const std::size_t batch = c.shape(q)[0], keys = c.shape(q)[2];
  const double root = 1 / std::sqrt(static_cast<double>(c.shape(q)[3]));
  const double given = n.real("scale", 0);
  Value scores = c.mul(c.matmul(q, swapped(c, k)), given != 0 ? given : root);
  if (n.has_input(3)) {
    const Value kept = keys_that_count(c, n, n.input(3), batch, keys);
    const Value low = c.scalar_like(scores, n.real("mask_filter_value", -10000));
    scores = c.add(scores, c.where(kept, c.scalar_like(scores, 0), low));
  }
  if (n.integer("unidirectional", 0) != 0) {
    FloatTensor earlier{DType::boolean, {1, 1, keys, keys}, {}};
    const std::size_t count = c.charged_volume(earlier.shape);
    for (std::size_t i = 0; i < count; ++i) earlier.data.push_back(i % keys <= i / keys ? 1 : 0);
    scores = c.where(c.constant(std::move(earlier)), scores, c.scalar_like(scores, -INFINITY));
  }
  const Value weights = c.apply("Softmax", {{"axes", Integers{3}}}, {scores});
  return {merge_heads(c, c.matmul(weights, v))};
}

constexpr std::string_view microsoft = "com.microsoft";
constexpr ConverterEntry entries[] = {
    {"", "SimplifiedLayerNormalization", convert_simplified_layer_norm},
    {microsoft, "Attention", convert_attention},
    {microsoft, "BiasGelu", convert_bias_gelu},
    {microsoft, "EmbedLayerNormalization", convert_embed_layer_norm},
    {microsoft, "FastGelu", convert_fast_gelu},
    {microsoft, "FusedConv", convert_fused_conv},
    {microsoft, "FusedGemm", convert_fused_gemm},
    {microsoft, "FusedMatMul", convert_fused_matmul},
    {microsoft, "Gelu", convert_gelu},
    {microsoft, "QuickGelu", convert_quick_gelu},
    {microsoft, "SkipLayerNormalization", convert_skip_layer_norm},
    {microsoft, "SkipSimplifiedLayerNormalization", convert_skip_rms_norm},
};

}  // namespace

std::span<const ConverterEntry> microsoft_converters() { return entries; }

}  // namespace ezkl
