#pragma once

#include <string>
#include <vector>

#include "graph/frontend/converter.hpp"

/// What classifiers and regressors of ai.onnx.ml do with their scores.
namespace ezkl {

enum class PostTransform : std::uint8_t { none, softmax, logistic, softmax_zero, probit };

/// errors: Fault::unsupported for an unknown name.
PostTransform post_transform(const OnnxNode& n, const std::string& name);

/// Scores [samples, n] transformed row by row.
Value transformed(Converter& c, Value scores, PostTransform transform);

/// How one score stands for two classes when it is not transformed; before a transform, the scores are always [-s, s].
enum class SecondClass : std::uint8_t {
  complement,  ///< [1 - s, s]
  opposite     ///< [-s, s]
};

/// Scores of two classes from one column, after the transform.
Value two_classes(Converter& c, Value score, PostTransform transform, SecondClass second);

/// The labels of a classifier as integers: classlabels_ints or classlabels_int64s, else 0, 1, 2, … for labels that are
/// text, which no circuit can hold.
struct ClassLabels {
  Integers values;

  std::size_t count() const { return values.size(); }
  bool consecutive() const { return values == iota(values.size()); }
};
ClassLabels class_labels(const OnnxNode& n, const std::string& integer_attribute);

/// The label of the largest score in each row: [samples].
Value label_of_largest(Converter& c, Value scores, const ClassLabels& labels);
/// labels[1] where `positive` (boolean, [samples]) else labels[0].
Value label_if(Converter& c, Value positive, const ClassLabels& labels);

/// x as [samples, features]: one row when it has one axis.
Value rows_of(Converter& c, const OnnxNode& n, Value x);
/// x · weightsᵀ + bias for weights [outputs, features] in flat order.
Value affine(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& weights,
             const std::vector<double>& bias);

}  // namespace ezkl
