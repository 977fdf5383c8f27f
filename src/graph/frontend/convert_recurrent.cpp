// LSTM, GRU and RNN, unrolled over time. The products with the inputs are made for the whole sequence at once; the
// order of the sums is that of the published package, whose integers it decides.
#include <algorithm>
#include <cctype>

#include "graph/frontend/families.hpp"
#include "graph/frontend/shared_forms.hpp"

namespace ezkl {
namespace {

/// An activation function and its parameters, as the attributes name it.
struct Activation {
  std::string name;
  double alpha = 0, beta = 0;
};

Activation activation(const OnnxNode& n, const std::string& spelled, std::optional<double> alpha,
                      std::optional<double> beta) {
  struct Known {
    const char* name;
    double alpha, beta;
  };
  static constexpr Known known[] = {
      {"relu", 0, 0},         {"tanh", 0, 0},     {"sigmoid", 0, 0},         {"affine", 1, 0},
      {"leakyrelu", 0.01, 0}, {"elu", 1, 0},      {"thresholdedrelu", 1, 0}, {"scaledtanh", 1, 1},
      {"softsign", 0, 0},     {"softplus", 0, 0}, {"hardsigmoid", 0.2, 0.5},
  };
  std::string lower = spelled;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const Known& k : known) {
    if (lower == k.name) return {lower, alpha.value_or(k.alpha), beta.value_or(k.beta)};
  }
  n.unsupported("the activation '" + spelled + "' is not known; use one of ONNX's");
}

Value activate(Converter& c, const Activation& f, Value x) {
  if (f.name == "relu") return c.relu(x);
  if (f.name == "tanh") return c.unary("Tanh", x);
  if (f.name == "sigmoid") return c.unary("Sigmoid", x);
  if (f.name == "affine") return c.add(c.mul(x, f.alpha), f.beta);
  if (f.name == "leakyrelu") return c.apply("LeakyReLU", {{"slope", f.alpha}}, {x});
  if (f.name == "scaledtanh") return c.mul(c.unary("Tanh", c.mul(x, f.beta)), f.alpha);
  if (f.name == "softsign") return c.div(x, c.add(c.unary("Abs", x), 1.0));
  if (f.name == "softplus") return c.softplus(x);
  if (f.name == "hardsigmoid") return c.relu(c.min(c.add(c.mul(x, f.alpha), f.beta), c.scalar_like(x, 1)));
  if (f.name == "elu") {
    if (c.onnx_semantics()) return linear_above_zero(c, x, x, f.alpha);
    const Value negative = c.mul(c.sub(c.exp(x), c.scalar_like(x, 1)), f.alpha);
    return c.where(c.compare("Less", c.scalar_like(x, 0), x), x, negative);
  }
  return c.where(c.compare("Less", c.scalar_like(x, f.alpha), x), x, c.scalar_like(x, 0));
}

/// One direction of a recurrent layer.
struct Layer {
  const OnnxNode& n;
  std::size_t direction = 0;
  bool reverse = false;
  std::size_t length = 0, batch = 0, hidden = 0;
  std::vector<Activation> activations;
  std::vector<Value> inputs;                      ///< by gate: [length, batch, hidden], the products with the sequence
  std::vector<Value> recurrent;                   ///< by gate: [hidden, hidden]
  std::vector<Value> input_bias, recurrent_bias;  ///< by gate: [1, hidden]; empty without B
  std::optional<double> clip;
};

/// Slice `index` of the first axis, which goes.
Value pick(Converter& c, Value v, std::size_t index) {
  return c.squeeze(c.slice(v, 0, static_cast<std::int64_t>(index), 1), {0});
}

Value gate_rows(Converter& c, Value v, std::size_t gate, std::size_t hidden) {
  return c.slice(v, 0, static_cast<std::int64_t>(gate * hidden), static_cast<std::int64_t>(hidden));
}

Layer make_layer(Converter& c, const OnnxNode& n, Value x, std::size_t direction, std::size_t directions, bool reverse,
                 std::size_t gates, const std::vector<std::string>& standard) {
  Layer layer{n, direction, reverse, c.shape(x)[0], c.shape(x)[1], 0, {}, {}, {}, {}, {}, std::nullopt};
  const Value w = n.input(1);
  const Value r = n.input(2);
  if (c.rank(w) != 3 || c.rank(r) != 3 || c.shape(w)[0] != directions || c.shape(r)[0] != directions) {
    n.fail(Fault::format, "W and R must have three axes, the first for " + std::to_string(directions) + " directions");
  }
  layer.hidden = c.shape(r)[2];
  const std::int64_t hidden = n.integer("hidden_size", static_cast<std::int64_t>(layer.hidden));
  if (hidden != static_cast<std::int64_t>(layer.hidden)) {
    n.fail(Fault::format, "hidden_size is " + std::to_string(hidden) + ", and R " + to_string(c.shape(r)) + " is of " +
                              std::to_string(layer.hidden));
  }
  if (c.shape(w)[1] != gates * layer.hidden || c.shape(r)[1] != gates * layer.hidden ||
      c.shape(w)[2] != c.shape(x)[2]) {
    n.fail(Fault::format, "W " + to_string(c.shape(w)) + " or R " + to_string(c.shape(r)) + " does not fit the input " +
                              to_string(c.shape(x)));
  }
  const std::vector<std::string> names = n.texts("activations");
  const std::vector<double> alphas = n.reals("activation_alpha");
  const std::vector<double> betas = n.reals("activation_beta");
  if (!names.empty() && names.size() != standard.size() * directions) {
    n.fail(Fault::format, "activations must name " + std::to_string(standard.size()) + " functions per direction");
  }
  for (std::size_t i = 0; i < standard.size(); ++i) {
    const std::size_t at = direction * standard.size() + i;
    layer.activations.push_back(activation(n, names.empty() ? standard[i] : names[at],
                                           at < alphas.size() ? std::optional(alphas[at]) : std::nullopt,
                                           at < betas.size() ? std::optional(betas[at]) : std::nullopt));
  }
  if (n.has("clip")) layer.clip = n.real("clip", 0);
  const Value w_rows = pick(c, w, direction);
  const Value r_rows = pick(c, r, direction);
  for (std::size_t g = 0; g < gates; ++g) {
    layer.inputs.push_back(c.einsum("amk,nk->amn", {x, gate_rows(c, w_rows, g, layer.hidden)}));
    layer.recurrent.push_back(c.loop_constant(gate_rows(c, r_rows, g, layer.hidden), layer.length));
  }
  if (n.has_input(3)) {
    const Value bias = pick(c, n.input(3), direction);
    for (std::size_t g = 0; g < 2 * gates; ++g) {
      const Value row = c.unsqueeze(gate_rows(c, bias, g, layer.hidden), {0});
      (g < gates ? layer.input_bias : layer.recurrent_bias).push_back(row);
    }
  }
  return layer;
}

Value clipped(Converter& c, const Layer& layer, Value x) {
  if (!layer.clip) return x;
  return c.min(c.max(x, c.scalar_like(x, -*layer.clip)), c.scalar_like(x, *layer.clip));
}

/// Σ of both biases of a gate, as one constant.
std::vector<Value> summed_biases(Converter& c, const Layer& layer) {
  std::vector<Value> sums;
  for (std::size_t g = 0; g < layer.input_bias.size(); ++g) {
    sums.push_back(c.loop_constant(c.add(layer.input_bias[g], layer.recurrent_bias[g]), layer.length));
  }
  return sums;
}

Value step_input(Converter& c, const Layer& layer, std::size_t gate, std::size_t t) {
  return pick(c, layer.inputs[gate], t);
}

Value recurrent_product(Converter& c, const Layer& layer, std::size_t gate, Value h) {
  return c.einsum("mk,nk->mn", {h, layer.recurrent[gate]});
}

/// The initial state of a direction, zeros when it is left out.
Value initial_state(Converter& c, const Layer& layer, std::size_t input, Value like, bool batch_first) {
  if (!layer.n.has_input(input)) return c.constant(c.type(like), {layer.batch, layer.hidden}, 0);
  Value state = layer.n.input(input);
  if (c.rank(state) != 3) layer.n.fail(Fault::format, "an initial state must have three axes");
  if (batch_first) state = c.transpose(state, {1, 0, 2});
  return pick(c, state, layer.direction);
}

/// A step of one cell: from the time and the states to the new states.
using Step = std::vector<Value> (*)(Converter&, const Layer&, std::size_t t, const std::vector<Value>& state,
                                    const std::vector<Value>& parameters);

struct Unrolled {
  Value sequence;            ///< [length, batch, hidden]
  std::vector<Value> final;  ///< [batch, hidden] each
};

/// Sequences shorter than the longest stop changing their state and give zeros from their end on.
Unrolled unroll(Converter& c, const Layer& layer, std::vector<Value> state, const std::vector<Value>& parameters,
                Step step, const std::optional<Integers>& lengths) {
  const std::vector<Value> initial = state;
  c.charge(ModelBudget::Kind::node, layer.length);
  std::vector<Value> outputs(layer.length);
  for (std::size_t i = 0; i < layer.length; ++i) {
    std::size_t t = layer.reverse ? layer.length - 1 - i : i;
    const std::vector<Value> next = step(c, layer, t, state, parameters);
    Value output = next[0];
    FloatTensor active{DType::boolean, {layer.batch, 1}, std::vector<double>(layer.batch, 1)};
    for (std::size_t b = 0; lengths && b < layer.batch; ++b) {
      active.data[b] = static_cast<std::int64_t>(t) < (*lengths)[b] ? 1 : 0;
    }
    const Value mask = c.constant(active);
    if (lengths) output = c.where(mask, next[0], c.constant(c.type(next[0]), c.shape(next[0]), 0));
    for (std::size_t k = 0; k < state.size(); ++k) {
      const Value kept = layer.length > 1 ? c.force_scale(next[k], initial[k]) : next[k];
      state[k] = lengths ? c.where(mask, kept, state[k]) : kept;
    }
    outputs[t] = c.unsqueeze(lengths ? output : state[0], {0});
  }
  return {c.concat(std::move(outputs), 0), std::move(state)};
}

std::vector<Value> rnn_step(Converter& c, const Layer& layer, std::size_t t, const std::vector<Value>& state,
                            const std::vector<Value>& bias) {
  Value sum = c.add(step_input(c, layer, 0, t), recurrent_product(c, layer, 0, state[0]));
  if (!bias.empty()) sum = c.add(sum, bias[0]);
  return {activate(c, layer.activations[0], clipped(c, layer, sum))};
}

/// Gates in ONNX's order i, o, f, c. `parameters`: the four biases, then the peepholes of i, o, f, where there are any.
std::vector<Value> lstm_step(Converter& c, const Layer& layer, std::size_t t, const std::vector<Value>& state,
                             const std::vector<Value>& parameters) {
  const bool biased = !layer.input_bias.empty();
  const std::size_t peepholes = biased ? 4 : 0;
  const bool peeps = parameters.size() > peepholes;
  const auto gate = [&](std::size_t g, std::optional<Value> cell, std::size_t peephole, const Activation& f) {
    Value sum = c.add(step_input(c, layer, g, t), recurrent_product(c, layer, g, state[0]));
    if (biased) sum = c.add(sum, parameters[g]);
    if (peeps && cell) sum = c.add(sum, c.mul(parameters[peepholes + peephole], *cell));
    return activate(c, f, clipped(c, layer, sum));
  };
  const Value i = gate(0, state[1], 0, layer.activations[0]);
  const bool coupled = layer.n.integer("input_forget", 0) != 0;
  const Value f = coupled ? c.sub(c.scalar_like(i, 1), i) : gate(2, state[1], 2, layer.activations[0]);
  const Value candidate = gate(3, std::nullopt, 0, layer.activations[1]);
  const Value cell = c.add(c.mul(f, state[1]), c.mul(i, candidate));
  const Value o = gate(1, cell, 1, layer.activations[0]);
  return {c.mul(o, activate(c, layer.activations[2], cell)), cell};
}

/// Gates in ONNX's order z, r, h. `parameters`: summed biases of z and r, then input and recurrent bias of h.
std::vector<Value> gru_step(Converter& c, const Layer& layer, std::size_t t, const std::vector<Value>& state,
                            const std::vector<Value>& bias) {
  const Value h = state[0];
  const auto gate = [&](std::size_t g) {
    Value sum = c.add(step_input(c, layer, g, t), recurrent_product(c, layer, g, h));
    if (!bias.empty()) sum = c.add(sum, bias[g]);
    return activate(c, layer.activations[0], clipped(c, layer, sum));
  };
  const Value z = gate(0);
  const Value r = gate(1);
  const bool before_reset = layer.n.integer("linear_before_reset", 0) != 0;
  Value product = recurrent_product(c, layer, 2, before_reset ? h : c.mul(r, h));
  if (!bias.empty()) product = c.add(product, bias[3]);
  if (before_reset) product = c.mul(r, product);
  Value sum = c.add(step_input(c, layer, 2, t), product);
  if (!bias.empty()) sum = c.add(sum, bias[2]);
  const Value candidate = activate(c, layer.activations[1], clipped(c, layer, sum));
  return {c.add(c.mul(c.sub(c.scalar_like(z, 1), z), candidate), c.mul(z, h))};
}

std::vector<Value> rnn_parameters(Converter& c, const Layer& layer) { return summed_biases(c, layer); }

std::vector<Value> lstm_parameters(Converter& c, const Layer& layer) {
  std::vector<Value> parameters = summed_biases(c, layer);
  if (!layer.n.has_input(7)) return parameters;
  const Value peepholes = pick(c, layer.n.input(7), layer.direction);
  for (std::size_t g = 0; g < 3; ++g) {
    const Value row = c.unsqueeze(gate_rows(c, peepholes, g, layer.hidden), {0});
    parameters.push_back(c.loop_constant(row, layer.length));
  }
  return parameters;
}

std::vector<Value> gru_parameters(Converter& c, const Layer& layer) {
  std::vector<Value> parameters = summed_biases(c, layer);
  if (parameters.empty()) return parameters;
  parameters[2] = c.loop_constant(layer.input_bias[2], layer.length);
  parameters.push_back(c.loop_constant(layer.recurrent_bias[2], layer.length));
  return parameters;
}

/// What the three layers differ in.
struct Cell {
  std::size_t gates, states;
  std::vector<std::string> activations;
  Step step;
  std::vector<Value> (*parameters)(Converter&, const Layer&);
};

std::vector<Value> convert_recurrent(Converter& c, const OnnxNode& n, const Cell& cell) {
  const bool batch_first = n.integer("layout", 0) != 0;
  Value x = n.input(0);
  if (c.rank(x) != 3) n.fail(Fault::format, "the input must have three axes");
  if (batch_first) x = c.transpose(x, {1, 0, 2});
  if (c.shape(x)[0] == 0) n.unsupported("the sequence is empty");
  std::optional<Integers> lengths;
  if (n.has_input(4)) {
    lengths = n.constant_integers(4);
    if (lengths->size() != c.shape(x)[1])
      n.fail(Fault::format, "sequence_lens does not have one length per batch element");
    const auto full = static_cast<std::int64_t>(c.shape(x)[0]);
    if (std::all_of(lengths->begin(), lengths->end(), [&](std::int64_t l) { return l == full; })) lengths.reset();
  }
  const std::string direction = n.text("direction", "forward");
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional") {
    n.fail(Fault::format, "direction is '" + direction + "'");
  }
  const std::size_t directions = direction == "bidirectional" ? 2 : 1;
  std::vector<Value> sequences;
  std::vector<std::vector<Value>> finals(cell.states);
  for (std::size_t d = 0; d < directions; ++d) {
    const bool reverse = direction == "reverse" || d == 1;
    const Layer layer = make_layer(c, n, x, d, directions, reverse, cell.gates, cell.activations);
    std::vector<Value> state;
    for (std::size_t k = 0; k < cell.states; ++k) state.push_back(initial_state(c, layer, 5 + k, x, batch_first));
    const Unrolled result = unroll(c, layer, state, cell.parameters(c, layer), cell.step, lengths);
    sequences.push_back(c.unsqueeze(result.sequence, {1}));
    for (std::size_t k = 0; k < cell.states; ++k) finals[k].push_back(c.unsqueeze(result.final[k], {0}));
  }
  // Y is [length, directions, batch, hidden], or [batch, length, directions, hidden] with layout 1.
  Value y = c.concat(sequences, 1);
  if (batch_first) y = c.transpose(y, {2, 0, 1, 3});
  std::vector<Value> results{y};
  for (const std::vector<Value>& parts : finals) {
    const Value joined = c.concat(parts, 0);
    results.push_back(batch_first ? c.transpose(joined, {1, 0, 2}) : joined);
  }
  return results;
}

std::vector<Value> convert_rnn(Converter& c, const OnnxNode& n) {
  return convert_recurrent(c, n, {1, 1, {"Tanh"}, rnn_step, rnn_parameters});
}

std::vector<Value> convert_lstm(Converter& c, const OnnxNode& n) {
  return convert_recurrent(c, n, {4, 2, {"Sigmoid", "Tanh", "Tanh"}, lstm_step, lstm_parameters});
}

std::vector<Value> convert_gru(Converter& c, const OnnxNode& n) {
  return convert_recurrent(c, n, {3, 1, {"Sigmoid", "Tanh"}, gru_step, gru_parameters});
}

constexpr ConverterEntry entries[] = {
    {"", "GRU", convert_gru},
    {"", "LSTM", convert_lstm},
    {"", "RNN", convert_rnn},
};

}  // namespace

std::span<const ConverterEntry> recurrent_converters() { return entries; }

}  // namespace ezkl
