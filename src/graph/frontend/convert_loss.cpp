// Losses.
#include "graph/frontend/families.hpp"

namespace ezkl {
namespace {

/// -Σ over classes of [class = target] · weight · log_prob, reduced as the attribute says.
Value negative_log_likelihood(Converter& c, const OnnxNode& n, Value log_prob) {
  const Value target = n.input(1);
  const Shape shape = c.shape(log_prob);
  if (shape.size() < 2 || c.rank(target) + 1 != shape.size()) {
    n.fail(Fault::format, "scores " + to_string(shape) + " do not go with labels " + to_string(c.shape(target)));
  }
  FloatTensor classes{c.type(target), Shape(shape.size(), 1), {}};
  classes.shape[1] = shape[1];
  c.charged_volume(classes.shape);
  for (std::size_t i = 0; i < shape[1]; ++i) classes.data.push_back(static_cast<double>(i));
  const Value hit = c.cast(c.compare("Equals", c.unsqueeze(target, {1}), c.constant(classes)), c.type(log_prob));
  const bool ignores = n.has("ignore_index");
  const bool weighted = n.has_input(2) || ignores;
  FloatTensor kept{c.type(log_prob), classes.shape, std::vector<double>(shape[1], 1)};
  const std::int64_t ignored = n.integer("ignore_index", -1);
  if (ignores && ignored >= 0 && ignored < static_cast<std::int64_t>(shape[1]))
    kept.data[static_cast<std::size_t>(ignored)] = 0;
  Value weight = c.constant(kept);
  if (n.has_input(2)) weight = c.mul(weight, c.reshape(n.input(2), classes.shape));
  const Value weighted_hit = weighted ? c.mul(hit, weight) : hit;
  const Value loss = c.unary("Neg", c.reduce("Sum", c.mul(log_prob, weighted_hit), {1}, false));
  const std::string reduction = n.text("reduction", "mean");
  if (reduction == "none") return loss;
  const Integers all = iota(c.rank(loss));
  if (reduction == "sum") return c.reduce("Sum", loss, all, false);
  if (reduction != "mean") n.fail(Fault::format, "reduction is '" + reduction + "'");
  if (!weighted) return c.mean(loss, all, false);
  return c.div(c.reduce("Sum", loss, all, false), c.reduce("Sum", weighted_hit, iota(shape.size()), false));
}

std::vector<Value> convert_nll(Converter& c, const OnnxNode& n) { return {negative_log_likelihood(c, n, n.input(0))}; }

std::vector<Value> convert_cross_entropy(Converter& c, const OnnxNode& n) {
  const Value scores = n.input(0);
  if (c.rank(scores) < 2) n.fail(Fault::format, "the scores must have classes");
  const Value centered = c.sub(scores, c.reduce("ReduceMax", scores, {1}, true));
  const Value log_prob = c.sub(centered, c.unary("Ln", c.reduce("Sum", c.exp(centered), {1}, true)));
  return {negative_log_likelihood(c, n, log_prob), log_prob};
}

constexpr ConverterEntry entries[] = {
    {"", "NegativeLogLikelihoodLoss", convert_nll},
    {"", "SoftmaxCrossEntropyLoss", convert_cross_entropy},
};

}  // namespace

std::span<const ConverterEntry> loss_converters() { return entries; }

}  // namespace ezkl
