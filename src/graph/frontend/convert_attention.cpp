// Attention and what goes with it: rotary embeddings, linear attention, causal convolutions with a state.
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/shared_forms.hpp"

namespace ezkl {

Value split_heads(Converter& c, const OnnxNode& n, Value x, std::int64_t heads) {
  const Shape& s = c.shape(x);
  if (s.size() != 3 || heads < 1 || s[2] % static_cast<std::size_t>(heads) != 0) {
    n.fail(Fault::format, "an input " + to_string(s) + " cannot be cut into " + std::to_string(heads) + " heads");
  }
  const auto h = static_cast<std::size_t>(heads);
  return c.transpose(c.reshape(x, {s[0], s[1], h, s[2] / h}), {0, 2, 1, 3});
}

Value merge_heads(Converter& c, Value x) {
  const Shape& s = c.shape(x);
  return c.reshape(c.transpose(x, {0, 2, 1, 3}), {s[0], s[2], s[1] * s[3]});
}

namespace {

/// Keys and values for every query head, where several share one.
Value repeat_heads(Converter& c, const OnnxNode& n, Value x, std::size_t heads) {
  const Shape& s = c.shape(x);
  if (s[1] == heads) return x;
  if (s[1] == 0 || heads % s[1] != 0) n.fail(Fault::format, "the query heads are no multiple of the key heads");
  const Value wide = c.expand(c.unsqueeze(x, {2}), {s[0], s[1], heads / s[1], s[2], s[3]});
  return c.reshape(wide, {s[0], heads, s[2], s[3]});
}

/// Which keys a query may see besides what attn_mask says: a boolean tensor that broadcasts to
/// [batch, heads, queries, keys], or nothing when all.
std::optional<Value> positions_allowed(Converter& c, const OnnxNode& n, std::size_t queries, std::size_t keys,
                                       std::size_t past) {
  std::optional<Value> allowed;
  const auto also = [&](Value mask) { allowed = allowed ? c.logical("And", *allowed, mask) : mask; };
  FloatTensor key_numbers{DType::i64, {1, 1, 1, keys}, {}};
  c.charged_volume(key_numbers.shape);
  for (std::size_t j = 0; j < keys; ++j) key_numbers.data.push_back(static_cast<double>(j));
  const Value key = c.constant(key_numbers);
  FloatTensor query_numbers{DType::i64, {1, 1, queries, 1}, {}};
  c.charged_volume(query_numbers.shape);
  for (std::size_t i = 0; i < queries; ++i) query_numbers.data.push_back(static_cast<double>(i + past));
  Value query = c.constant(query_numbers);
  if (n.has_input(6)) {
    const Value valid = c.reshape(n.input(6), {c.shape(n.input(6)).at(0), 1, 1, 1});
    also(c.compare("Less", key, valid));
    query = c.add(query, c.add(valid, -static_cast<double>(queries + past)));
  }
  const std::int64_t left = n.integer("left_window_size", -1);
  const std::int64_t right = n.integer("right_window_size", -1);
  if (n.integer("is_causal", 0) != 0) also(c.compare("LessEqual", key, query));
  if (left >= 0) also(c.compare("GreaterEqual", key, c.add(query, -static_cast<double>(left))));
  if (right >= 0) also(c.compare("LessEqual", key, c.add(query, static_cast<double>(right))));
  return allowed;
}

/// attn_mask with its last axis filled up to the number of keys: what is missing is not attended.
Value full_mask(Converter& c, const OnnxNode& n, std::size_t keys) {
  const Value mask = n.input(3);
  const Shape& shape = c.shape(mask);
  if (shape.empty() || shape.back() == keys || shape.back() == 1) return mask;
  if (shape.back() > keys) n.fail(Fault::format, "attn_mask " + to_string(shape) + " has more keys than there are");
  Shape rest = shape;
  rest.back() = keys - shape.back();
  const double fill = c.type(mask) == DType::boolean ? 0 : -INFINITY;
  return c.concat({mask, c.constant(c.type(mask), rest, fill)}, shape.size() - 1);
}

std::vector<Value> convert_attention(Converter& c, const OnnxNode& n) {
  Value q = n.input(0), k = n.input(1), v = n.input(2);
  const bool packed = c.rank(q) == 3;
  if (packed) {
    q = split_heads(c, n, q, n.integer("q_num_heads"));
    k = split_heads(c, n, k, n.integer("kv_num_heads"));
    v = split_heads(c, n, v, n.integer("kv_num_heads"));
  }
  if (c.rank(q) != 4 || c.rank(k) != 4 || c.rank(v) != 4) n.fail(Fault::format, "Q, K and V must have 3 or 4 axes");
  std::size_t past = 0;
  if (n.has_input(4) && n.has_input(5)) {
    past = c.shape(n.input(4)).at(2);
    k = c.concat({n.input(4), k}, 2);
    v = c.concat({n.input(5), v}, 2);
  }
  std::vector<Value> results(4, k);
  results[2] = v;
  const std::size_t heads = c.shape(q)[1], queries = c.shape(q)[2], keys = c.shape(k)[2];
  const double size = static_cast<double>(c.shape(q)[3]);
  // Both factors get the root of the scale, as ONNX defines it.
  const double factor = std::sqrt(n.has("scale") ? n.real("scale", 1) : 1 / std::sqrt(size));
  const Value left = c.mul(q, factor);
  const Value right = c.mul(repeat_heads(c, n, k, heads), factor);
  Value scores = c.matmul(left, c.transpose(right, {0, 1, 3, 2}));
  const std::int64_t mode = n.integer("qk_matmul_output_mode", 0);
  results[3] = scores;
  const double softcap = n.real("softcap", 0);
  std::optional<Value> allowed = positions_allowed(c, n, queries, keys, past);
  if (softcap != 0) scores = c.mul(c.unary("Tanh", c.div(scores, c.scalar_like(scores, softcap))), softcap);
  if (mode == 1) results[3] = scores;
  if (n.has_input(3)) {
    const Value mask = full_mask(c, n, keys);
    if (c.type(mask) == DType::boolean) {
      allowed = allowed ? c.logical("And", *allowed, mask) : mask;
    } else {
      scores = c.add(scores, mask);
    }
  }
  if (allowed) scores = c.where(*allowed, scores, c.scalar_like(scores, -INFINITY));
  if (mode == 2) results[3] = scores;
  Value weights = c.apply("Softmax", {{"axes", Integers{3}}}, {scores});
  // A query that may see no key gives zeros.
  if (allowed) weights = c.where(*allowed, weights, c.scalar_like(weights, 0));
  if (mode == 3) results[3] = weights;
  const Value output = c.matmul(weights, repeat_heads(c, n, v, heads));
  results[0] = packed ? merge_heads(c, output) : output;
  return results;
}

/// Rows of a cache [positions, size] chosen by position_ids, as [batch, sequence, size].
Value cache_rows(Converter& c, const OnnxNode& n, std::size_t input) {
  const Value cache = n.input(input);
  if (!n.has_input(3)) return cache;
  const Value ids = n.input(3);
  if (!c.is_constant(ids) || c.is_constant(cache)) return c.apply("Gather", {{"axis", std::int64_t{0}}}, {cache, ids});
  const Shape& shape = c.shape(ids);
  return c.apply("Gather",
                 {{"axis", std::int64_t{0}},
                  {"indices", n.constant_integers(3)},
                  {"indices_shape", Integers(shape.begin(), shape.end())}},
                 {cache});
}

std::vector<Value> convert_rotary_embedding(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  const Shape original = c.shape(x);
  if (original.size() == 3) {
    x = split_heads(c, n, x, n.integer("num_heads"));
  } else if (original.size() != 4) {
    n.fail(Fault::format, "the input must have 3 or 4 axes");
  }
  const Shape shape = c.shape(x);
  const auto whole = static_cast<std::int64_t>(shape[3]);
  const std::int64_t given = n.integer("rotary_embedding_dim", 0);
  const std::int64_t size = given == 0 ? whole : given;
  if (size < 2 || size > whole || size % 2 != 0)
    n.fail(Fault::format, "rotary_embedding_dim does not fit the head size");
  const std::int64_t half = size / 2;
  const Value cos = c.unsqueeze(cache_rows(c, n, 1), {1});
  const Value sin = c.unsqueeze(cache_rows(c, n, 2), {1});
  const bool interleaved = n.integer("interleaved", 0) != 0;
  const Value a = interleaved ? c.slice(x, 3, 0, half, 2) : c.slice(x, 3, 0, half);
  const Value b = interleaved ? c.slice(x, 3, 1, half, 2) : c.slice(x, 3, half, half);
  const Value real = c.sub(c.mul(cos, a), c.mul(sin, b));
  const Value imaginary = c.add(c.mul(sin, a), c.mul(cos, b));
  Value rotated = 0;
  if (interleaved) {
    rotated = c.concat({c.unsqueeze(real, {4}), c.unsqueeze(imaginary, {4})}, 4);
    rotated = c.reshape(rotated, {shape[0], shape[1], shape[2], static_cast<std::size_t>(size)});
  } else {
    rotated = c.concat({real, imaginary}, 3);
  }
  if (size < whole) rotated = c.concat({rotated, c.slice(x, 3, size, whole - size)}, 3);
  return {original.size() == 3 ? merge_heads(c, rotated) : rotated};
}

/// Position t of the sequence of [batch, heads, sequence, size], as [batch, heads, size, 1] or [batch, heads, 1, size].
Value column_at(Converter& c, Value x, std::size_t t) {
  return c.transpose(c.slice(x, 2, static_cast<std::int64_t>(t), 1), {0, 1, 3, 2});
}

std::vector<Value> convert_linear_attention(Converter& c, const OnnxNode& n) {
  const std::int64_t q_heads = n.integer("q_num_heads");
  const std::int64_t kv_heads = n.integer("kv_num_heads");
  for (std::size_t i = 0; i < 3; ++i) {
    if (c.rank(n.input(i)) != 3) n.fail(Fault::format, "query, key and value must have 3 axes");
  }
  const Value q = split_heads(c, n, n.input(0), q_heads);
  const Value k = split_heads(c, n, n.input(1), kv_heads);
  const Value v = split_heads(c, n, n.input(2), kv_heads);
  const std::string rule = n.text("update_rule", "gated_delta");
  const bool gated = rule == "gated" || rule == "gated_delta";
  const bool delta = rule == "delta" || rule == "gated_delta";
  if (!gated && !delta && rule != "linear") n.fail(Fault::format, "update_rule is '" + rule + "'");
  const Shape ks = c.shape(k);
  const std::size_t length = ks[2], heads = c.shape(q)[1];
  if (length == 0) n.unsupported("the sequence is empty");
  const double scale = n.real("scale", 0);
  const double factor = scale != 0 ? scale : 1 / std::sqrt(static_cast<double>(c.shape(q)[3]));
  Value state = n.has_input(3) ? n.input(3) : c.constant(c.type(k), {ks[0], ks[1], ks[3], c.shape(v)[3]}, 0);
  std::optional<Value> decay, beta;
  if (gated) decay = c.exp(split_heads(c, n, n.input(4), kv_heads));
  if (delta) beta = split_heads(c, n, n.input(5), c.shape(n.input(5)).at(2) == 1 ? 1 : kv_heads);
  std::vector<Value> outputs;
  for (std::size_t t = 0; t < length; ++t) {
    const auto at = static_cast<std::int64_t>(t);
    const Value key = column_at(c, k, t);
    Value value = c.slice(v, 2, at, 1);
    if (decay) state = c.mul(state, column_at(c, *decay, t));
    if (delta) {
      const Value predicted = c.matmul(c.transpose(key, {0, 1, 3, 2}), state);
      value = c.mul(c.sub(value, predicted), column_at(c, *beta, t));
    }
    state = c.add(state, c.matmul(key, value));
    outputs.push_back(c.matmul(c.slice(q, 2, at, 1), repeat_heads(c, n, state, heads)));
  }
  return {c.mul(merge_heads(c, c.concat(std::move(outputs), 2)), factor), state};
}

std::vector<Value> convert_causal_conv(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const Value w = n.input(1);
  if (c.rank(x) != 3 || c.rank(w) != 3) n.fail(Fault::format, "input and weight must have 3 axes");
  const Shape s = c.shape(x);
  if (c.shape(w)[2] == 0) n.fail(Fault::format, "the kernel is empty");
  const std::size_t before = c.shape(w)[2] - 1;
  const Value past = n.has_input(3) ? n.input(3) : c.constant(c.type(x), {s[0], s[1], before}, 0);
  const Value joined = before == 0 ? x : c.concat({past, x}, 2);
  std::vector<Value> operands{joined, w};
  if (n.has_input(2)) operands.push_back(n.input(2));
  Value y = c.apply("Conv",
                    {{"strides", Integers{1}},
                     {"pads", Integers{0, 0}},
                     {"dilations", Integers{1}},
                     {"group", static_cast<std::int64_t>(s[1])}},
                    std::move(operands));
  const std::string activation = n.text("activation", "none");
  if (activation == "silu" || activation == "swish") {
    y = c.mul(y, c.unary("Sigmoid", y));
  } else if (activation != "none") {
    n.unsupported("the activation '" + activation + "' is not known; use silu or none");
  }
  const auto kept = static_cast<std::int64_t>(before);
  return {y, c.slice(joined, 2, static_cast<std::int64_t>(c.shape(joined)[2]) - kept, kept)};
}

/// Scores or probabilities as the node's own subgraph changes them.
Value modified(Converter& c, const OnnxNode& n, const std::string& attribute, Value x) {
  if (!n.has(attribute)) return x;
  const Value inputs[] = {x};
  const std::vector<Value> results = c.convert_subgraph(n.graph(attribute), inputs);
  if (results.size() != 1 || c.shape(results[0]) != c.shape(x)) {
    n.fail(Fault::format, "the subgraph '" + attribute + "' does not give one tensor of the shape it is given");
  }
  return results[0];
}

std::vector<Value> convert_flex_attention(Converter& c, const OnnxNode& n) {
  const Value q = n.input(0);
  for (std::size_t i = 0; i < 3; ++i) {
    if (c.rank(n.input(i)) != 4) n.fail(Fault::format, "query, key and value must have 4 axes");
  }
  const std::size_t heads = c.shape(q)[1];
  const Value k = repeat_heads(c, n, n.input(1), heads), v = repeat_heads(c, n, n.input(2), heads);
  const double scale = n.has("scale") ? n.real("scale", 1) : 1 / std::sqrt(static_cast<double>(c.shape(q)[3]));
  const double factor = std::sqrt(scale);
  const Value scores = c.matmul(c.mul(q, factor), c.transpose(c.mul(k, factor), {0, 1, 3, 2}));
  const Value weights = c.apply("Softmax", {{"axes", Integers{3}}}, {modified(c, n, "score_mod", scores)});
  return {c.matmul(modified(c, n, "prob_mod", weights), v)};
}

constexpr ConverterEntry entries[] = {
    {"", "Attention", convert_attention},
    {"", "CausalConvWithState", convert_causal_conv},
    {"", "LinearAttention", convert_linear_attention},
    {"", "RotaryEmbedding", convert_rotary_embedding},
    {"ai.onnx.preview", "FlexAttention", convert_flex_attention},
};

}  // namespace

std::span<const ConverterEntry> attention_converters() { return entries; }

}  // namespace ezkl
