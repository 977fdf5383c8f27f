#pragma once

#include <string>
#include <vector>

#include "floatrun/kernels.hpp"

/// What classifiers and regressors of ai.onnx.ml do with their scores, as onnxruntime does it.
namespace ezkl::floatrun {

/// Samples by features in doubles, rounded to the floats that onnxruntime computes with.
struct Rows {
  std::size_t samples = 0, features = 0;
  std::vector<double> data;

  const double* row(std::size_t i) const { return data.data() + i * features; }
};
/// One row when the input has one axis.
Rows rows_of(const Call& c, const Tensor& x);

/// Labels of a classifier: integers, or text.
struct Labels {
  Ints ints;
  std::vector<std::string> texts;

  std::size_t count() const { return texts.empty() ? ints.size() : texts.size(); }
  /// [samples], by positions in the list. errors: Fault::format beyond it.
  Tensor chosen(const Call& c, const std::vector<std::size_t>& places) const;
};
Labels labels_of(const Call& c, const char* integer_attribute);

/// One row of scores transformed as post_transform says. errors: Fault::unsupported for an unknown one.
std::vector<double> transformed(const Call& c, const std::string& transform, std::vector<double> scores);
/// The two columns that one score becomes: [1 - s, s] or [-s, s], the latter transformed.
std::vector<double> two_columns(const Call& c, const std::string& transform, double score, bool complement);

std::size_t place_of_largest(const std::vector<double>& scores);
/// Rows of one length as a float32 matrix.
Tensor matrix(const Call& c, const std::vector<std::vector<double>>& rows);
/// What a classifier gives: the chosen labels, and the scores.
Outputs classified(const Call& c, const Labels& labels, const std::vector<std::size_t>& places,
                   const std::vector<std::vector<double>>& scores);

}  // namespace ezkl::floatrun
