// Activation functions.
#include <cmath>
#include <functional>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

Outputs each(const Call& c, const std::function<double(double)>& f) {
  const std::vector<double>& x = c.reals(0);
  Tensor out = c.make(c.in(0).type, c.in(0).shape);
  for (std::size_t i = 0; i < x.size(); ++i) out.reals()[i] = f(x[i]);
  return {std::move(out)};
}

Outputs relu(const Call& c) {
  const Tensor& x = c.in(0);
  if (x.real()) return each(c, [](double v) { return v < 0 ? 0.0 : v; });
  Tensor out = reshaped(c, x, x.shape);
  for (Int& v : out.ints()) v = v < 0 && x.type != DType::u64 ? 0 : v;
  return {std::move(out)};
}

Outputs leaky_relu(const Call& c) {
  const double slope = c.real("alpha", 0.01);
  return each(c, [&](double v) { return v < 0 ? slope * v : v; });
}

Outputs prelu(const Call& c) {
  const Tensor &x = c.in(0), &slope = c.in(1);
  Shape shape = slope.shape;
  // Before opset 9, the slopes could be those of the channels.
  if (c.opset() < 9 && shape.size() == 1 && x.rank() > 2 && shape[0] == x.shape[1]) {
    shape.resize(x.rank() - 1, 1);
  }
  Tensor out = c.make(x.type, x.shape);
  if (broadcast_shape(x.shape, shape) != x.shape) c.fail("the slopes do not fit the input");
  broadcast<2>(x.shape, {&x.shape, &shape}, [&](std::size_t i, const auto& at) {
    if (out.real()) {
      out.reals()[i] = x.reals()[at[0]] < 0 ? x.reals()[at[0]] * slope.reals().at(at[1]) : x.reals()[at[0]];
    } else {
      const bool negative = x.type != DType::u64 && x.ints()[at[0]] < 0;
      const auto product =
          static_cast<std::uint64_t>(x.ints()[at[0]]) * static_cast<std::uint64_t>(slope.ints().at(at[1]));
      out.ints()[i] = negative ? static_cast<Int>(product) : x.ints()[at[0]];
    }
  });
  return {std::move(out)};
}

Outputs elu(const Call& c) {
  const double alpha = c.real("alpha", 1);
  return each(c, [&](double v) { return v < 0 ? alpha * std::expm1(v) : v; });
}

Outputs celu(const Call& c) {
  const double alpha = c.real("alpha", 1);
  return each(c, [&](double v) {
    if (std::isnan(v)) return v;
    return std::max(0.0, v) + std::min(0.0, alpha * std::expm1(v / alpha));
  });
}

Outputs selu(const Call& c) {
  const double alpha = c.real("alpha", c.opset() < 6 ? 1.6732 : 1.67326319217681884765625);
  const double gamma = c.real("gamma", c.opset() < 6 ? 1.0507 : 1.05070102214813232421875);
  return each(c, [&](double v) { return gamma * (v <= 0 ? alpha * std::expm1(v) : v); });
}

Outputs gelu_kernel(const Call& c) {
  const std::string form = c.text("approximate", "none");
  if (form == "tanh") return each(c, gelu_by_tanh);
  if (form != "none") c.unsupported("Gelu with approximate = '" + form + "'");
  return each(c, gelu);
}

double hard_sigmoid(double v, double alpha, double beta) {
  return std::isnan(v) ? v : std::max(0.0, std::min(1.0, alpha * v + beta));
}

Outputs hard_sigmoid_kernel(const Call& c) {
  const double alpha = c.real("alpha", 0.2), beta = c.real("beta", 0.5);
  return each(c, [&](double v) { return hard_sigmoid(v, alpha, beta); });
}

Outputs hard_swish(const Call& c) {
  return each(c, [](double v) { return v * hard_sigmoid(v, 1.0 / 6, 0.5); });
}

Outputs mish(const Call& c) {
  return each(c, [](double v) { return v * std::tanh(softplus(v)); });
}
Outputs sigmoid_kernel(const Call& c) { return each(c, sigmoid); }
Outputs softplus_kernel(const Call& c) { return each(c, softplus); }

