// Attention and what goes with it.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"
#include "floatrun/products.hpp"

namespace ezkl::floatrun {
namespace {

/// [batch, length, heads · size] as [batch, heads, length, size].
Tensor with_heads(const Call& c, const Tensor& x, const char* attribute) {
  if (x.rank() == 4) return reshaped(c, x, x.shape);
  const Int heads = c.integer(attribute);
  c.require(x.rank() == 3 && heads > 0 && x.extent(2) % heads == 0, "an input does not divide into heads");
  const auto h = static_cast<std::size_t>(heads);
  return transposed(c, reshaped(c, x, {x.shape[0], x.shape[1], h, x.shape[2] / h}), {0, 2, 1, 3});
}

Tensor without_heads(const Call& c, const Tensor& x) {
  return reshaped(c, transposed(c, x, {0, 2, 1, 3}), {x.shape[0], x.shape[2], x.shape[1] * x.shape[3]});
}

/// Each head of keys or values for the queries' heads that share it.
Tensor repeated_heads(const Call& c, const Tensor& x, std::size_t heads) {
  c.require(x.rank() == 4 && x.shape[1] > 0 && heads % x.shape[1] == 0, "the heads of query and key do not divide");
  const std::size_t group = heads / x.shape[1], run = x.shape[2] * x.shape[3];
  return moved(c, x, {x.shape[0], heads, x.shape[2], x.shape[3]}, [&](std::size_t i) {
    const std::size_t head = i / run;
    return static_cast<Int>((head / heads * x.shape[1] + head % heads / group) * run + i % run);
  });
}

/// Over the last axis; a row in which everything is masked becomes zeros.
void softmax_rows(Tensor& x) {
  const std::size_t n = x.shape.back();
  for (std::size_t start = 0; n > 0 && start < x.reals().size(); start += n) {
    double top = -INFINITY, sum = 0;
    for (std::size_t i = start; i < start + n; ++i)
      top = std::isnan(x.reals()[i]) ? x.reals()[i] : std::max(top, x.reals()[i]);
    const bool masked = top == -INFINITY;
    for (std::size_t i = start; i < start + n; ++i) {
      x.reals()[i] = masked ? 0 : std::exp(x.reals()[i] - top);
      sum += x.reals()[i];
    }
    for (std::size_t i = start; i < start + n && !masked; ++i) x.reals()[i] /= sum;
  }
}

void cap(const Call& c, Tensor& scores) {
  const double limit = c.real("softcap", 0);
  if (limit == 0) return;
  for (double& v : scores.reals()) v = limit * std::tanh(v / limit);
}

void add_mask(const Call& c, Tensor& scores, const Tensor& mask) {
  Shape wide = mask.shape;
  c.require(!wide.empty() && wide.back() <= scores.shape.back(), "the mask is wider than the keys");
  // A mask shorter than the keys masks the rest.
  const std::size_t given = wide.back(), total = scores.shape.back();
  if (given != 1) wide.back() = total;
  c.require(broadcast_shape(scores.shape, wide) == scores.shape, "the mask does not fit the scores");
  broadcast<2>(scores.shape, {&scores.shape, &wide}, [&](std::size_t i, const auto& at) {
    const std::size_t column = given == 1 ? 0 : at[1] % total, row = given == 1 ? at[1] : at[1] / total;
    if (column >= given) {
      scores.reals()[i] = -INFINITY;
      return;
    }
    const std::size_t place = row * given + column;
    if (mask.real()) {
      scores.reals()[i] += mask.reals().at(place);
    } else if (mask.ints().at(place) == 0) {
      scores.reals()[i] = -INFINITY;
    }
  });
}

/// What hides keys beside a mask: the future, windows and padding.
void hide_keys(const Call& c, Tensor& scores, Int past, bool has_past) {
  const bool causal = c.integer("is_causal", 0) != 0;
  const Int left = c.integer("left_window_size", -1), right = c.integer("right_window_size", -1);
  const Ints lengths = c.has_input(6) ? c.ints(6) : Ints();
  const std::size_t heads = scores.shape[1], rows = scores.shape[2], total = scores.shape[3];
  c.require(lengths.empty() || lengths.size() == scores.shape[0], "nonpad_kv_seqlen does not fit the batch");
  constexpr Int most = Int{1} << 40;
  for (const Int length : lengths) c.require(magnitude_below(length, most), "nonpad_kv_seqlen is out of bounds");
  c.require(magnitude_below(left, most) && magnitude_below(right, most), "a window is out of bounds");
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Int key = static_cast<Int>(i % total), query = static_cast<Int>(i / total % rows);
    const std::size_t batch = i / (total * rows * heads);
    Int offset = has_past ? past : 0;
    if (!has_past && !lengths.empty()) offset = lengths[batch] - static_cast<Int>(rows);
    const Int position = query + offset;
    const bool hidden = (causal && key > position) || (left >= 0 && key < position - left) ||
                        (right >= 0 && key > position + right) || (!lengths.empty() && key >= lengths[batch]);
    if (hidden) scores.reals()[i] = -INFINITY;
  }
}

Tensor scaled_products(const Call& c, const Tensor& q, const Tensor& k, double scale) {
  Tensor scores = matmul(c, q, transposed(c, k, {0, 1, 3, 2}));
  for (double& v : scores.reals()) v *= scale;
  return scores;
}

Outputs attention(const Call& c) {
  const bool flat = c.in(0).rank() == 3;
  const Tensor q = with_heads(c, c.in(0), "q_num_heads");
  Tensor k = with_heads(c, c.in(1), "kv_num_heads"), v = with_heads(c, c.in(2), "kv_num_heads");
  c.require(q.real() && q.rank() == 4 && k.rank() == 4 && v.rank() == 4, "the inputs should be floats of 3 or 4 axes");
  const bool has_past = c.has_input(4);
  const Int past = has_past ? c.in(4).extent(2) : 0;
  if (has_past) {
    k = concatenated(c, {&c.in(4), &k}, 2);
    v = concatenated(c, {&c.in(5), &v}, 2);
  }
  const std::size_t heads = q.shape[1];
  const double scale = c.has("scale") ? c.real("scale", 0) : 1 / std::sqrt(static_cast<double>(q.shape[3]));
  Tensor scores = scaled_products(c, q, repeated_heads(c, k, heads), scale);
  const Int mode = c.integer("qk_matmul_output_mode", 0);
  Tensor shown = c.make(q.type, scores.shape);
  const auto show = [&](Int stage) {
    if (mode == stage) shown.reals() = scores.reals();
  };
  show(0);
  cap(c, scores);
  show(1);
  if (c.has_input(3)) add_mask(c, scores, c.in(3));
  hide_keys(c, scores, past, has_past);
  show(2);
  softmax_rows(scores);
  show(3);
  Tensor y = matmul(c, scores, repeated_heads(c, v, heads));
  return {flat ? without_heads(c, y) : std::move(y), std::move(k), std::move(v), std::move(shown)};
}

Tensor modified(const Call& c, const char* attribute, Tensor scores) {
  if (!c.has(attribute)) return scores;
  const Shape shape = scores.shape;
  const TensorPtr given = std::make_shared<const Tensor>(std::move(scores));
  const std::vector<TensorPtr> results = c.engine().run_subgraph(c.graph(attribute), std::span(&given, 1));
  c.require(results.size() == 1 && results[0]->real() && results[0]->shape == shape,
            "a modifier's result does not fit the scores");
  return *results[0];
}

Outputs flex_attention(const Call& c) {
  const Tensor& q = c.in(0);
  c.require(q.real() && q.rank() == 4 && c.in(1).rank() == 4 && c.in(2).rank() == 4,
            "the inputs should be floats of 4 axes");
  const double scale = c.has("scale") ? c.real("scale", 0) : 1 / std::sqrt(static_cast<double>(q.shape[3]));
  Tensor scores = scaled_products(c, q, repeated_heads(c, c.in(1), q.shape[1]), scale);
  const DType precision = c.element_type("softmax_precision", q.type == DType::f64 ? DType::f64 : DType::f32);
  scores.type = precision;
  settle(scores);
  scores = modified(c, "score_mod", std::move(scores));
  softmax_rows(scores);
  settle(scores);
  scores = modified(c, "prob_mod", std::move(scores));
  scores.type = q.type;
  settle(scores);
  return {matmul(c, scores, repeated_heads(c, c.in(2), q.shape[1]))};
}

Outputs rotary_embedding(const Call& c) {
  const bool flat = c.in(0).rank() == 3;
  const Tensor x = with_heads(c, c.in(0), "num_heads");
  c.require(x.real() && x.rank() == 4, "the input should be floats of 3 or 4 axes");
  const std::size_t batch = x.shape[0], heads = x.shape[1], length = x.shape[2], size = x.shape[3];
  const Int given = c.integer("rotary_embedding_dim", 0);
  const std::size_t turned = given == 0 ? size : static_cast<std::size_t>(given);
  c.require(given >= 0 && turned <= size && turned % 2 == 0, "rotary_embedding_dim is out of bounds");
  const std::size_t half = turned / 2;
  const std::vector<double>&cosines = c.reals(1), &sines = c.reals(2);
  const Tensor& cache = c.in(1);
  c.require(c.in(2).shape == cache.shape && cache.rank() >= 2 && cache.shape.back() == half,
            "the caches do not fit the rotation");
  const Ints positions = c.has_input(3) ? c.ints(3) : Ints();
  c.require(positions.empty() || positions.size() == batch * length, "position_ids do not fit the input");
  const bool interleaved = c.integer("interleaved", 0) != 0;
  Tensor out = reshaped(c, x, x.shape);
  for (std::size_t i = 0; i < batch * heads * length; ++i) {
    const std::size_t t = i % length, b = i / (length * heads);
    const std::size_t row =
        c.has_input(3) ? checked_index(c, positions[b * length + t], cache.shape[0]) : b * length + t;
    for (std::size_t k = 0; k < half; ++k) {
      const std::size_t first = i * size + (interleaved ? 2 * k : k);
      const std::size_t second = i * size + (interleaved ? 2 * k + 1 : half + k);
      const double cosine = cosines.at(row * half + k), sine = sines.at(row * half + k);
      const double a = x.reals()[first], b2 = x.reals()[second];
      out.reals()[first] = cosine * a - sine * b2;
      out.reals()[second] = sine * a + cosine * b2;
    }
  }
  return {flat ? without_heads(c, out) : std::move(out)};
}

Outputs linear_attention(const Call& c) {
  const Tensor q = with_heads(c, c.in(0), "q_num_heads"), k = with_heads(c, c.in(1), "kv_num_heads"),
               v = with_heads(c, c.in(2), "kv_num_heads");
  c.require(c.in(0).rank() == 3 && q.real() && k.shape[3] == q.shape[3] && k.shape[1] > 0 &&
                q.shape[1] % k.shape[1] == 0 && v.shape[1] == k.shape[1] && k.shape[2] == q.shape[2] &&
                v.shape[2] == q.shape[2] && k.shape[0] == q.shape[0] && v.shape[0] == q.shape[0],
            "query, key and value do not fit");
  const std::size_t batch = q.shape[0], heads = q.shape[1], kv = k.shape[1], length = q.shape[2], dk = q.shape[3],
                    dv = v.shape[3];
  const std::string rule = c.text("update_rule", "gated_delta");
  const bool gated = rule == "gated" || rule == "gated_delta", delta = rule == "delta" || rule == "gated_delta";
  c.require(gated || delta || rule == "linear", "unknown update_rule");
  const double given = c.real("scale", 0);
  const double scale = given == 0 ? 1 / std::sqrt(static_cast<double>(dk)) : given;
  const Shape state_shape{batch, kv, dk, dv};
  Tensor state = c.has_input(3) ? reshaped(c, c.in(3), c.in(3).shape) : c.make(q.type, state_shape);
  c.require(state.shape == state_shape && state.real(), "the state does not fit");
  Tensor out = c.make(q.type, Shape{batch, heads, length, dv});
  c.spend(batch * length * kv * dk * dv * (4 + heads / kv));
  const auto gate = [&](std::size_t b, std::size_t t, std::size_t h, std::size_t i) {
    const std::size_t width = c.in(4).shape.back();
    return std::exp(c.reals(4).at((b * length + t) * width + (width == kv ? h : h * dk + i)));
  };
  for (std::size_t b = 0; b < batch; ++b) {
    for (std::size_t h = 0; h < kv; ++h) {
      double* s = state.reals().data() + (b * kv + h) * dk * dv;
      for (std::size_t t = 0; t < length; ++t) {
        const double* key = k.reals().data() + ((b * kv + h) * length + t) * dk;
        const double* value = v.reals().data() + ((b * kv + h) * length + t) * dv;
        for (std::size_t i = 0; gated && i < dk; ++i) {
          for (std::size_t j = 0; j < dv; ++j) s[i * dv + j] *= gate(b, t, h, i);
        }
        double beta = 1;
        if (delta) {
          const std::size_t width = c.in(5).shape.back();
          beta = c.reals(5).at((b * length + t) * width + (width == 1 ? 0 : h));
        }
        for (std::size_t j = 0; j < dv; ++j) {
          double change = value[j];
          for (std::size_t i = 0; delta && i < dk; ++i) change -= s[i * dv + j] * key[i];
          for (std::size_t i = 0; i < dk; ++i) s[i * dv + j] += beta * key[i] * change;
        }
        for (std::size_t g = h * (heads / kv); g < (h + 1) * (heads / kv); ++g) {
          const double* query = q.reals().data() + ((b * heads + g) * length + t) * dk;
          for (std::size_t j = 0; j < dv; ++j) {
            double sum = 0;
            for (std::size_t i = 0; i < dk; ++i) sum += query[i] * s[i * dv + j];
            out.reals()[((b * heads + g) * length + t) * dv + j] = scale * sum;
          }
        }
      }
    }
  }
  return {without_heads(c, out), std::move(state)};
}

constexpr KernelEntry entries[] = {
    {"", "Attention", attention},
    {"ai.onnx.preview", "FlexAttention", flex_attention},
    {"", "LinearAttention", linear_attention},
    {"", "RotaryEmbedding", rotary_embedding},
};

}  // namespace

std::span<const KernelEntry> attention_kernels() { return entries; }

}  // namespace ezkl::floatrun
