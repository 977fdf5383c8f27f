// Operators that onnxruntime's optimizers make of several of ONNX's (com.microsoft).
#include <cmath>
#include <functional>
#include <utility>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "floatrun/products.hpp"

namespace ezkl::floatrun {
namespace {

/// x with its last two axes swapped where the attribute says so; a vector stays.
Tensor turned(const Call& c, const Tensor& x, const char* flag) {
  if (c.integer(flag, 0) == 0 || x.rank() < 2) return reshaped(c, x, x.shape);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < x.rank(); ++i) order.push_back(i);
  std::swap(order[x.rank() - 1], order[x.rank() - 2]);
  return transposed(c, x, order);
}

void refuse_nonzero(const Call& c, const char* attribute) {
  if (c.integer(attribute, 0) != 0) c.unsupported(c.node().op_type + " with " + attribute);
}

Outputs fused_matmul(const Call& c) {
  refuse_nonzero(c, "transBatchA");
  refuse_nonzero(c, "transBatchB");
  Tensor out = matmul(c, turned(c, c.in(0), "transA"), turned(c, c.in(1), "transB"));
  const double alpha = c.real("alpha", 1);
  for (double& v : out.reals()) v *= alpha;
  return {std::move(out)};
}

/// The activation that a fused operator ends with, by its name among ONNX's operators.
std::function<double(double)> activation_of(const Call& c, const std::vector<double>& parameters) {
  const std::string name = c.text("activation", "");
  const auto parameter = [&](std::size_t i, double otherwise) {
    return i < parameters.size() ? parameters[i] : otherwise;
  };
  if (name.empty()) return [](double v) { return v; };
  if (name == "Relu") return [](double v) { return v < 0 ? 0 : v; };
  if (name == "Sigmoid") return sigmoid;
  if (name == "Tanh") return [](double v) { return std::tanh(v); };
  if (name == "LeakyRelu") return [a = parameter(0, 0.01)](double v) { return v < 0 ? v * a : v; };
  if (name == "Clip") {
    return [low = parameter(0, -INFINITY), high = parameter(1, INFINITY)](double v) {
      return std::fmin(std::fmax(v, low), high);
    };
  }
  if (name == "HardSigmoid") {
    return [a = parameter(0, 0.2), b = parameter(1, 0.5)](double v) { return std::fmin(std::fmax(a * v + b, 0), 1); };
  }
  c.unsupported("the activation " + name);
}

void activate(const Call& c, Tensor& x, const std::vector<double>& parameters) {
  const std::function<double(double)> activation = activation_of(c, parameters);
  for (double& v : x.reals()) v = activation(v);
}

Outputs fused_conv(const Call& c) {
  Outputs out = find_kernel("", "Conv")->run(c);
  Tensor& y = out.list[0];
  if (c.has_input(3)) {
    c.require(c.in(3).real() && c.in(3).shape == y.shape, "the sum's other term does not fit");
    for (std::size_t i = 0; i < y.size(); ++i) y.reals()[i] += c.in(3).reals()[i];
  }
  activate(c, y, c.reals("activation_params"));
  return out;
}

Outputs fused_gemm(const Call& c) {
  std::vector<double> parameters;
  for (const char* name : {"activation_alpha", "activation_beta", "activation_gamma"}) {
    if (c.has(name)) parameters.push_back(c.real(name, 0));
  }
  Outputs out = find_kernel("", "Gemm")->run(c);
  activate(c, out.list[0], parameters);
  return out;
}

/// The first input plus the second, stretched to it, where that is there.
Tensor with_bias(const Call& c) {
  Tensor out = reshaped(c, c.in(0), c.in(0).shape);
  if (c.has_input(1)) add_to(c, out, c.in(1));
  return out;
}

Outputs gelu_kernel(const Call& c) {
  Tensor x = with_bias(c);
  for (double& v : x.reals()) v = gelu(v);
  return {std::move(x)};
}

Outputs fast_gelu(const Call& c) {
  Tensor x = with_bias(c);
  for (double& v : x.reals()) v = gelu_by_tanh(v);
  return {std::move(x)};
}

Outputs quick_gelu(const Call& c) {
  const double alpha = c.real("alpha", 1.702);
  Tensor x = reshaped(c, c.in(0), c.in(0).shape);
  for (double& v : x.reals()) v *= sigmoid(alpha * v);
  return {std::move(x)};
}

struct Normalized {
  Tensor value, mean, inverse;
};

/// Rows of the last `run` elements; factor and term, which may be null, have as many.
Normalized normalized(const Call& c, const Tensor& x, std::size_t run, double epsilon, bool by_mean,
                      const Tensor& factor, const Tensor* term) {
  c.require(x.real() && run > 0 && factor.size() == run && (term == nullptr || term->size() == run),
            "a parameter does not fit the input");
  const std::size_t rows = x.size() / run;
  Normalized out{c.make(x.type, x.shape), c.make(DType::f32, Shape{rows}), c.make(DType::f32, Shape{rows})};
  for (std::size_t r = 0; r < rows; ++r) {
    const double* row = x.reals().data() + r * run;
    const Moments m = moments(
        run, [row](std::size_t i) { return row[i]; }, by_mean);
    const double inverse = 1 / std::sqrt(m.variance + epsilon);
    out.mean.reals()[r] = m.mean;
    out.inverse.reals()[r] = inverse;
    for (std::size_t i = 0; i < run; ++i) {
      const double scaled = (row[i] - m.mean) * inverse * factor.reals()[i];
      out.value.reals()[r * run + i] = term == nullptr ? scaled : scaled + term->reals()[i];
    }
  }
  return out;
}

Shape statistics_shape(const Tensor& x, std::size_t axis) {
  Shape shape = x.shape;
  for (std::size_t i = axis; i < shape.size(); ++i) shape[i] = 1;
  return shape;
}

Outputs skip_normalization(const Call& c) {
  const bool by_mean = c.node().op_type == "SkipLayerNormalization";
  const std::size_t bias = by_mean ? 4 : 3;
  Tensor sum = reshaped(c, c.in(0), c.in(0).shape);
  c.require(sum.rank() >= 1, "the input has no axes");
  add_to(c, sum, c.in(1));
  if (c.has_input(bias)) add_to(c, sum, c.in(bias));
  const Tensor* term = by_mean && c.has_input(3) ? &c.in(3) : nullptr;
  Normalized n = normalized(c, sum, sum.shape.back(), c.real("epsilon", 1e-12), by_mean, c.in(2), term);
  n.mean.shape = n.inverse.shape = statistics_shape(sum, sum.rank() - 1);
  return {std::move(n.value), std::move(n.mean), std::move(n.inverse), std::move(sum)};
}

/// Written under ONNX's own domain by onnxruntime.
Outputs simplified_normalization(const Call& c) {
  const Tensor& x = c.in(0);
  const std::size_t axis = c.axis(c.integer("axis", -1), x.rank());
  const std::size_t run = volume(Shape(x.shape.begin() + static_cast<Int>(axis), x.shape.end()));
  Normalized n = normalized(c, x, run, c.real("epsilon", 1e-5), false, c.in(1), nullptr);
  n.inverse.shape = statistics_shape(x, axis);
  return {std::move(n.value), std::move(n.inverse)};
}

Outputs embed_normalization(const Call& c) {
  const Tensor& ids = c.in(0);
  c.require(ids.rank() == 2, "input_ids are not [batch, sequence]");
  const std::size_t length = ids.shape[1];
  const auto add_rows = [&](Tensor& sum, const Tensor& table, auto place) {
    c.require(table.real() && table.rank() == 2 && table.shape[1] == sum.shape[2], "an embedding does not fit");
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const std::size_t row = checked_index(c, place(i / sum.shape[2]), table.shape[0]);
      sum.reals()[i] += table.reals()[row * sum.shape[2] + i % sum.shape[2]];
    }
  };
  const auto at = [](const Tensor& list) { return [&list](std::size_t i) { return list.ints().at(i % list.size()); }; };
  c.require(c.in(2).rank() == 2, "an embedding is no matrix");
  Tensor sum = c.make(c.in(2).type, Shape{ids.shape[0], length, c.in(2).shape[1]});
  add_rows(sum, c.in(2), at(ids));
  if (c.has_input(8)) {
    c.require(c.in(8).size() > 0, "position_ids are empty");
    add_rows(sum, c.in(3), at(c.in(8)));
  } else {
    add_rows(sum, c.in(3), [&](std::size_t i) { return static_cast<Int>(i % length); });
  }
  if (c.has_input(1) && c.has_input(4)) add_rows(sum, c.in(4), at(c.in(1)));
  Normalized n = normalized(c, sum, sum.shape[2], c.real("epsilon", 1e-12), true, c.in(5), &c.in(6));
  if (c.wants(1) && c.integer("mask_index_type", 1) != 1) c.unsupported("mask_index_type other than 1");
  Tensor counts = c.make(DType::i32, Shape{ids.shape[0]});
  if (c.has_input(7)) {
    c.require(c.in(7).size() == ids.size(), "the mask does not fit input_ids");
    for (std::size_t i = 0; i < ids.size(); ++i) counts.ints()[i / length] += c.in(7).ints().at(i);
  }
  return {std::move(n.value), std::move(counts), std::move(sum)};
}