Outputs softsign(const Call& c) {
  return each(c, [](double v) { return v / (1 + std::fabs(v)); });
}

Outputs swish(const Call& c) {
  const double alpha = c.real("alpha", 1);
  return each(c, [&](double v) { return v * sigmoid(alpha * v); });
}

Outputs swiglu(const Call& c) {
  const double alpha = c.real("alpha", 1);
  const std::vector<double>& b = c.reals(1);
  if (c.in(0).shape != c.in(1).shape) c.fail("the inputs differ in shape");
  Tensor out = c.make(c.in(0).type, c.in(0).shape);
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double a = c.reals(0)[i];
    out.reals()[i] = a * sigmoid(alpha * a) * b[i];
  }
  return {std::move(out)};
}

Outputs thresholded_relu(const Call& c) {
  const double alpha = c.real("alpha", 1);
  return each(c, [&](double v) { return v > alpha || std::isnan(v) ? v : 0.0; });
}

Outputs shrink(const Call& c) {
  const double bias = c.real("bias", 0), lambd = c.real("lambd", 0.5);
  const auto f = [&](double v) { return v < -lambd ? v + bias : v > lambd ? v - bias : std::isnan(v) ? v : 0.0; };
  const Tensor& x = c.in(0);
  Tensor out = c.make(x.type, x.shape);
  for (std::size_t i = 0; i < x.size(); ++i) out.set(i, f(x.number(i)));
  return {std::move(out)};
}

/// Softmax and its kin: over one axis since opset 13, before over all axes from one on.
Outputs softmax(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  const std::size_t axis = shape.empty() ? 0 : c.axis(c.integer("axis", c.opset() < 13 ? 1 : -1), shape.size());
  Lines lines = lines_of(shape, axis);
  if (c.opset() < 13) {
    lines.extent *= lines.inner;
    lines.inner = 1;
  }
  const bool log = c.node().op_type == "LogSoftmax", hard = c.node().op_type == "Hardmax";
  Tensor out = c.make(c.in(0).type, shape);
  for (std::size_t line = 0; line < lines.count() && lines.extent > 0; ++line) {
    const std::size_t start = lines.start(line);
    double top = x[start];
    std::size_t best = start;
    for (std::size_t i = 1; i < lines.extent; ++i) {
      const double v = x[start + i * lines.inner];
      if (v > top || std::isnan(v)) {
        top = v;
        best = start + i * lines.inner;
      }
    }
    if (hard) {
      out.reals()[best] = 1;
      continue;
    }
    double sum = 0;
    for (std::size_t i = 0; i < lines.extent; ++i) sum += std::exp(x[start + i * lines.inner] - top);
    for (std::size_t i = 0; i < lines.extent; ++i) {
      const double v = x[start + i * lines.inner] - top;
      out.reals()[start + i * lines.inner] = log ? v - std::log(sum) : std::exp(v) / sum;
    }
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "Celu", celu},
    {"", "Elu", elu},
    {"", "Gelu", gelu_kernel},
    {"", "HardSigmoid", hard_sigmoid_kernel},
    {"", "HardSwish", hard_swish},
    {"", "Hardmax", softmax},
    {"", "LeakyRelu", leaky_relu},
    {"", "LogSoftmax", softmax},
    {"", "Mish", mish},
    {"", "PRelu", prelu},
    {"", "Relu", relu},
    {"", "Selu", selu},
    {"", "Shrink", shrink},
    {"", "Sigmoid", sigmoid_kernel},
    {"", "Softmax", softmax},
    {"", "Softplus", softplus_kernel},
    {"", "Softsign", softsign},
    {"", "SwiGLU", swiglu},
    {"", "Swish", swish},
    {"", "ThresholdedRelu", thresholded_relu},
};

}  // namespace

std::span<const KernelEntry> activation_kernels() { return entries; }

}  // namespace ezkl::floatrun
