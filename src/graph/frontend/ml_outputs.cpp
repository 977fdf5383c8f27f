#include "graph/frontend/ml_outputs.hpp"

#include <algorithm>
#include <cmath>

#include "base/checked_int.hpp"

namespace ezkl {

PostTransform post_transform(const OnnxNode& n, const std::string& name) {
  if (name == "NONE") return PostTransform::none;
  if (name == "SOFTMAX") return PostTransform::softmax;
  if (name == "LOGISTIC") return PostTransform::logistic;
  if (name == "SOFTMAX_ZERO") return PostTransform::softmax_zero;
  if (name == "PROBIT") return PostTransform::probit;
  n.unsupported("post_transform '" + name + "'; NONE, LOGISTIC, SOFTMAX, SOFTMAX_ZERO and PROBIT are known");
}

namespace {

/// √2·erf⁻¹(2p - 1) by Winitzki's formula with a = 0.147, which onnxruntime computes, too:
/// erf⁻¹(x)² = √(v² - l/a) - v for l = ln(1 - x²) and v = 2/(πa) + l/2. With x = 2p - 1, 1 - x² = 4p(1 - p).
Value probit(Converter& c, Value p) {
  constexpr double a = 0.147;
  const Value rest = c.sub(c.scalar_like(p, 1), p);
  const Value log = c.unary("Ln", c.mul(c.mul(p, rest), 4.0));
  const Value v = c.add(c.mul(log, 0.5), 2 / (M_PI * a));
  const Value square = c.sub(c.unary("Sqrt", c.add(c.square(v), c.mul(log, -1 / a))), v);
  return c.mul(c.mul(c.unary("Sign", c.add(p, -0.5)), c.unary("Sqrt", square)), std::sqrt(2.0));
}

}  // namespace

Value transformed(Converter& c, Value scores, PostTransform transform) {
  if (transform == PostTransform::none) return scores;
  if (transform == PostTransform::logistic) return c.unary("Sigmoid", scores);
  if (transform == PostTransform::probit) return probit(c, scores);
  const Value shares = c.apply("Softmax", {{"axes", Integers{1}}}, {scores});
  if (transform == PostTransform::softmax) return shares;
  // Scores of exactly 0 keep their 0; they count in the sum all the same.
  return c.where(c.compare("Equals", scores, c.scalar_like(scores, 0)), scores, shares);
}

Value two_classes(Converter& c, Value score, PostTransform transform, SecondClass second) {
  const Value one = c.scalar_like(score, 1);
  if (transform == PostTransform::logistic) {
    const Value positive = c.unary("Sigmoid", score);
    return c.concat({c.sub(one, positive), positive}, 1);
  }
  const bool complement = second == SecondClass::complement && transform == PostTransform::none;
  const Value other = complement ? c.sub(one, score) : c.unary("Neg", score);
  const Value both = c.concat({other, score}, 1);
  return transformed(c, both, transform);
}

ClassLabels class_labels(const OnnxNode& n, const std::string& integer_attribute) {
  ClassLabels labels{n.integers(integer_attribute)};
  if (labels.values.empty()) labels.values = iota(n.texts("classlabels_strings").size());
  return labels;
}

Value label_of_largest(Converter& c, Value scores, const ClassLabels& labels) {
  const Value index =
      c.apply("ReduceArgMax", {{"axis", std::int64_t{1}}, {"select_last", std::int64_t{0}}}, {scores}, DType::i64);
  const Value flat = c.reshape(index, {c.shape(scores)[0]});
  if (labels.consecutive()) return flat;
  return c.apply("Gather", {{"axis", std::int64_t{0}}}, {c.integers(labels.values), flat}, DType::i64);
}

Value label_if(Converter& c, Value positive, const ClassLabels& labels) {
  const Value number = c.apply("Identity", {}, {positive}, DType::i64);
  const std::int64_t step = (CheckedInt(labels.values[1]) - labels.values[0]).value();
  const Value scaled = step == 1 ? number : c.mul(number, c.scalar(DType::i64, static_cast<double>(step)));
  if (labels.values[0] == 0) return scaled;
  return c.add(scaled, c.scalar(DType::i64, static_cast<double>(labels.values[0])));
}

Value rows_of(Converter& c, const OnnxNode& n, Value x) {
  if (c.rank(x) == 1) return c.reshape(x, {1, c.shape(x)[0]});
  if (c.rank(x) != 2) n.fail(Fault::format, "the input " + to_string(c.shape(x)) + " is not [samples, features]");
  return x;
}

Value affine(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& weights,
             const std::vector<double>& bias) {
  if (!is_float(c.type(x))) x = c.cast(x, DType::f32);
  const std::size_t features = c.shape(x)[1];
  if (features == 0 || weights.empty() || weights.size() % features != 0) {
    n.fail(Fault::format,
           std::to_string(weights.size()) + " coefficients do not go with " + std::to_string(features) + " features");
  }
  const std::size_t outputs = weights.size() / features;
  if (!bias.empty() && bias.size() != outputs) {
    n.fail(Fault::format, std::to_string(bias.size()) + " intercepts for " + std::to_string(outputs) + " outputs");
  }
  const Value matrix = c.constant(FloatTensor{DType::f32, {outputs, features}, weights});
  const Value product = c.einsum("ab,cb->ac", {x, matrix});
  const bool plain = std::all_of(bias.begin(), bias.end(), [](double b) { return b == 0; });
  return plain ? product : c.add(product, c.constant(FloatTensor{DType::f32, {outputs}, bias}));
}

}  // namespace ezkl
