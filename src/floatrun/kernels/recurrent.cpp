// RNN, GRU and LSTM.
#include <algorithm>
#include <cmath>
#include <functional>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

using Activation = std::function<double(double)>;

/// Hands out the activations of a node; alphas and betas go, in order, to those that have one.
class Activations {
 public:
  explicit Activations(const Call& c) : c_(c), names_(c.texts("activations")) {
    alphas_ = c.reals("activation_alpha");
    betas_ = c.reals("activation_beta");
  }

  Activation next(const char* standard) {
    std::string name = at_ < names_.size() ? names_[at_] : standard;
    ++at_;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char ch) { return std::tolower(ch); });
    if (name == "tanh") return [](double x) { return std::tanh(x); };
    if (name == "sigmoid") return sigmoid;
    if (name == "relu") return [](double x) { return std::max(0.0, x); };
    if (name == "softsign") return [](double x) { return x / (1 + std::fabs(x)); };
    if (name == "softplus") return [](double x) { return std::log1p(std::exp(x)); };
    if (name == "leakyrelu") return [a = alpha(0.01)](double x) { return x < 0 ? a * x : x; };
    if (name == "thresholdedrelu") return [a = alpha(1)](double x) { return x > a ? x : 0.0; };
    if (name == "elu") return [a = alpha(1)](double x) { return x < 0 ? a * std::expm1(x) : x; };
    const double a = alpha(name == "hardsigmoid" ? 0.2 : 1), b = beta(name == "hardsigmoid" ? 0.5 : 1);
    if (name == "hardsigmoid") return [a, b](double x) { return std::clamp(a * x + b, 0.0, 1.0); };
    if (name == "affine") return [a, b](double x) { return a * x + b; };
    if (name == "scaledtanh") return [a, b](double x) { return a * std::tanh(b * x); };
    c_.unsupported("the activation '" + name + "'");
  }

 private:
  double alpha(double standard) { return next_alpha_ < alphas_.size() ? alphas_[next_alpha_++] : standard; }
  double beta(double standard) { return next_beta_ < betas_.size() ? betas_[next_beta_++] : standard; }

  const Call& c_;
  std::vector<std::string> names_;
  std::vector<double> alphas_, betas_;
  std::size_t at_ = 0, next_alpha_ = 0, next_beta_ = 0;
};

/// Sizes and operands that the three share; batch and time as in layout 0.
struct Layer {
  std::size_t length = 0, batch = 0, inputs = 0, hidden = 0, gates = 0, directions = 1;
  std::vector<double> x, h, cell;  ///< [length, batch, inputs]; [directions, batch, hidden]
  Ints lengths;
  double clip = 0;
  bool batch_first = false;
};

std::vector<double> state(const Call& c, std::size_t input, const Layer& l) {
  if (!c.has_input(input)) return std::vector<double>(l.directions * l.batch * l.hidden, 0);
  const Tensor& given = c.in(input);
  const Shape wanted = l.batch_first ? Shape{l.batch, l.directions, l.hidden} : Shape{l.directions, l.batch, l.hidden};
  c.require(given.real() && given.shape == wanted, "a starting state does not fit");
  return l.batch_first ? transposed(c, given, {1, 0, 2}).reals() : given.reals();
}

