// ai.onnx.ml SVMRegressor and SVMClassifier, as LIBSVM defines them: kernels of x with the support vectors, weighted;
// a classifier decides between every two classes and counts votes.
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/ml_outputs.hpp"
#include "graph/frontend/operator_cost.hpp"

namespace ezkl {
namespace {

/// gamma, coef0, degree.
std::vector<double> kernel_parameters(const OnnxNode& n) {
  std::vector<double> parameters = n.reals("kernel_params");
  if (parameters.empty()) parameters = {0, 0, 3};
  if (parameters.size() != 3)
    n.fail(Fault::format, "kernel_params has " + std::to_string(parameters.size()) + " entries");
  return parameters;
}

Value times(Converter& c, Value x, double factor) {
  return factor == 1 ? x : c.apply("ScaleBy", {{"factors", std::vector<double>{factor}}}, {x});
}

/// |x - v|² for every row x and every support vector v, as |x|² + |v|² - 2x·v.
Value squared_distances(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& vectors) {
  const std::size_t features = c.shape(x)[1];
  std::vector<double> squares;
  for (std::size_t at = 0; at < vectors.size(); at += features) {
    double sum = 0;
    for (std::size_t i = 0; i < features; ++i) sum += vectors[at + i] * vectors[at + i];
    squares.push_back(round_to(DType::f32, sum));
  }
  std::vector<double> doubled;
  for (const double v : vectors) doubled.push_back(-2 * v);
  const Value own = c.reduce("Sum", c.square(x), {1}, true);
  return c.add(affine(c, n, x, doubled, squares), own);
}

/// K(x, v) of a kernel that is not linear: [samples, vectors].
Value kernel(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& vectors, const std::string& type,
             const std::vector<double>& parameters) {
  if (type == "RBF") return c.exp(times(c, squared_distances(c, n, x, vectors), -parameters[0]));
  const Value products = affine(c, n, x, vectors, {});
  Value moved = times(c, products, parameters[0]);
  if (parameters[1] != 0) moved = c.add(moved, parameters[1]);
  if (type == "SIGMOID") return c.unary("Tanh", moved);
  if (type != "POLY") n.fail(Fault::format, "unknown kernel_type '" + type + "'");
  const double degree = parameters[2];
  if (!(degree >= 1 && degree <= 16) || degree != std::trunc(degree)) {
    n.unsupported("a polynomial kernel of degree " + std::to_string(degree));
  }
  if (degree == 1) return moved;
  return c.apply("Pow", {{"exponent", std::int64_t(degree)}}, {moved});
}

/// weights · vectors: [outputs, features] of weights [outputs, vectors].
std::vector<double> combined(Converter& c, const std::vector<double>& weights, const std::vector<double>& vectors,
                             std::size_t features) {
  const std::size_t count = vectors.size() / features, outputs = weights.size() / count;
  c.charged_volume({outputs, features});
  c.charge(ModelBudget::Kind::make, outputs * count * features / products_as_element);
  std::vector<double> rows(outputs * features, 0.0);
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t i = 0; i < features; ++i) {
        rows[o * features + i] += weights[o * count + k] * vectors[k * features + i];
      }
    }
  }
  return rows;
}

/// Σ weights · K(x, v) + offsets for weights [outputs, vectors]: [samples, outputs]. A linear kernel's sum over vectors
/// is one linear function of x; its products may be a million times as large as their sum, so it is formed here, where
/// they keep their digits.
Value weighted_kernels(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& vectors,
                       const std::vector<double>& weights, const std::vector<double>& offsets) {
  const std::size_t features = c.shape(x)[1];
  if (features == 0 || vectors.empty() || vectors.size() % features != 0) {
    n.fail(Fault::format, "support vectors do not go with " + std::to_string(features) + " features");
  }
  const std::size_t count = vectors.size() / features;
  if (weights.empty() || weights.size() % count != 0) {
    n.fail(Fault::format,
           std::to_string(weights.size()) + " coefficients for " + std::to_string(count) + " support vectors");
  }
  const std::string type = n.text("kernel_type", "LINEAR");
  const std::vector<double> parameters = kernel_parameters(n);
  if (type == "LINEAR") return affine(c, n, x, combined(c, weights, vectors, features), offsets);
  return affine(c, n, kernel(c, n, x, vectors, type, parameters), weights, offsets);
}

std::vector<Value> convert_svm_regressor(Converter& c, const OnnxNode& n) {
  const Value x = rows_of(c, n, n.input(0));
  const std::vector<double> coefficients = n.reals("coefficients");
  const std::vector<double> rho = n.reals("rho");
  if (rho.empty()) n.fail(Fault::format, "rho is missing");
  const bool linear = n.integer("n_supports", 0) == 0;
  const Value sum = linear ? affine(c, n, x, coefficients, {rho[0]})
                           : weighted_kernels(c, n, x, n.reals("support_vectors"), coefficients, {rho[0]});
  if (c.shape(sum)[1] != 1) n.fail(Fault::format, "there is more than one coefficient for each support vector");
  if (n.integer("one_class", 0) == 0) return {transformed(c, sum, post_transform(n, n.text("post_transform", "NONE")))};
  const Value inside = c.cast(c.compare("Greater", sum, c.scalar_like(sum, 0)), DType::f32);
  return {c.add(c.mul(inside, 2.0), -1.0)};
}

