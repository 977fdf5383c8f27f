#include "floatrun/ml_scores.hpp"

#include <algorithm>
#include <cmath>

#include "floatrun/functions.hpp"

namespace ezkl::floatrun {

Rows rows_of(const Call& c, const Tensor& x) {
  c.require(x.rank() == 1 || x.rank() == 2, "the input should be samples by features");
  Rows rows;
  rows.samples = x.rank() == 1 ? 1 : x.shape[0];
  rows.features = x.shape.back();
  c.spend(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    rows.data.push_back(x.type == DType::f64 ? x.number(i) : round_to(DType::f32, x.number(i)));
  }
  return rows;
}

Tensor Labels::chosen(const Call& c, const std::vector<std::size_t>& places) const {
  Tensor out = c.make(DType::i64, Shape{places.size()});
  for (std::size_t i = 0; i < places.size(); ++i) {
    c.require(places[i] < count(), "there are fewer labels than scores");
    out.ints()[i] = texts.empty() ? ints[places[i]] : static_cast<Int>(places[i]);
    if (!texts.empty()) out.texts.push_back(texts[places[i]]);
  }
  return out;
}

Labels labels_of(const Call& c, const char* integer_attribute) {
  Labels labels{c.integers(integer_attribute), c.texts("classlabels_strings")};
  c.require(labels.count() > 0, "there are no class labels");
  return labels;
}

namespace {

/// √2·erf⁻¹(2p - 1) by Winitzki's formula with a = 0.147.
double probit(double p) {
  const double x = 2 * p - 1;
  const double log = std::log((1 - x) * (1 + x));
  const double v = 2 / (M_PI * 0.147) + 0.5 * log;
  return std::sqrt(2.0) * std::copysign(std::sqrt(std::sqrt(v * v - log / 0.147) - v), x);
}

}  // namespace

std::vector<double> transformed(const Call& c, const std::string& transform, std::vector<double> scores) {
  if (transform == "NONE") return scores;
  if (transform == "LOGISTIC" || transform == "PROBIT") {
    for (double& s : scores) s = transform == "PROBIT" ? probit(s) : sigmoid(s);
    return scores;
  }
  const bool keep_zeros = transform == "SOFTMAX_ZERO";
  if (!keep_zeros && transform != "SOFTMAX") c.unsupported("post_transform = '" + transform + "'");
  double top = -INFINITY, sum = 0;
  for (const double s : scores) top = std::max(top, s);
  for (double& s : scores) {
    const bool zero = keep_zeros && std::fabs(s) <= 1e-7;
    s = zero ? s * std::exp(-top) : std::exp(s - top);
    sum += s;
  }
  for (double& s : scores) s /= sum;
  return scores;
}

std::vector<double> two_columns(const Call& c, const std::string& transform, double score, bool complement) {
  if (transform == "PROBIT") return {probit(score)};
  if (complement) return {1 - score, score};
  return transformed(c, transform, {-score, score});
}

std::size_t place_of_largest(const std::vector<double>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

Tensor matrix(const Call& c, const std::vector<std::vector<double>>& rows) {
  const std::size_t width = rows.empty() ? 0 : rows[0].size();
  Tensor out = c.make(DType::f32, Shape{rows.size(), width});
  std::size_t at = 0;
  for (const auto& row : rows) {
    c.require(row.size() == width, "rows of several lengths");
    for (const double v : row) out.reals()[at++] = v;
  }
  return out;
}

Outputs classified(const Call& c, const Labels& labels, const std::vector<std::size_t>& places,
                   const std::vector<std::vector<double>>& scores) {
  return {labels.chosen(c, places), matrix(c, scores)};
}

}  // namespace ezkl::floatrun
