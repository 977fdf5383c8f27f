// Normalizations.
#include <cmath>
#include <numeric>

#include "floatrun/functions.hpp"
#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

Outputs batch_normalization(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 1, "the input has no axes");
  if (c.integer("spatial", 1) == 0) c.unsupported("BatchNormalization with spatial = 0");
  const std::size_t channels = x.rank() == 1 ? 1 : x.shape[1];
  const Lines lines = x.rank() == 1 ? Lines{x.size(), 1, 1} : lines_of(x.shape, 1);
  const double epsilon = c.real("epsilon", 1e-5), momentum = c.real("momentum", 0.9);
  const bool training = c.integer("training_mode", 0) != 0 || (c.opset() < 7 && c.integer("is_test", 0) == 0);
  std::vector<double> mean = c.reals(3), variance = c.reals(4);
  const std::vector<double>&scale = c.reals(1), &bias = c.reals(2), &data = c.reals(0);
  for (const std::vector<double>* list :
       std::initializer_list<const std::vector<double>*>{&mean, &variance, &scale, &bias}) {
    c.require(list->size() == channels, "a parameter does not fit the channels");
  }
  std::vector<Tensor> out;
  out.push_back(c.make(x.type, x.shape));
  if (training) {
    std::vector<double> new_mean = mean, new_variance = variance;
    for (std::size_t ch = 0; ch < channels; ++ch) {
      const Moments m = moments(lines.count(), [&](std::size_t i) {
        return data[(i / lines.inner * channels + ch) * lines.inner + i % lines.inner];
      });
      new_mean[ch] = mean[ch] * momentum + m.mean * (1 - momentum);
      new_variance[ch] = variance[ch] * momentum + m.variance * (1 - momentum);
      mean[ch] = m.mean;
      variance[ch] = m.variance;
    }
    out.push_back(real_tensor(c, c.in(3).type, {channels}, new_mean));
    out.push_back(real_tensor(c, c.in(4).type, {channels}, new_variance));
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t ch = i / lines.inner % channels;
    out[0].reals()[i] = (data[i] - mean[ch]) / std::sqrt(variance[ch] + epsilon) * scale[ch] + bias[ch];
  }
  return out;
}

/// Over runs of `run` elements; the parameters of element i are at index parameter(i).
template <class Parameter>
Tensor normalized_runs(const Call& c, std::size_t run, double epsilon, Parameter parameter) {
  const std::vector<double>&x = c.reals(0), &scale = c.reals(1), &bias = c.reals(2);
  Tensor out = c.make(c.in(0).type, c.in(0).shape);
  for (std::size_t start = 0; run > 0 && start < x.size(); start += run) {
    const Moments m = moments(run, [&](std::size_t i) { return x[start + i]; });
    for (std::size_t i = start; i < start + run; ++i) {
      const std::size_t p = parameter(i);
      out.reals()[i] = (x[i] - m.mean) / std::sqrt(m.variance + epsilon) * scale.at(p) + bias.at(p);
    }
  }
  return out;
}

Outputs instance_normalization(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2, "the input has no channels");
  const std::size_t plane = volume(Shape(x.shape.begin() + 2, x.shape.end()));
  return {normalized_runs(c, plane, c.real("epsilon", 1e-5), [&](std::size_t i) { return i / plane % x.shape[1]; })};
}

Outputs group_normalization(const Call& c) {
  const Tensor& x = c.in(0);
  const Int groups = c.integer("num_groups");
  c.require(x.rank() >= 2 && groups > 0 && x.extent(1) % groups == 0, "the channels do not divide into groups");
  const std::size_t per_group = x.shape[1] / static_cast<std::size_t>(groups);
  const std::size_t plane = volume(Shape(x.shape.begin() + 2, x.shape.end()));
  const std::size_t divisor = c.opset() < 21 ? per_group : 1;
  return {normalized_runs(c, plane * per_group, c.real("epsilon", 1e-5),
                          [&](std::size_t i) { return i / plane % x.shape[1] / divisor; })};
}

