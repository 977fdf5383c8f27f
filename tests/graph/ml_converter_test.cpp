#include <gtest/gtest.h>

#include <cmath>

#include "converter_harness.hpp"

namespace ezkl::testing_onnx {
namespace {

const char* const ml = "ai.onnx.ml";

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Two trees over two features: x0 <= 0.5 ? 1 : (x1 > 2 ? 2 : 3) and x1 < 1 ? 10 : 20, leaves numbered in this order.
std::map<std::string, AttributeDef> two_trees(const std::string& prefix, Ints targets, Reals weights) {
  return {{"nodes_treeids", integers({0, 0, 0, 0, 0, 1, 1, 1})},
          {"nodes_nodeids", integers({0, 1, 2, 3, 4, 0, 1, 2})},
          {"nodes_featureids", integers({0, 0, 1, 0, 0, 1, 0, 0})},
          {"nodes_modes", texts({"BRANCH_LEQ", "LEAF", "BRANCH_GT", "LEAF", "LEAF", "BRANCH_LT", "LEAF", "LEAF"})},
          {"nodes_values", reals({0.5, 0, 2, 0, 0, 1, 0, 0})},
          {"nodes_truenodeids", integers({1, 0, 3, 0, 0, 1, 0, 0})},
          {"nodes_falsenodeids", integers({2, 0, 4, 0, 0, 2, 0, 0})},
          {prefix + "_treeids", integers({0, 0, 0, 1, 1})},
          {prefix + "_nodeids", integers({1, 3, 4, 1, 2})},
          {prefix + "_ids", integers(std::move(targets))},
          {prefix + "_weights", reals(std::move(weights))}};
}

const FloatTensor points = floats({4, 2}, {0.5, 0, 0.75, 3, 0.75, 2, 0.25, 1});

Model regressor(const std::string& aggregate) {
  Model model{"TreeEnsembleRegressor", ml, two_trees("target", {0, 0, 0, 0, 0}, {1, 2, 3, 10, 20}), {points}, {}};
  model.attributes["n_targets"] = integer(1);
  model.attributes["aggregate_function"] = text(aggregate);
  return model;
}

TEST(TreeConverter, RegressorAggregates) {
  expect_close(run(regressor("SUM"))[0], {11, 22, 23, 21});
  expect_close(run(regressor("AVERAGE"))[0], {5.5, 11, 11.5, 10.5});
  expect_close(run(regressor("MIN"))[0], {1, 2, 3, 1});
  expect_close(run(regressor("MAX"))[0], {10, 20, 20, 20});
  Model model = regressor("SUM");
  model.attributes["base_values"] = reals({-1.5});
  expect_close(run(model)[0], {9.5, 20.5, 21.5, 19.5});
}

TEST(TreeConverter, ClassifierTakesTheLargestScore) {
  Model model{"TreeEnsembleClassifier", ml, two_trees("class", {0, 1, 2, 1, 2}, {3, 1, 2, 0.5, 1.5}), {points}, {}, 2};
  model.attributes["classlabels_int64s"] = integers({7, 4, 9});
  const std::vector<Reals> out = run(model);
  EXPECT_EQ(out[0], (Reals{7, 9, 9, 7}));
  expect_close(out[1], {3, 0.5, 0, 0, 1, 1.5, 0, 0, 3.5, 3, 0, 1.5});
}

TEST(TreeConverter, OneScoreStandsForTwoClasses) {
  Model model{
      "TreeEnsembleClassifier", ml, two_trees("class", {0, 0, 0, 0, 0}, {-1, 2, -2, 0.5, -0.5}), {points}, {}, 2};
  model.attributes["classlabels_int64s"] = integers({0, 1});
  model.attributes["post_transform"] = text("LOGISTIC");
  const std::vector<Reals> out = run(model);
  EXPECT_EQ(out[0], (Reals{0, 1, 0, 0}));
  Reals want;
  for (double s : {-0.5, 1.5, -2.5, -1.5}) want.insert(want.end(), {logistic(-s), logistic(s)});
  expect_close(out[1], want);
}

TEST(TreeConverter, PositiveWeightsAreAProbability) {
  Model model{
      "TreeEnsembleClassifier", ml, two_trees("class", {0, 0, 0, 0, 0}, {0.1, 0.4, 0.2, 0.1, 0.35}), {points}, {}, 2};
  model.attributes["classlabels_strings"] = texts({"no", "yes"});
  const std::vector<Reals> out = run(model);
  EXPECT_EQ(out[0], (Reals{0, 1, 1, 0}));
  expect_close(out[1], {0.8, 0.2, 0.25, 0.75, 0.45, 0.55, 0.55, 0.45});
}

TEST(TreeConverter, BrokenNodeTablesAreRefused) {
  const auto fault = [](const std::string& attribute, AttributeDef value) {
    Model model = regressor("SUM");
    model.attributes[attribute] = std::move(value);
    return fault_of([&] { run(model); });
  };
  EXPECT_EQ(fault("nodes_truenodeids", integers({1, 0, 9, 0, 0, 1, 0, 0})), Fault::format);
  EXPECT_EQ(fault("nodes_truenodeids", integers({1, 0, 2, 0, 0, 1, 0, 0})), Fault::format);
  EXPECT_EQ(fault("nodes_nodeids", integers({0, 1, 2, 3, 3, 0, 1, 2})), Fault::format);
  EXPECT_EQ(fault("nodes_featureids", integers({0, 0, 5, 0, 0, 1, 0, 0})), Fault::format);
  EXPECT_EQ(fault("nodes_values", reals({1})), Fault::format);
  EXPECT_EQ(fault("target_ids", integers({0, 0, 0, 0, 1})), Fault::format);
  EXPECT_EQ(fault("post_transform", text("CUBIC")), Fault::unsupported);
}

TEST(LinearConverter, ProbitIsTheNormalQuantile) {
  const Model model{"LinearRegressor",
                    ml,
                    {{"coefficients", reals({1})}, {"post_transform", text("PROBIT")}},
                    {floats({4, 1}, {0.125, 0.40625, 0.75, 0.90625})},
                    {}};
  expect_close(run(model)[0], {-1.15035, -0.237202, 0.674490, 1.318011}, 0.03);
}

TEST(TreeConverter, VersionFiveReadsSetsAndSharedLeaves) {
  // x0 <= 11 ? (x0 in {1.25, 3.75, 8, 9} ? leaf 0 : leaf 1) : (x0 in {12, 7} ? leaf 2 : leaf 3)
  Model model{"TreeEnsemble", ml, {}, {floats({7, 1}, {1.25, 3.75, -0.12, 8, 9, 12, 13})}, {}, 1, 20};
  model.attributes["n_targets"] = integer(2);
  model.attributes["nodes_featureids"] = integers({0, 0, 0});
  model.attributes["nodes_splits"] = tensor(floats({3}, {11, 0, 0}));
  model.attributes["nodes_modes"] = tensor(whole(DType::u8, {3}, {0, 6, 6}));
  model.attributes["membership_values"] = tensor(floats({8}, {1.25, 3.75, 8, 9, NAN, 12, 7, NAN}));
  model.attributes["nodes_truenodeids"] = integers({1, 0, 2});
  model.attributes["nodes_trueleafs"] = integers({0, 1, 1});
  model.attributes["nodes_falsenodeids"] = integers({2, 1, 3});
  model.attributes["nodes_falseleafs"] = integers({0, 1, 1});
  model.attributes["leaf_targetids"] = integers({0, 1, 0, 1});
  model.attributes["leaf_weights"] = tensor(floats({4}, {1, 10, 100, 1000}));
  model.attributes["tree_roots"] = integers({0});
  expect_close(run(model)[0], {1, 0, 1, 0, 0, 10, 1, 0, 1, 0, 100, 0, 0, 1000});
}

TEST(MlConverter, LinearClassifierOfTwoClasses) {
  Model model{"LinearClassifier", ml, {}, {floats({2, 2}, {1, 2, -1, 0.5})}, {}, 2};
  model.attributes["coefficients"] = reals({0.5, -1});
  model.attributes["intercepts"] = reals({0.25});
  model.attributes["classlabels_ints"] = integers({3, 8});
  model.attributes["post_transform"] = text("LOGISTIC");
  const std::vector<Reals> out = run(model);
  EXPECT_EQ(out[0], (Reals{3, 3}));
  expect_close(out[1], {logistic(1.25), logistic(-1.25), logistic(0.75), logistic(-0.75)});
}

TEST(MlConverter, ScalerKeepsSmallFactors) {
  Model model{"Scaler", ml, {}, {floats({2, 2}, {255, 10, 51, -20})}, {}};
  model.attributes["offset"] = reals({0, 5});
  model.attributes["scale"] = reals({1.0 / 255, 0.001});
  expect_close(run(model)[0], {1, 0.005, 0.2, -0.025}, 0.0006);
}

TEST(MlConverter, NormalizerDividesByTheNorm) {
  Model model{"Normalizer", ml, {}, {floats({1, 2}, {3, -4})}, {}};
  model.attributes["norm"] = text("L2");
  expect_close(run(model)[0], {0.6, -0.8});
  model.attributes["norm"] = text("L1");
  expect_close(run(model)[0], {3.0 / 7, -4.0 / 7});
  model.attributes["norm"] = text("MAX");
  expect_close(run(model)[0], {1, -4.0 / 3});
}

TEST(MlConverter, LabelsAndCategories) {
  Model labels{"LabelEncoder", ml, {}, {whole(DType::i64, {4}, {1, 5, 2, 9})}, {}};
  labels.attributes["keys_int64s"] = integers({1, 2, 5});
  labels.attributes["values_floats"] = reals({1.5, -2, 0.25});
  labels.attributes["default_float"] = real(3);
  expect_close(run(labels)[0], {1.5, 0.25, -2, 3});
  Model categories{"OneHotEncoder", ml, {}, {whole(DType::i64, {2}, {4, 7})}, {}};
  categories.attributes["cats_int64s"] = integers({3, 4, 5});
  expect_close(run(categories)[0], {0, 1, 0, 0, 0, 0});
  categories.attributes["cats_strings"] = texts({"a"});
  EXPECT_EQ(fault_of([&] { run(categories); }), Fault::unsupported);
}

TEST(MlConverter, FeaturesAreReplacedComparedAndPicked) {
  Model imputer{"Imputer", ml, {}, {floats({2, 2}, {-1, 2, 3, -1})}, {}};
  imputer.attributes["replaced_value_float"] = real(-1);
  imputer.attributes["imputed_value_floats"] = reals({0.5, 0.25});
  expect_close(run(imputer)[0], {0.5, 2, 3, 0.25});
  Model binarizer{"Binarizer", ml, {{"threshold", real(0.5)}}, {floats({3}, {0.25, 0.5, 0.75})}, {}};
  EXPECT_EQ(run(binarizer)[0], (Reals{0, 0, 1}));
  const Model extractor{
      "ArrayFeatureExtractor", ml, {}, {floats({2, 3}, {1, 2, 3, 4, 5, 6})}, {{1, whole(DType::i64, {2}, {2, 0})}}};
  expect_close(run(extractor)[0], {3, 1, 6, 4});
  const Model vectorizer{"FeatureVectorizer",
                         ml,
                         {{"inputdimensions", integers({1, 2})}},
                         {floats({2, 1}, {1, 2}), floats({2, 2}, {3, 4, 5, 6})},
                         {}};
  expect_close(run(vectorizer)[0], {1, 3, 4, 2, 5, 6});
  expect_close(run({"ZipMap", ml, {}, {floats({1, 2}, {0.25, 0.75})}, {}})[0], {0.25, 0.75});
}

const Reals supports{1, 0, 0, 1, -1, -1};
const Reals sample{0.5, -0.25};

double rbf(std::size_t vector, double gamma) {
  double sum = 0;
  for (std::size_t i = 0; i < 2; ++i) sum += std::pow(sample[i] - supports[2 * vector + i], 2);
  return std::exp(-gamma * sum);
}

TEST(SvmConverter, RegressorSumsItsKernels) {
  Model model{"SVMRegressor", ml, {}, {floats({1, 2}, sample)}, {}};
  model.attributes["kernel_type"] = text("RBF");
  model.attributes["kernel_params"] = reals({0.5, 0, 3});
  model.attributes["support_vectors"] = reals(supports);
  model.attributes["n_supports"] = integer(3);
  model.attributes["coefficients"] = reals({1, -2, 0.5});
  model.attributes["rho"] = reals({0.25});
  const double want = rbf(0, 0.5) - 2 * rbf(1, 0.5) + 0.5 * rbf(2, 0.5) + 0.25;
  expect_close(run(model)[0], {want}, 0.01);
  model.attributes["one_class"] = integer(1);
  expect_close(run(model)[0], {want > 0 ? 1.0 : -1.0});
}

TEST(SvmConverter, LinearKernelsOfLargeNumbersKeepTheirSmallSum) {
  Model model{"SVMRegressor", ml, {}, {floats({1, 2}, {20, 15})}, {}};
  model.attributes["kernel_type"] = text("LINEAR");
  model.attributes["support_vectors"] = reals({2000, 1000, 1999, 1001});
  model.attributes["coefficients"] = reals({0.7183, -0.7187});
  model.attributes["rho"] = reals({20});
  const double want = 0.7183 * 55000 - 0.7187 * 54995 + 20;  // 1.59 of 39,506 - 39,525
  Model classifier = model;
  model.attributes["n_supports"] = integer(2);
  expect_close(run(model)[0], {want}, 0.1);
  classifier.op = "SVMClassifier";
  classifier.outputs = 2;
  classifier.attributes["vectors_per_class"] = integers({1, 1});
  classifier.attributes["classlabels_ints"] = integers({0, 1});
  const std::vector<Reals> out = run(classifier);
  EXPECT_EQ(out[0], Reals{0});
  expect_close(out[1], {-want, want}, 0.1);
}

TEST(SvmConverter, ClassifierCountsVotes) {
  Model model{"SVMClassifier", ml, {}, {floats({1, 2}, sample)}, {}, 2};
  model.attributes["kernel_type"] = text("RBF");
  model.attributes["kernel_params"] = reals({0.5, 0, 3});
  model.attributes["support_vectors"] = reals(supports);
  model.attributes["vectors_per_class"] = integers({1, 1, 1});
  model.attributes["coefficients"] = reals({1, -1, 0.5, 0.75, 0.25, -0.5});
  model.attributes["rho"] = reals({0.1, -0.2, 0.3});
  model.attributes["classlabels_ints"] = integers({5, 6, 7});
  const double k[] = {rbf(0, 0.5), rbf(1, 0.5), rbf(2, 0.5)};
  // Pair (i, j): row j - 1 for class i's vectors, row i for class j's.
  const Reals pairs{k[0] * 1 + k[1] * -1 + 0.1, k[0] * 0.75 + k[2] * 0.5 - 0.2, k[1] * 0.25 + k[2] * -0.5 + 0.3};
  const std::vector<Reals> out = run(model);
  expect_close(out[1], pairs, 0.01);
  double votes[] = {0, 0, 0};
  ++votes[pairs[0] > 0 ? 0 : 1];
  ++votes[pairs[1] > 0 ? 0 : 2];
  ++votes[pairs[2] > 0 ? 1 : 2];
  const std::size_t best = votes[0] >= votes[1] && votes[0] >= votes[2] ? 0 : votes[1] >= votes[2] ? 1 : 2;
  EXPECT_EQ(out[0], (Reals{5 + double(best)}));
  model.attributes["prob_a"] = reals({-1, -1, -1});
  EXPECT_EQ(fault_of([&] { run(model); }), Fault::unsupported);
}

}  // namespace
}  // namespace ezkl::testing_onnx
