// ai.onnx.ml beside trees and support vectors: linear models, preprocessing of features, labels.
// Text exists in no circuit: text labels become their positions, and operators that read text are refused.
#include <cmath>

#include "graph/frontend/families.hpp"
#include "graph/frontend/ml_outputs.hpp"

namespace ezkl {
namespace {

std::vector<Value> convert_linear_regressor(Converter& c, const OnnxNode& n) {
  const Value scores = affine(c, n, rows_of(c, n, n.input(0)), n.reals("coefficients"), n.reals("intercepts"));
  return {transformed(c, scores, post_transform(n, n.text("post_transform", "NONE")))};
}

std::vector<Value> convert_linear_classifier(Converter& c, const OnnxNode& n) {
  const ClassLabels labels = class_labels(n, "classlabels_ints");
  const PostTransform transform = post_transform(n, n.text("post_transform", "NONE"));
  const Value scores = affine(c, n, rows_of(c, n, n.input(0)), n.reals("coefficients"), n.reals("intercepts"));
  if (c.shape(scores)[1] == 1 && labels.count() == 2) {
    const Value positive = c.reshape(c.compare("Greater", scores, c.scalar_like(scores, 0)), {c.shape(scores)[0]});
    return {label_if(c, positive, labels), two_classes(c, scores, transform, SecondClass::complement)};
  }
  if (c.shape(scores)[1] != labels.count()) {
    n.fail(Fault::format,
           std::to_string(c.shape(scores)[1]) + " scores for " + std::to_string(labels.count()) + " labels");
  }
  return {label_of_largest(c, scores, labels), transformed(c, scores, transform)};
}

/// The numbers of an attribute, one for each feature (last axis) or one for all.
std::vector<double> per_feature(Converter& c, const OnnxNode& n, Value x, const std::vector<double>& values,
                                const std::string& attribute) {
  if (c.rank(x) == 0) n.fail(Fault::format, "the input has no features");
  if (values.size() != 1 && values.size() != c.shape(x).back()) {
    n.fail(Fault::format, "'" + attribute + "' has " + std::to_string(values.size()) + " entries for " +
                              std::to_string(c.shape(x).back()) + " features");
  }
  return values;
}

std::vector<Value> convert_scaler(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const std::vector<double> offset = per_feature(c, n, x, n.reals("offset"), "offset");
  const std::vector<double> factors = per_feature(c, n, x, n.reals("scale"), "scale");
  const Value moved = c.binary("Sub", x, c.constant(FloatTensor{DType::f32, {offset.size()}, offset}), DType::f32);
  const Integers along{static_cast<std::int64_t>(factors.size())};
  return {c.apply("ScaleBy", {{"factors", factors}, {"factor_shape", along}}, {moved}, DType::f32)};
}

std::vector<Value> convert_normalizer(Converter& c, const OnnxNode& n) {
  const Value x = is_float(c.type(n.input(0))) ? n.input(0) : c.cast(n.input(0), DType::f32);
  if (c.rank(x) == 0) n.fail(Fault::format, "the input has no features");
  const Integers axes{static_cast<std::int64_t>(c.rank(x)) - 1};
  const std::string norm = n.text("norm", "MAX");
  if (norm == "MAX") return {c.div(x, c.reduce("ReduceMax", x, axes, true))};
  if (norm == "L1") return {c.div(x, c.reduce("Sum", c.unary("Abs", x), axes, true))};
  if (norm == "L2") return {c.mul(x, c.unary("Rsqrt", c.reduce("Sum", c.square(x), axes, true)))};
  n.fail(Fault::format, "unknown norm '" + norm + "'");
}

std::vector<Value> convert_one_hot_encoder(Converter& c, const OnnxNode& n) {
  if (!n.texts("cats_strings").empty()) n.unsupported("categories that are text; encode them before the model");
  const Integers categories = n.integers("cats_int64s");
  if (categories.empty()) n.fail(Fault::format, "there are no categories");
  const Value x = n.input(0);
  const auto rank = static_cast<std::int64_t>(c.rank(x));
  const FloatTensor numbers{c.type(x), {categories.size()}, {categories.begin(), categories.end()}};
  const Value hits = c.compare("Equals", c.unsqueeze(x, {rank}), c.constant(numbers));
  return {c.cast(hits, DType::f32)};
}

/// Keys or values of a LabelEncoder, whichever of its attributes is there.
struct LabelList {
  DType type = DType::i64;
  std::vector<double> values;
};

LabelList label_list(const OnnxNode& n, const std::string& prefix) {
  if (n.has(prefix + "_int64s")) {
    const Integers values = n.integers(prefix + "_int64s");
    return {DType::i64, {values.begin(), values.end()}};
  }
  if (n.has(prefix + "_floats")) return {DType::f32, n.reals(prefix + "_floats")};
  if (n.has(prefix + "_tensor")) return {n.tensor(prefix + "_tensor").type, n.tensor(prefix + "_tensor").data};
  n.unsupported("labels that are text; encode them before the model");
}

double default_label(const OnnxNode& n, DType type) {
  if (n.has("default_tensor")) return n.tensor("default_tensor").data.at(0);
  if (is_float(type)) return n.real("default_float", -0.0);
  return static_cast<double>(n.integer("default_int64", -1));
}

std::vector<Value> convert_label_encoder(Converter& c, const OnnxNode& n) {
  const LabelList keys = label_list(n, "keys");
  const LabelList values = label_list(n, "values");
  if (keys.values.empty() || keys.values.size() != values.values.size()) {
    n.fail(Fault::format, "keys and values differ in number");
  }
  const double otherwise = default_label(n, values.type);
  const Value x = n.input(0);
  const auto rank = static_cast<std::int64_t>(c.rank(x));
  // The keys differ, so at most one hit; each adds what its value is beyond the default.
  const Value keyed = c.constant(FloatTensor{c.type(x), {keys.values.size()}, keys.values});
  const Value hits = c.cast(c.compare("Equals", c.unsqueeze(x, {rank}), keyed), values.type);
  std::vector<double> beyond;
  for (const double value : values.values) beyond.push_back(value - otherwise);
  std::string letters;
  for (std::int64_t i = 0; i < rank; ++i) letters += static_cast<char>('a' + i);
  if (rank > 20) n.unsupported("a tensor of rank " + std::to_string(rank));
  const Value weights = c.constant(FloatTensor{values.type, {beyond.size()}, beyond});
  const Value chosen = c.einsum(letters + "z,z->" + letters, {hits, weights});
  const Value result = otherwise == 0 ? chosen : c.add(chosen, c.scalar(values.type, otherwise));
  return {result};
}

std::vector<Value> convert_imputer(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  const bool floats = is_float(c.type(x));
  const double missing =
      floats ? n.real("replaced_value_float", 0) : static_cast<double>(n.integer("replaced_value_int64", 0));
  // NaN, the usual mark, is no number of a circuit: inputs hold numbers only.
  if (std::isnan(missing)) return {x};
  const Integers whole = n.integers("imputed_value_int64s");
  const std::vector<double> values =
      floats ? n.reals("imputed_value_floats") : std::vector<double>(whole.begin(), whole.end());
  per_feature(c, n, x, values, "imputed_value");
  const Value imputed = c.constant(FloatTensor{c.type(x), {values.size()}, values});
  return {c.where(c.compare("Equals", x, c.scalar_like(x, missing)), imputed, x)};
}

std::vector<Value> convert_binarizer(Converter& c, const OnnxNode& n) {
  const Value x = n.input(0);
  return {c.cast(c.compare("Greater", x, c.scalar_like(x, n.real("threshold", 0))), c.type(x))};
}

std::vector<Value> convert_array_feature_extractor(Converter& c, const OnnxNode& n) {
  Value x = n.input(0);
  if (c.rank(x) == 1) x = c.reshape(x, {1, c.shape(x)[0]});
  if (c.rank(x) == 0) n.fail(Fault::format, "the input has no features");
  const Value index = n.input(1);
  const std::size_t count = volume(c.shape(index));
  Attributes attributes{{"axis", static_cast<std::int64_t>(c.rank(x)) - 1}};
  if (!c.is_constant(index)) return {c.apply("Gather", attributes, {x, c.reshape(index, {count})})};
  attributes["indices"] = n.constant_integers(1);
  attributes["indices_shape"] = Integers{static_cast<std::int64_t>(count)};
  return {c.apply("Gather", attributes, {x})};
}

std::vector<Value> convert_feature_vectorizer(Converter& c, const OnnxNode& n) {
  const Integers widths = n.integers("inputdimensions");
  std::vector<Value> parts;
  for (std::size_t i = 0; i < n.input_count(); ++i) {
    Value x = c.cast(n.input(i), DType::f32);
    x = c.rank(x) == 1 ? c.reshape(x, {c.shape(x)[0], 1}) : rows_of(c, n, x);
    if (i < widths.size() && widths[i] != static_cast<std::int64_t>(c.shape(x)[1])) {
      n.fail(Fault::format, "input " + std::to_string(i) + " has " + std::to_string(c.shape(x)[1]) + " features, not " +
                                std::to_string(widths[i]));
    }
    parts.push_back(x);
  }
  if (parts.empty()) n.fail(Fault::format, "there are no inputs");
  return {c.concat(std::move(parts), 1)};
}

/// A map from labels to probabilities is its probabilities, in the order of the labels.
std::vector<Value> convert_zip_map(Converter&, const OnnxNode& n) { return {n.input(0)}; }

constexpr ConverterEntry entries[] = {
    {"ai.onnx.ml", "ArrayFeatureExtractor", convert_array_feature_extractor},
    {"ai.onnx.ml", "Binarizer", convert_binarizer},
    {"ai.onnx.ml", "FeatureVectorizer", convert_feature_vectorizer},
    {"ai.onnx.ml", "Imputer", convert_imputer},
    {"ai.onnx.ml", "LabelEncoder", convert_label_encoder},
    {"ai.onnx.ml", "LinearClassifier", convert_linear_classifier},
    {"ai.onnx.ml", "LinearRegressor", convert_linear_regressor},
    {"ai.onnx.ml", "Normalizer", convert_normalizer},
    {"ai.onnx.ml", "OneHotEncoder", convert_one_hot_encoder},
    {"ai.onnx.ml", "Scaler", convert_scaler},
    {"ai.onnx.ml", "ZipMap", convert_zip_map},
};

}  // namespace

std::span<const ConverterEntry> ml_converters() { return entries; }

}  // namespace ezkl