Layer read_layer(const Call& c, std::size_t gates) {
  const Tensor& given = c.in(0);
  c.require(given.rank() == 3 && given.real(), "the input should be floats of 3 axes");
  Layer l;
  l.batch_first = c.integer("layout", 0) != 0;
  const Tensor x = l.batch_first ? transposed(c, given, {1, 0, 2}) : reshaped(c, given, given.shape);
  l.length = x.shape[0];
  l.batch = x.shape[1];
  l.inputs = x.shape[2];
  l.x = x.reals();
  l.gates = gates;
  const Tensor& r = c.in(2);
  c.require(r.rank() == 3, "R should have 3 axes");
  l.hidden = r.shape[2];
  l.directions = r.shape[0];
  const bool both = c.text("direction", "forward") == "bidirectional";
  c.require(l.directions == (both ? 2u : 1u) && r.shape[1] == gates * l.hidden &&
                c.in(1).shape == Shape{l.directions, gates * l.hidden, l.inputs},
            "W and R do not fit the input");
  c.require(!c.has_input(3) || c.in(3).shape == Shape{l.directions, 2 * gates * l.hidden}, "B does not fit");
  l.h = state(c, 5, l);
  if (gates == 4) l.cell = state(c, 6, l);
  l.lengths = c.has_input(4) ? c.ints(4) : Ints(l.batch, static_cast<Int>(l.length));
  c.require(l.lengths.size() == l.batch, "sequence_lens does not fit the batch");
  for (const Int n : l.lengths) c.require(n >= 0 && n <= static_cast<Int>(l.length), "a sequence is too long");
  l.clip = c.real("clip", 0);
  c.spend(l.length * l.batch * l.directions * gates * l.hidden * (l.inputs + l.hidden));
  return l;
}

double clipped(const Layer& l, double x) { return l.clip > 0 ? std::clamp(x, -l.clip, l.clip) : x; }

/// One direction's weights.
struct Weights {
  const double *w = nullptr, *r = nullptr, *b = nullptr, *peep = nullptr;
};

/// W·x and R·h of gate g, unit u, with biases.
double from_input(const Layer& l, const Weights& p, std::size_t row, const double* x) {
  double sum = p.b != nullptr ? p.b[row] : 0;
  for (std::size_t i = 0; i < l.inputs; ++i) sum += p.w[row * l.inputs + i] * x[i];
  return sum;
}
double from_state(const Layer& l, const Weights& p, std::size_t row, const double* h) {
  double sum = p.b != nullptr ? p.b[l.gates * l.hidden + row] : 0;
  for (std::size_t i = 0; i < l.hidden; ++i) sum += p.r[row * l.hidden + i] * h[i];
  return sum;
}

/// One step for one element of the batch: changes h (and cell).
using Step = std::function<void(const Layer&, const Weights&, const std::vector<Activation>&, const double* x,
                                double* h, double* cell)>;

void rnn_step(const Layer& l, const Weights& p, const std::vector<Activation>& f, const double* x, double* h, double*) {
  std::vector<double> next(l.hidden);
  for (std::size_t u = 0; u < l.hidden; ++u) {
    next[u] = f[0](clipped(l, from_input(l, p, u, x) + from_state(l, p, u, h)));
  }
  std::copy(next.begin(), next.end(), h);
}

template <bool LinearBeforeReset>
void gru_step(const Layer& l, const Weights& p, const std::vector<Activation>& f, const double* x, double* h, double*) {
  const std::size_t n = l.hidden;
  std::vector<double> update(n), reset(n), held(n);
  for (std::size_t u = 0; u < n; ++u) {
    update[u] = f[0](clipped(l, from_input(l, p, u, x) + from_state(l, p, u, h)));
    reset[u] = f[0](clipped(l, from_input(l, p, n + u, x) + from_state(l, p, n + u, h)));
  }
  for (std::size_t u = 0; u < n; ++u) held[u] = reset[u] * h[u];
  std::vector<double> next(n);
  for (std::size_t u = 0; u < n; ++u) {
    const double recurrent =
        LinearBeforeReset ? reset[u] * from_state(l, p, 2 * n + u, h) : from_state(l, p, 2 * n + u, held.data());
    const double candidate = f[1](clipped(l, from_input(l, p, 2 * n + u, x) + recurrent));
    next[u] = (1 - update[u]) * candidate + update[u] * h[u];
  }
  std::copy(next.begin(), next.end(), h);
}

