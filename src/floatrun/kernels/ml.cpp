// ai.onnx.ml beside trees and support vectors: linear models, preprocessing of features, labels.
#include <cmath>
#include <limits>
#include <map>

#include "floatrun/indexing.hpp"
#include "floatrun/ml_scores.hpp"

namespace ezkl::floatrun {
namespace {

/// Each row's products with the coefficients of each output, plus intercepts.
std::vector<std::vector<double>> linear_scores(const Call& c) {
  const Rows x = rows_of(c, c.in(0));
  const std::vector<double> coefficients = c.reals("coefficients"), intercepts = c.reals("intercepts");
  c.require(x.features > 0 && !coefficients.empty() && coefficients.size() % x.features == 0,
            "the coefficients do not go with the features");
  const std::size_t outputs = coefficients.size() / x.features;
  c.require(intercepts.empty() || intercepts.size() == outputs, "the intercepts do not go with the coefficients");
  c.spend(x.samples * coefficients.size());
  std::vector<std::vector<double>> scores(x.samples, std::vector<double>(outputs, 0));
  for (std::size_t i = 0; i < x.samples; ++i) {
    for (std::size_t k = 0; k < outputs; ++k) {
      double sum = intercepts.empty() ? 0 : intercepts[k];
      for (std::size_t f = 0; f < x.features; ++f) {
        sum += round_to(DType::f32, x.row(i)[f]) * coefficients[k * x.features + f];
      }
      scores[i][k] = round_to(DType::f32, sum);
    }
  }
  return scores;
}

Outputs linear_regressor(const Call& c) {
  std::vector<std::vector<double>> scores = linear_scores(c);
  for (auto& row : scores) row = transformed(c, c.text("post_transform", "NONE"), row);
  return {matrix(c, scores)};
}

Outputs linear_classifier(const Call& c) {
  const Labels labels = labels_of(c, "classlabels_ints");
  const std::string transform = c.text("post_transform", "NONE");
  std::vector<std::vector<double>> scores = linear_scores(c);
  std::vector<std::size_t> places;
  for (auto& row : scores) {
    if (row.size() == 1 && labels.count() == 2) {
      places.push_back(row[0] > 0 ? 1 : 0);
      row = transform == "NONE" ? std::vector<double>{1 - row[0], row[0]} : two_columns(c, transform, row[0], false);
    } else {
      places.push_back(place_of_largest(row));
      row = transformed(c, transform, row);
    }
  }
  return classified(c, labels, places, scores);
}

/// Entry i of a list for each feature, the last axis, or for all.
double per_feature(const Call& c, const Tensor& x, const std::vector<double>& values, std::size_t i) {
  if (values.size() == 1) return values[0];
  c.require(x.rank() > 0 && values.size() == x.shape.back(), "a list does not go with the features");
  return values[i % values.size()];
}

Outputs scaler(const Call& c) {
  const Tensor& x = c.in(0);
  const std::vector<double> offset = c.reals("offset"), scale = c.reals("scale");
  Tensor out = c.make(DType::f32, x.shape);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double moved = round_to(DType::f32, x.number(i) - per_feature(c, x, offset, i));
    out.reals()[i] = moved * per_feature(c, x, scale, i);
  }
  return {std::move(out)};
}

Outputs normalizer(const Call& c) {
  const Tensor& x = c.in(0);
  const std::string norm = c.text("norm", "MAX");
  c.require(norm == "MAX" || norm == "L1" || norm == "L2", "unknown norm");
  c.require(x.rank() >= 1, "the input has no features");
  const std::size_t width = x.shape.back();
  Tensor out = c.make(DType::f32, x.shape);
  for (std::size_t start = 0; width > 0 && start < x.size(); start += width) {
    double divisor = norm == "MAX" ? -INFINITY : 0;
    for (std::size_t i = start; i < start + width; ++i) {
      const double v = x.number(i);
      divisor = norm == "MAX" ? std::max(divisor, v) : divisor + (norm == "L1" ? std::fabs(v) : v * v);
    }
    if (norm == "L2") divisor = std::sqrt(divisor);
    for (std::size_t i = start; i < start + width; ++i) {
      out.reals()[i] = divisor == 0 ? x.number(i) : x.number(i) / divisor;
    }
  }
  return {std::move(out)};
}

Outputs one_hot_encoder(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints numbers = c.integers("cats_int64s");
  const std::vector<std::string> texts = c.texts("cats_strings");
  const std::size_t count = texts.empty() ? numbers.size() : texts.size();
  c.require(count > 0, "there are no categories");
  c.require(texts.empty() || x.text(), "the input is no text");
  Shape shape = x.shape;
  shape.push_back(count);
  Tensor out = c.make(DType::f32, shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    bool known = false;
    for (std::size_t k = 0; k < count; ++k) {
      const bool hit = texts.empty()
                           ? (x.real() ? real_to_integer(DType::i64, x.reals()[i]) : x.ints()[i]) == numbers[k]
                           : x.texts[i] == texts[k];
      if (hit) out.reals()[i * count + k] = 1;
      known = known || hit;
    }
    c.require(known || c.integer("zeros", 1) != 0, "an element is in no category, and zeros is 0");
  }
  return {std::move(out)};
}

/// Keys, values or default of a LabelEncoder, whichever attribute is there.
Tensor label_list(const Call& c, const std::string& prefix) {
  if (c.has(prefix + "_int64s")) {
    const Ints values = c.integers(prefix + "_int64s");
    return int_tensor(c, DType::i64, {values.size()}, values);
  }
  if (c.has(prefix + "_floats")) {
    const std::vector<double> values = c.reals(prefix + "_floats");
    return real_tensor(c, DType::f32, {values.size()}, values);
  }
  if (c.has(prefix + "_tensor")) return from_stored(c.tensor(prefix + "_tensor"));
  const std::vector<std::string> texts = c.texts(prefix + "_strings");
  c.require(!texts.empty(), "there are no keys or values");
  Tensor out = c.make(DType::i64, Shape{texts.size()});
  for (std::size_t i = 0; i < texts.size(); ++i) out.ints()[i] = static_cast<Int>(i);
  out.texts = texts;
  return out;
}

/// Version 1: a list of texts whose positions stand for them.
Tensor classes_of(const Call& c, bool texts) {
  const std::vector<std::string> names = c.texts("classes_strings");
  Tensor out = c.make(DType::i64, Shape{names.size()});
  for (std::size_t i = 0; i < names.size(); ++i) out.ints()[i] = static_cast<Int>(i);
  if (texts) out.texts = names;
  return out;
}

Outputs label_encoder(const Call& c) {
  const Tensor& x = c.in(0);
  const bool first_version = c.has("classes_strings");
  const Tensor keys = first_version ? classes_of(c, x.text()) : label_list(c, "keys");
  const Tensor values = first_version ? classes_of(c, !x.text()) : label_list(c, "values");
  c.require(keys.size() == values.size() && keys.size() > 0, "keys and values differ in number");
  c.require(keys.text() == x.text() && (x.text() || keys.real() == x.real()), "the keys are of another type");
  Tensor out = c.make(values.type, x.shape);
  if (values.text()) out.texts.resize(out.size());
  std::map<std::string, std::size_t> by_text;
  std::map<double, std::size_t> by_real;
  std::map<Int, std::size_t> by_int;
  std::size_t of_nan = keys.size();
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (keys.text()) {
      by_text[keys.texts[k]] = k;
    } else if (!keys.real()) {
      by_int[keys.ints()[k]] = k;
    } else if (std::isnan(keys.reals()[k])) {
      of_nan = k;
    } else {
      by_real[keys.reals()[k]] = k;
    }
  }
  const auto find = [&](const auto& table, const auto& key) {
    const auto found = table.find(key);
    return found != table.end() ? found->second : keys.size();
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t k = x.text()                   ? find(by_text, x.texts[i])
                          : !x.real()                ? find(by_int, x.ints()[i])
                          : std::isnan(x.reals()[i]) ? of_nan
                                                     : find(by_real, x.reals()[i]);
    const bool known = k < keys.size();
    if (values.text()) {
      out.texts[i] = known ? values.texts[k] : c.text("default_string", "_Unused");
      out.ints()[i] = known ? values.ints()[k] : -1;
    } else if (values.real()) {
      out.reals()[i] = known                     ? values.reals()[k]
                       : c.has("default_tensor") ? c.tensor("default_tensor").data.at(0)
                                                 : c.real("default_float", -0.0);
    } else {
      out.ints()[i] = known                     ? values.ints()[k]
                      : c.has("default_tensor") ? from_stored(c.tensor("default_tensor")).ints().at(0)
                                                : c.integer("default_int64", -1);
    }
  }
  return {std::move(out)};
}