/// LayerNormalization and RMSNormalization: over the axes from one on, parameters broadcast to the input.
Outputs layer_normalization(const Call& c) {
  const Tensor& x = c.in(0);
  const bool root_mean_square = c.node().op_type == "RMSNormalization";
  const double epsilon = c.real("epsilon", 1e-5);
  const std::size_t axis = c.axis(c.integer("axis", -1), x.rank());
  const std::size_t run = volume(Shape(x.shape.begin() + static_cast<Int>(axis), x.shape.end()));
  const std::vector<double>& data = c.reals(0);
  Shape statistics = x.shape;
  for (std::size_t i = axis; i < statistics.size(); ++i) statistics[i] = 1;
  std::vector<Tensor> out;
  out.push_back(c.make(x.type, x.shape));
  const DType stash = c.element_type("stash_type", DType::f32);
  out.push_back(c.make(stash, statistics));
  out.push_back(c.make(stash, statistics));
  for (std::size_t r = 0; run > 0 && r < data.size() / run; ++r) {
    const Moments m = moments(
        run, [&](std::size_t i) { return data[r * run + i]; }, !root_mean_square);
    const double inverse = 1 / std::sqrt(m.variance + epsilon);
    out[1].reals()[r] = m.mean;
    out[2].reals()[r] = inverse;
    for (std::size_t i = r * run; i < (r + 1) * run; ++i) out[0].reals()[i] = (data[i] - m.mean) * inverse;
  }
  for (const std::size_t input : {std::size_t{1}, std::size_t{2}}) {
    if (!c.has_input(input)) continue;
    const Shape& shape = c.in(input).shape;
    const std::vector<double>& parameter = c.reals(input);
    c.require(broadcast_shape(x.shape, shape) == x.shape, "a parameter does not fit the input");
    broadcast<2>(x.shape, {&x.shape, &shape}, [&](std::size_t i, const auto& at) {
      out[0].reals()[i] = input == 1 ? out[0].reals()[i] * parameter[at[1]] : out[0].reals()[i] + parameter[at[1]];
    });
  }
  if (root_mean_square) out.resize(1);
  return out;
}

Outputs lp_normalization(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  const std::size_t axis = c.axis(c.integer("axis", -1), shape.size());
  const Int p = c.integer("p", 2);
  c.require(p == 1 || p == 2, "p is neither 1 nor 2");
  const Lines lines = lines_of(shape, axis);
  Tensor out = c.make(c.in(0).type, shape);
  for (std::size_t line = 0; line < lines.count(); ++line) {
    const std::size_t start = lines.start(line);
    double sum = 0;
    for (std::size_t i = 0; i < lines.extent; ++i) {
      const double v = x[start + i * lines.inner];
      sum += p == 1 ? std::fabs(v) : v * v;
    }
    const double norm = p == 1 ? sum : std::sqrt(sum);
    for (std::size_t i = 0; i < lines.extent; ++i) {
      const std::size_t at = start + i * lines.inner;
      out.reals()[at] = norm == 0 ? 0 : x[at] / norm;
    }
  }
  return {std::move(out)};
}

Outputs mean_variance_normalization(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  std::vector<bool> gone(shape.size(), false);
  for (const Int axis : c.integers("axes", {0, 2, 3})) gone[c.axis(axis, shape.size())] = true;
  Shape kept = shape;
  for (std::size_t i = 0; i < shape.size(); ++i) kept[i] = gone[i] ? 1 : shape[i];
  std::vector<double> sums(volume(kept), 0), squares(volume(kept), 0);
  const double count = static_cast<double>(x.size()) / static_cast<double>(std::max<std::size_t>(1, sums.size()));
  Tensor out = c.make(c.in(0).type, shape);
  broadcast<2>(shape, {&shape, &kept}, [&](std::size_t i, const auto& at) { sums[at[1]] += x[i]; });
  broadcast<2>(shape, {&shape, &kept}, [&](std::size_t i, const auto& at) {
    const double centred = x[i] - sums[at[1]] / count;
    squares[at[1]] += centred * centred;
  });
  broadcast<2>(shape, {&shape, &kept}, [&](std::size_t i, const auto& at) {
    out.reals()[i] = (x[i] - sums[at[1]] / count) / (std::sqrt(squares[at[1]] / count) + 1e-9);
  });
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "BatchNormalization", batch_normalization},
    {"", "GroupNormalization", group_normalization},
    {"", "InstanceNormalization", instance_normalization},
    {"", "LayerNormalization", layer_normalization},
    {"", "LpNormalization", lp_normalization},
    {"", "MeanVarianceNormalization", mean_variance_normalization},
    {"", "RMSNormalization", layer_normalization},
};

}  // namespace

std::span<const KernelEntry> normalization_kernels() { return entries; }

}  // namespace ezkl::floatrun