/// Adds the filling value where the mask says that a key does not count, and hides the future.
void mask_scores(const Call& c, Tensor& scores) {
  const double fill = c.real("mask_filter_value", -10000);
  const std::size_t batch = scores.shape[0], heads = scores.shape[1], keys = scores.shape[3];
  const Tensor* mask = c.has_input(3) ? &c.in(3) : nullptr;
  const bool lengths = mask != nullptr && mask->shape == Shape{batch};
  const bool rows = mask != nullptr && mask->shape == Shape{batch, keys, keys};
  if (mask != nullptr && !lengths && !rows && mask->shape != Shape{batch, keys}) {
    c.unsupported("a mask of shape " + to_string(mask->shape));
  }
  const bool causal = c.integer("unidirectional", 0) != 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::size_t key = i % keys, query = i / keys % keys, line = i / (keys * keys * heads);
    bool kept = true;
    if (lengths) {
      kept = static_cast<Int>(key) < mask->ints().at(line);
    } else if (mask != nullptr) {
      kept = mask->ints().at(rows ? (line * keys + query) * keys + key : line * keys + key) > 0;
    }
    if (!kept) scores.reals()[i] += fill;
    if (causal && key > query) scores.reals()[i] = -INFINITY;
  }
}

Outputs attention(const Call& c) {
  for (const char* attribute : {"do_rotary", "past_present_share_buffer", "rotary_embedding_dim"}) {
    refuse_nonzero(c, attribute);
  }
  if (c.has_input(4) || c.has_input(5) || c.has_input(6)) c.unsupported("Attention with a past or a bias of scores");
  if (!c.integers("qkv_hidden_sizes").empty()) c.unsupported("Attention with qkv_hidden_sizes");
  Tensor packed = matmul(c, c.in(0), c.in(1));
  if (c.has_input(2)) add_to(c, packed, c.in(2));
  const Int heads = c.integer("num_heads");
  c.require(packed.rank() == 3 && heads > 0 && heads < 1 << 20 && packed.extent(2) % (3 * heads) == 0,
            "input and weights do not divide into heads");
  const auto h = static_cast<std::size_t>(heads);
  const std::size_t batch = packed.shape[0], length = packed.shape[1], size = packed.shape[2] / (3 * h);
  const Tensor parts = transposed(c, reshaped(c, packed, {batch, length, 3, h, size}), {2, 0, 3, 1, 4});
  const Tensor q = picked(c, parts, 0, 0), k = picked(c, parts, 0, 1), v = picked(c, parts, 0, 2);
  Tensor scores = matmul(c, q, transposed(c, k, {0, 1, 3, 2}));
  const double given = c.real("scale", 0);
  for (double& s : scores.reals()) s *= given != 0 ? given : 1 / std::sqrt(static_cast<double>(size));
  mask_scores(c, scores);
  for (std::size_t start = 0; length > 0 && start < scores.size(); start += length) {
    softmax_line(scores.reals().data() + start, length, 1);
  }
  return {reshaped(c, transposed(c, matmul(c, scores, v), {0, 2, 1, 3}), {batch, length, h * size})};
}

constexpr std::string_view domain = "com.microsoft";
constexpr KernelEntry entries[] = {
    {"", "SimplifiedLayerNormalization", simplified_normalization},
    {domain, "Attention", attention},
    {domain, "BiasGelu", gelu_kernel},
    {domain, "EmbedLayerNormalization", embed_normalization},
    {domain, "FastGelu", fast_gelu},
    {domain, "FusedConv", fused_conv},
    {domain, "FusedGemm", fused_gemm},
    {domain, "FusedMatMul", fused_matmul},
    {domain, "Gelu", gelu_kernel},
    {domain, "QuickGelu", quick_gelu},
    {domain, "SkipLayerNormalization", skip_normalization},
    {domain, "SkipSimplifiedLayerNormalization", skip_normalization},
};

}  // namespace

std::span<const KernelEntry> microsoft_kernels() { return entries; }

}  // namespace ezkl::floatrun