/// Texts to numbers or back.
Outputs category_mapper(const Call& c) {
  const Tensor& x = c.in(0);
  const Ints numbers = c.integers("cats_int64s");
  const std::vector<std::string> texts = c.texts("cats_strings");
  c.require(numbers.size() == texts.size() && !texts.empty(), "the categories differ in number");
  Tensor out = c.make(DType::i64, x.shape);
  if (!x.text()) out.texts.resize(out.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t k = 0;
    while (k < texts.size() && (x.text() ? texts[k] != x.texts[i] : numbers[k] != x.ints().at(i))) ++k;
    const bool known = k < texts.size();
    if (x.text()) {
      out.ints()[i] = known ? numbers[k] : c.integer("default_int64", -1);
    } else {
      out.texts[i] = known ? texts[k] : c.text("default_string", "_Unused");
      out.ints()[i] = known ? static_cast<Int>(k) : -1;
    }
  }
  return {std::move(out)};
}

Outputs imputer(const Call& c) {
  const Tensor& x = c.in(0);
  Tensor out = reshaped(c, x, x.shape);
  if (x.real()) {
    const std::vector<double> imputed = c.reals("imputed_value_floats");
    const double missing = c.real("replaced_value_float", 0);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const bool hit = std::isnan(missing) ? std::isnan(x.reals()[i]) : x.reals()[i] == missing;
      if (hit) out.reals()[i] = per_feature(c, x, imputed, i);
    }
    return {std::move(out)};
  }
  const Ints imputed = c.integers("imputed_value_int64s");
  const Int missing = c.integer("replaced_value_int64", 0);
  c.require(imputed.size() == 1 || (x.rank() > 0 && imputed.size() == x.shape.back()),
            "a list does not go with the features");
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (x.ints()[i] == missing) out.ints()[i] = imputed[i % imputed.size()];
  }
  return {std::move(out)};
}

