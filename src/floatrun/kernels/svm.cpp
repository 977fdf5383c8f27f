// ai.onnx.ml SVMRegressor and SVMClassifier, as LIBSVM defines them.
#include <cmath>

#include "floatrun/ml_scores.hpp"

namespace ezkl::floatrun {
namespace {

/// K(x, v) for every support vector v.
std::vector<double> kernel_values(const Call& c, const double* x, std::size_t features,
                                  const std::vector<double>& vectors) {
  const std::string type = c.text("kernel_type", "LINEAR");
  std::vector<double> p = c.reals("kernel_params");
  if (p.empty()) p = {0, 0, 3};
  c.require(p.size() == 3, "kernel_params should have 3 entries");
  c.require(features > 0 && vectors.size() % features == 0, "the support vectors do not go with the features");
  c.spend(vectors.size());
  std::vector<double> out;
  for (std::size_t at = 0; at < vectors.size(); at += features) {
    double sum = 0;
    for (std::size_t i = 0; i < features; ++i) {
      const double difference = x[i] - vectors[at + i];
      sum += type == "RBF" ? difference * difference : x[i] * vectors[at + i];
    }
    if (type == "RBF") {
      out.push_back(std::exp(-p[0] * sum));
    } else if (type == "POLY") {
      out.push_back(std::pow(p[0] * sum + p[1], p[2]));
    } else if (type == "SIGMOID") {
      out.push_back(std::tanh(p[0] * sum + p[1]));
    } else {
      c.require(type == "LINEAR", "unknown kernel_type");
      out.push_back(sum);
    }
  }
  return out;
}

Outputs svm_regressor(const Call& c) {
  const Rows x = rows_of(c, c.in(0));
  const std::vector<double> coefficients = c.reals("coefficients"), rho = c.reals("rho");
  c.require(!rho.empty(), "rho is missing");
  const bool linear = c.integer("n_supports", 0) == 0, one_class = c.integer("one_class", 0) != 0;
  const std::vector<double> vectors = linear ? coefficients : c.reals("support_vectors");
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < x.samples; ++i) {
    const std::vector<double> kernels = kernel_values(c, x.row(i), x.features, vectors);
    double sum = rho[0];
    c.require(linear ? kernels.size() == 1 : kernels.size() == coefficients.size(),
              "the coefficients do not go with the support vectors");
    for (std::size_t k = 0; k < kernels.size(); ++k) sum += kernels[k] * (linear ? 1 : coefficients[k]);
    if (one_class) {
      rows.push_back({sum > 0 ? 1.0 : -1.0});
    } else {
      rows.push_back(transformed(c, c.text("post_transform", "NONE"), {sum}));
    }
  }
  return {matrix(c, rows)};
}

/// What LIBSVM says of every two classes, and the votes that follow.
struct Decisions {
  std::vector<double> pairs, votes;
};

Decisions decide(const Call& c, const std::vector<double>& kernels, const std::vector<double>& coefficients,
                 const std::vector<double>& rho, const std::vector<std::size_t>& starts, std::size_t classes) {
  const std::size_t total = starts.back();
  c.require(kernels.size() == total && coefficients.size() == (classes - 1) * total &&
                rho.size() >= classes * (classes - 1) / 2,
            "coefficients, rho and support vectors do not fit");
  Decisions d;
  d.votes.assign(classes, 0);
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t j = i + 1; j < classes; ++j) {
      double sum = rho[d.pairs.size()];
      for (std::size_t k = starts[i]; k < starts[i + 1]; ++k) sum += coefficients[(j - 1) * total + k] * kernels[k];
      for (std::size_t k = starts[j]; k < starts[j + 1]; ++k) sum += coefficients[i * total + k] * kernels[k];
      d.votes[sum > 0 ? i : j] += 1;
      d.pairs.push_back(sum);
    }
  }
  return d;
}

Outputs svm_classifier(const Call& c) {
  const Labels labels = labels_of(c, "classlabels_ints");
  const std::string transform = c.text("post_transform", "NONE");
  const Rows x = rows_of(c, c.in(0));
  const Ints per_class = c.integers("vectors_per_class");
  const std::vector<double> slopes = c.reals("prob_a"), offsets = c.reals("prob_b"), rho = c.reals("rho");
  const std::vector<double> coefficients = c.reals("coefficients"), vectors = c.reals("support_vectors");
  const std::size_t classes = labels.count();
  c.require(classes >= 2 && !rho.empty(), "there are fewer than two labels or no rho");
  c.require(slopes.size() == offsets.size(), "prob_a and prob_b differ in length");
  std::vector<std::size_t> starts{0};
  for (const Int count : per_class) {
    c.require(count >= 0 && count < (1 << 24), "vectors_per_class is out of bounds");
    starts.push_back(starts.back() + static_cast<std::size_t>(count));
  }
  c.require(per_class.empty() || per_class.size() == classes, "vectors_per_class does not go with the labels");
  if (!slopes.empty() && classes > 2) c.unsupported("an SVMClassifier's probabilities of more than two classes");
  std::vector<std::vector<double>> rows;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < x.samples; ++i) {
    if (per_class.empty()) {
      // LIBLINEAR: a row of coefficients for each class.
      std::vector<double> scores = kernel_values(c, x.row(i), x.features, coefficients);
      for (double& s : scores) s += rho[0];
      places.push_back(place_of_largest(scores));
      rows.push_back(transformed(c, transform, scores));
      continue;
    }
    const std::vector<double> kernels = kernel_values(c, x.row(i), x.features, vectors);
    const Decisions d = decide(c, kernels, coefficients, rho, starts, classes);
    places.push_back(place_of_largest(d.votes));
    if (!slopes.empty()) {
      const double first = std::clamp(1 / (1 + std::exp(slopes[0] * d.pairs[0] + offsets[0])), 1e-7, 1 - 1e-7);
      rows.push_back(transformed(c, transform, {first, 1 - first}));
    } else if (classes == 2) {
      rows.push_back(two_columns(c, transform, d.pairs[0], false));
    } else {
      rows.push_back(transformed(c, transform, d.pairs));
    }
  }
  return classified(c, labels, places, rows);
}

constexpr KernelEntry entries[] = {
    {"ai.onnx.ml", "SVMClassifier", svm_classifier},
    {"ai.onnx.ml", "SVMRegressor", svm_regressor},
};

}  // namespace

std::span<const KernelEntry> svm_kernels() { return entries; }

}  // namespace ezkl::floatrun