/// Votes of all pairs of classes and what the model says of each pair.
struct Decisions {
  Value pairs = 0;  ///< [samples, classes · (classes - 1) / 2]
  Value votes = 0;  ///< [samples, classes]
};

/// Coefficients of each pair over all support vectors: class i's vectors with row j - 1, class j's with row i.
std::vector<double> pair_weights(Converter& c, const OnnxNode& n, const std::vector<double>& coefficients,
                                 const Integers& per_class) {
  const std::size_t classes = per_class.size();
  std::vector<std::size_t> starts;
  std::size_t total = 0;
  for (const std::int64_t count : per_class) {
    if (count < 0 || count > (1 << 24)) n.fail(Fault::format, "vectors_per_class is out of bounds");
    starts.push_back(total);
    total += static_cast<std::size_t>(count);
  }
  if (coefficients.size() != (classes - 1) * total) {
    n.fail(Fault::format, std::to_string(coefficients.size()) + " coefficients for " + std::to_string(total) +
                              " support vectors of " + std::to_string(classes) + " classes");
  }
  c.charged_volume({classes * (classes - 1) / 2, total});
  std::vector<double> weights;
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t j = i + 1; j < classes; ++j) {
      std::vector<double> row(total, 0.0);
      for (std::size_t k = starts[i]; k < starts[i] + static_cast<std::size_t>(per_class[i]); ++k) {
        row[k] = coefficients[(j - 1) * total + k];
      }
      for (std::size_t k = starts[j]; k < starts[j] + static_cast<std::size_t>(per_class[j]); ++k) {
        row[k] = coefficients[i * total + k];
      }
      weights.insert(weights.end(), row.begin(), row.end());
    }
  }
  return weights;
}

Decisions decide(Converter& c, const OnnxNode& n, Value x, std::size_t classes) {
  const Integers per_class = n.integers("vectors_per_class");
  if (per_class.size() != classes) n.fail(Fault::format, "vectors_per_class does not have one entry for each label");
  const std::vector<double> rho = n.reals("rho");
  const std::vector<double> weights = pair_weights(c, n, n.reals("coefficients"), per_class);
  Decisions decisions;
  decisions.pairs = weighted_kernels(c, n, x, n.reals("support_vectors"), weights, rho);
  const Value first_wins = c.cast(c.compare("Greater", decisions.pairs, c.scalar_like(decisions.pairs, 0)), DType::i64);
  // votes of class i: pairs (i, j) that are positive, pairs (j, i) that are not.
  const std::size_t pairs = classes * (classes - 1) / 2;
  std::vector<double> signs(c.charged_volume({classes, pairs}), 0.0);
  std::vector<double> offsets(classes, 0.0);
  std::size_t pair = 0;
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t j = i + 1; j < classes; ++j, ++pair) {
      signs[i * pairs + pair] = 1;
      signs[j * pairs + pair] = -1;
      offsets[j] += 1;
    }
  }
  const Value matrix = c.constant(FloatTensor{DType::i64, {classes, pairs}, std::move(signs)});
  decisions.votes = c.add(c.einsum("ab,cb->ac", {first_wins, matrix}),
                          c.constant(FloatTensor{DType::i64, {classes}, std::move(offsets)}));
  return decisions;
}

std::vector<Value> convert_svm_classifier(Converter& c, const OnnxNode& n) {
  const ClassLabels labels = class_labels(n, "classlabels_ints");
  const PostTransform transform = post_transform(n, n.text("post_transform", "NONE"));
  const Value x = rows_of(c, n, n.input(0));
  if (labels.count() < 2) n.fail(Fault::format, "there are fewer than two labels");
  if (n.integers("vectors_per_class").empty()) {
    // LIBLINEAR: one row of coefficients a class.
    const std::vector<double> rho = n.reals("rho");
    if (rho.empty()) n.fail(Fault::format, "rho is missing");
    const Value scores = affine(c, n, x, n.reals("coefficients"), std::vector<double>(labels.count(), rho[0]));
    return {label_of_largest(c, scores, labels), transformed(c, scores, transform)};
  }
  const Decisions decisions = decide(c, n, x, labels.count());
  const std::vector<double> slopes = n.reals("prob_a");
  if (slopes.empty()) {
    const Value label = label_of_largest(c, decisions.votes, labels);
    if (labels.count() > 2) return {label, transformed(c, decisions.pairs, transform)};
    return {label, two_classes(c, decisions.pairs, transform, SecondClass::opposite)};
  }
  if (labels.count() > 2) {
    n.unsupported("probabilities of more than two classes; export the classifier without probabilities");
  }
  const std::vector<double> offsets = n.reals("prob_b");
  if (offsets.size() != slopes.size()) n.fail(Fault::format, "prob_a and prob_b differ in length");
  // Platt: P(first) = 1 / (1 + exp(a·s + b)).
  const Value moved = c.add(times(c, decisions.pairs, -slopes[0]), -offsets[0]);
  const Value first = c.unary("Sigmoid", moved);
  const Value both = c.concat({first, c.sub(c.scalar_like(first, 1), first)}, 1);
  return {label_of_largest(c, decisions.votes, labels), transformed(c, both, transform)};
}

constexpr ConverterEntry entries[] = {
    {"ai.onnx.ml", "SVMClassifier", convert_svm_classifier},
    {"ai.onnx.ml", "SVMRegressor", convert_svm_regressor},
};

}  // namespace

std::span<const ConverterEntry> svm_converters() { return entries; }

}  // namespace ezkl