Outputs binarizer(const Call& c) {
  const Tensor& x = c.in(0);
  const double threshold = c.real("threshold", 0);
  Tensor out = c.make(x.type, x.shape);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.set(i, x.number(i) > threshold ? 1 : 0);
  }
  return {std::move(out)};
}

Outputs array_feature_extractor(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 1, "the input has no features");
  Shape shape = x.rank() == 1 ? Shape{1, x.shape[0]} : x.shape;
  const std::size_t width = shape.back();
  std::vector<std::size_t> places;
  for (const Int index : c.ints(1)) places.push_back(checked_index(c, index, width));
  shape.back() = places.size();
  return {selected(c, x, Lines{1, width, 1}, places, shape)};
}

Outputs feature_vectorizer(const Call& c) {
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < c.input_count(); ++i) {
    const Tensor& x = c.in(i);
    c.require(x.rank() == 1 || x.rank() == 2, "an input should be samples by features");
    parts.push_back(converted(c, x, DType::f32));
    if (x.rank() == 1) parts.back().shape = {x.shape[0], 1};
  }
  std::vector<const Tensor*> pointers;
  for (const Tensor& part : parts) pointers.push_back(&part);
  return {concatenated(c, pointers, 1)};
}

/// A map from labels to probabilities is its probabilities, in the order of the labels.
std::vector<TensorPtr> zip_map(const Call& c) { return {c.shared(0)}; }

constexpr KernelEntry entries[] = {
    {"ai.onnx.ml", "ArrayFeatureExtractor", array_feature_extractor},
    {"ai.onnx.ml", "Binarizer", binarizer},
    {"ai.onnx.ml", "CategoryMapper", category_mapper},
    {"ai.onnx.ml", "FeatureVectorizer", feature_vectorizer},
    {"ai.onnx.ml", "Imputer", imputer},
    {"ai.onnx.ml", "LabelEncoder", label_encoder},
    {"ai.onnx.ml", "LinearClassifier", linear_classifier},
    {"ai.onnx.ml", "LinearRegressor", linear_regressor},
    {"ai.onnx.ml", "Normalizer", normalizer},
    {"ai.onnx.ml", "OneHotEncoder", one_hot_encoder},
    {"ai.onnx.ml", "Scaler", scaler},
    {"ai.onnx.ml", "ZipMap", nullptr, zip_map},
};

}  // namespace

std::span<const KernelEntry> ml_kernels() { return entries; }

}  // namespace ezkl::floatrun
