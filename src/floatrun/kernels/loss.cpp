// Losses.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

Tensor negative_log_likelihood(const Call& c, const Tensor& log_prob) {
  const Tensor& target = c.in(1);
  const Shape& shape = log_prob.shape;
  c.require(shape.size() >= 2 && target.rank() + 1 == shape.size(), "scores do not go with labels");
  const Lines lines = lines_of(shape, 1);
  const Ints labels = c.ints(1);
  c.require(labels.size() == lines.count(), "scores do not go with labels");
  const std::vector<double>* weights = c.has_input(2) ? &c.reals(2) : nullptr;
  const bool ignores = c.has("ignore_index");
  const Int ignored = c.integer("ignore_index", -1);
  Tensor loss = c.make(log_prob.type, target.shape);
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (ignores && labels[i] == ignored) continue;
    const std::size_t label = checked_index(c, labels[i], lines.extent);
    const double weight = weights != nullptr ? weights->at(label) : 1;
    loss.reals()[i] =
        -weight * log_prob.reals()[(i / lines.inner * lines.extent + label) * lines.inner + i % lines.inner];
    sum += loss.reals()[i];
    total += weight;
  }
  const std::string reduction = c.text("reduction", "mean");
  if (reduction == "none") return loss;
  c.require(reduction == "sum" || reduction == "mean", "unknown reduction");
  return real_tensor(c, log_prob.type, {}, {reduction == "sum" ? sum : sum / total});
}

Outputs nll_loss(const Call& c) {
  c.require(c.in(0).real(), "the scores should be floats");
  return {negative_log_likelihood(c, c.in(0))};
}

Outputs cross_entropy(const Call& c) {
  const std::vector<double>& x = c.reals(0);
  const Shape& shape = c.in(0).shape;
  c.require(shape.size() >= 2, "the scores have no classes");
  const Lines lines = lines_of(shape, 1);
  Tensor log_prob = c.make(c.in(0).type, shape);
  for (std::size_t line = 0; line < lines.count(); ++line) {
    const std::size_t start = lines.start(line);
    double top = -INFINITY, sum = 0;
    for (std::size_t i = 0; i < lines.extent; ++i) top = std::max(top, x[start + i * lines.inner]);
    for (std::size_t i = 0; i < lines.extent; ++i) sum += std::exp(x[start + i * lines.inner] - top);
    for (std::size_t i = 0; i < lines.extent; ++i) {
      log_prob.reals()[start + i * lines.inner] = x[start + i * lines.inner] - top - std::log(sum);
    }
  }
  return {negative_log_likelihood(c, log_prob), std::move(log_prob)};
}

constexpr KernelEntry entries[] = {
    {"", "NegativeLogLikelihoodLoss", nll_loss},
    {"", "SoftmaxCrossEntropyLoss", cross_entropy},
};

}  // namespace

std::span<const KernelEntry> loss_kernels() { return entries; }

}  // namespace ezkl::floatrun
