// Scales of single tensors, chosen by data: where one scale for all loses the digits of small numbers or makes large
// ones longer than they need be.
#include "graph/passes/tensor_scales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "checked_run.hpp"
#include "ezkl/error.hpp"
#include "graph/execute.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using testing::floats;
using testing::model;
using testing::node;
using testing::value;
using Reals = std::vector<double>;

RunArgs fine() {
  RunArgs args;
  args.input_scale = args.param_scale = 13;
  args.decomp_legs = 5;
  return args;
}

RunArgs with_scales(const ModelDef& def, const Reals& data, Digits digits) {
  RunArgs args = fine();
  const Graph graph = build_float_graph(def, args);
  const Node& input = graph.nodes[graph.inputs[0]];
  const std::vector<std::vector<FloatTensor>> samples{{{input.type, input.shape, data}}};
  const auto scales = tensor_scales(graph, args, samples, digits);
  args.variables.insert(args.variables.end(), scales.begin(), scales.end());
  return args;
}

/// Relative to each element.
void expect_digits(const ModelDef& def, const Reals& data, const Reals& want, Digits digits, double relative = 2e-3) {
  const RunArgs args = with_scales(def, data, digits);
  const Reals got = testing::checked_run(build_graph(def, args), {data}, args)[0];
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], relative * std::fabs(want[i])) << "element " << i;
  }
}

ModelDef one(std::vector<NodeDef> nodes, std::map<std::string, FloatTensor> initializers, std::int64_t width) {
  return model({value("x", {1, width})}, std::move(nodes), std::move(initializers));
}

TEST(TensorScales, ReciprocalsOfLargeAndSmallNumbers) {
  const ModelDef def = one({node("Reciprocal", {"x"}, {"y"})}, {}, 3);
  expect_digits(def, {1e7, 2e7, 7e6}, {1e-7, 5e-8, 1 / 7e6}, Digits::of_largest);
  expect_digits(def, {1e-4, 2e-4, 7e-5}, {1e4, 5e3, 1 / 7e-5}, Digits::of_largest);
}

TEST(TensorScales, AChainOfSmallNumbersComesBack) {
  const ModelDef def =
      one({node("Mul", {"x", "a"}, {"s"}), node("Mul", {"s", "s"}, {"q"}), node("Mul", {"q", "b"}, {"y"})},
          {{"a", floats({}, {1e-4})}, {"b", floats({}, {1e8})}}, 2);
  expect_digits(def, {1.5, -3}, {2.25, 9}, Digits::of_largest);
}

TEST(TensorScales, EveryColumnKeepsItsDigits) {
  // Features of a thousandth to a million, brought to one size.
  const Reals x{2e-3, 0.03, -5, 4e6}, by{1e3, 1e2, 1, 1e-6};
  const ModelDef def = one({node("Mul", {"x", "f"}, {"y"})}, {{"f", floats({4}, by)}}, 4);
  Reals want(4);
  for (std::size_t i = 0; i < 4; ++i) want[i] = x[i] * by[i];
  expect_digits(def, x, want, Digits::of_slices);
}

TEST(TensorScales, NormalizationsOfSmallAndLargeNumbers) {
  for (const double size : {1e-4, 1e7}) {
    const Reals x{1 * size, -2 * size, 4 * size, -3 * size};
    const double root = std::sqrt(30.0 / 4);
    const ModelDef def = one({node("LayerNormalization", {"x", "g"}, {"y"}, {{"epsilon", testing::real(1e-12)}})},
                             {{"g", floats({4}, {1, 1, 1, 1})}}, 4);
    expect_digits(def, x, {1 / root, -2 / root, 4 / root, -3 / root}, Digits::of_largest);
  }
}

TEST(TensorScales, NothingIsAskedForWhereTheUsualScaleDoes) {
  const ModelDef def = one({node("Reciprocal", {"x"}, {"y"})}, {}, 2);
  EXPECT_EQ(with_scales(def, {1.5, -0.5}, Digits::of_slices).variables, fine().variables);
}

TEST(TensorScales, VariablesNameNodesOfOneNameByTheirNumber) {
  const ModelDef def = one({node("LayerNormalization", {"x", "g"}, {"y"})}, {{"g", floats({2}, {1, 1})}}, 2);
  const Graph graph = build_float_graph(def, fine());
  std::vector<std::string> names = scale_variables(graph);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_TRUE(std::binary_search(names.begin(), names.end(), "scale x#0"));
}

TEST(TensorScales, GivenScalesAreKeptAndBounded) {
  const ModelDef def = one({node("Reciprocal", {"x"}, {"y"})}, {}, 1);
  RunArgs args = fine();
  args.variables.emplace_back("scale y#0", 20);
  args.variables.emplace_back("scale nobody#0", 20);
  EXPECT_EQ(build_graph(def, args).nodes.back().scale, 20);
  args.semantics = Semantics::published;
  EXPECT_EQ(build_graph(def, args).nodes.back().scale, 13);
  args.semantics = Semantics::onnx;
  args.variables.back() = {"scale y#0", 63};
  EXPECT_THROW(build_graph(def, args), Error);
}

}  // namespace
}  // namespace ezkl