template <bool Coupled>
void lstm_step(const Layer& l, const Weights& p, const std::vector<Activation>& f, const double* x, double* h,
               double* cell) {
  const std::size_t n = l.hidden;
  std::vector<double> next(n);
  for (std::size_t u = 0; u < n; ++u) {
    const auto gate = [&](std::size_t g) { return from_input(l, p, g * n + u, x) + from_state(l, p, g * n + u, h); };
    const auto peep = [&](std::size_t g, double value) { return p.peep != nullptr ? p.peep[g * n + u] * value : 0; };
    const double in = f[0](clipped(l, gate(0) + peep(0, cell[u])));
    const double forget = Coupled ? 1 - in : f[0](clipped(l, gate(2) + peep(2, cell[u])));
    const double candidate = f[1](clipped(l, gate(3)));
    const double fresh = forget * cell[u] + in * candidate;
    const double out = f[0](clipped(l, gate(1) + peep(1, fresh)));
    next[u] = out * f[2](fresh);
    cell[u] = fresh;
  }
  std::copy(next.begin(), next.end(), h);
}

Outputs run_layer(const Call& c, Layer l, const Step& step, const std::vector<const char*>& standard) {
  const DType type = c.in(0).type;
  const std::size_t n = l.hidden, row = l.gates * n;
  Tensor y = c.make(type, Shape{l.length, l.directions, l.batch, n});
  Activations activations(c);
  for (std::size_t d = 0; d < l.directions; ++d) {
    std::vector<Activation> f;
    for (const char* name : standard) f.push_back(activations.next(name));
    Weights p{c.reals(1).data() + d * row * l.inputs, c.reals(2).data() + d * row * n, nullptr, nullptr};
    if (c.has_input(3)) p.b = c.reals(3).data() + d * 2 * row;
    if (l.gates == 4 && c.has_input(7)) {
      c.require(c.in(7).shape == Shape{l.directions, 3 * n}, "P does not fit");
      p.peep = c.reals(7).data() + d * 3 * n;
    }
    const bool backward = d == 1 || c.text("direction", "forward") == "reverse";
    for (std::size_t b = 0; b < l.batch; ++b) {
      double* h = l.h.data() + (d * l.batch + b) * n;
      double* cell = l.gates == 4 ? l.cell.data() + (d * l.batch + b) * n : nullptr;
      const auto steps = static_cast<std::size_t>(l.lengths[b]);
      for (std::size_t i = 0; i < steps; ++i) {
        const std::size_t t = backward ? steps - 1 - i : i;
        step(l, p, f, l.x.data() + (t * l.batch + b) * l.inputs, h, cell);
        std::copy(h, h + n, y.reals().begin() + static_cast<Int>(((t * l.directions + d) * l.batch + b) * n));
      }
    }
  }
  const auto states = [&](std::vector<double> values) {
    const Tensor t = real_tensor(c, type, {l.directions, l.batch, n}, std::move(values));
    return l.batch_first ? transposed(c, t, {1, 0, 2}) : t;
  };
  std::vector<Tensor> out;
  out.push_back(l.batch_first ? transposed(c, y, {2, 0, 1, 3}) : std::move(y));
  out.push_back(states(l.h));
  if (l.gates == 4) out.push_back(states(l.cell));
  return out;
}

Outputs rnn(const Call& c) { return run_layer(c, read_layer(c, 1), rnn_step, {"Tanh"}); }

Outputs gru(const Call& c) {
  const bool linear = c.integer("linear_before_reset", 0) != 0;
  return run_layer(c, read_layer(c, 3), linear ? gru_step<true> : gru_step<false>, {"Sigmoid", "Tanh"});
}

Outputs lstm(const Call& c) {
  const bool coupled = c.integer("input_forget", 0) != 0;
  return run_layer(c, read_layer(c, 4), coupled ? lstm_step<true> : lstm_step<false>, {"Sigmoid", "Tanh", "Tanh"});
}

constexpr KernelEntry entries[] = {
    {"", "GRU", gru},
    {"", "LSTM", lstm},
    {"", "RNN", rnn},
};

}  // namespace

std::span<const KernelEntry> recurrent_kernels() { return entries; }

}  // namespace ezkl::floatrun
