// The rewrites that decide integers, and the choice of scales.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/printer.hpp"
#include "graph/record.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using testing::floats;
using testing::integer;
using testing::integers;
using testing::model;
using testing::node;
using testing::numbers;
using testing::value;

const Node* find(const Graph& graph, const std::string& kind) {
  const auto found =
      std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& n) { return n.op.kind == kind; });
  return found == graph.nodes.end() ? nullptr : &*found;
}

Graph build(const ModelDef& m, BuildOptions options = {}) { return build_graph(m, RunArgs(), options); }

ModelDef times(double factor) {
  return model({value("x", {4})}, {node("Mul", {"x", "c"}, {"y"})}, {{"c", floats({}, {factor})}});
}

TEST(Passes, AProductWithAPowerOfTwoOnlyShiftsTheScale) {
  const Graph graph = build(times(0.25));
  EXPECT_EQ(find(graph, "Mult"), nullptr);
  EXPECT_EQ(graph.nodes[graph.outputs[0]].scale, 9);
  EXPECT_NE(find(build(times(0.3)), "Mult"), nullptr);
  EXPECT_NE(find(build(times(-0.5)), "Mult"), nullptr);
}

TEST(Passes, ASmallConstantKeepsItsDigits) {
  const Graph seventh = build(times(1.0 / 7));
  ASSERT_NE(find(seventh, "Div"), nullptr);
  EXPECT_EQ(find(seventh, "Div")->op.real("denom"), 7);
  // 0.044 is 5.632/128: as 0.704/16 it is off by less than one part in 512.
  const Graph small = build(times(0.044));
  const Node* product = find(small, "Mult");
  ASSERT_NE(product, nullptr);
  const Node& constant = small.nodes[product->inputs[1]];
  const double used = static_cast<double>(constant.constant->integers.at(0)) /
                      std::ldexp(static_cast<double>(product->rebase_divisor), product->scale - 7);
  EXPECT_NEAR(used / 0.044, 1, 0x1p-9);
  EXPECT_NE(find(build(times(1e-12)), "Mult"), nullptr);
  RunArgs published;
  published.semantics = Semantics::published;
  EXPECT_EQ(find(build_graph(times(1.0 / 7), published), "Div"), nullptr);
}

TEST(Passes, ASpelledOutNormalizationIsFound) {
  const auto layer_norm = [](double epsilon) {
    return model({value("x", {2, 6})},
                 {node("ReduceMean", {"x"}, {"m"}, {{"axes", integers({1})}}), node("Sub", {"x", "m"}, {"d"}),
                  node("Pow", {"d", "two"}, {"q"}), node("ReduceMean", {"q"}, {"v"}, {{"axes", integers({1})}}),
                  node("Add", {"v", "eps"}, {"e"}), node("Sqrt", {"e"}, {"s"}), node("Div", {"d", "s"}, {"y"})},
                 {{"two", floats({}, {2})}, {"eps", floats({}, {epsilon})}});
  };
  const Graph graph = build(layer_norm(1e-5));
  ASSERT_NE(find(graph, "Standardize"), nullptr);
  EXPECT_EQ(find(graph, "Standardize")->op.real("epsilon"), 1e-5);
  EXPECT_EQ(find(graph, "Rsqrt"), nullptr);
  EXPECT_EQ(find(build(layer_norm(-1)), "Standardize"), nullptr);
}

TEST(Passes, ALogarithmOfASumOfExponentialsIsTakenAboveTheLargest) {
  const ModelDef m =
      model({value("x", {2, 3})},
            {node("Exp", {"x"}, {"e"}), node("ReduceSum", {"e", "axes"}, {"s"}, {{"keepdims", integer(0)}}),
             node("Log", {"s"}, {"y"})},
            {{"axes", numbers({1})}});
  const Graph graph = build(m);
  EXPECT_NE(find(graph, "ReduceMax"), nullptr);
  EXPECT_EQ(graph.nodes[graph.outputs[0]].shape, (Shape{2}));
  const RunArgs args;
  const claims::Record record = ezkl::record(graph, args);
  claims::Evaluation evaluation(record, {{60 * 128, 0, 59 * 128, 128, 128, 128}}, {true, true});
  evaluation.run();
  const claims::Values got = evaluation.outputs()[0];
  const double one = std::ldexp(1.0, graph.nodes[graph.outputs[0]].scale);
  EXPECT_NEAR(static_cast<double>(got[0]) / one, 60.313, 0.02);
  EXPECT_NEAR(static_cast<double>(got[1]) / one, 2.0986, 0.02);
}

TEST(Passes, NeutralElementsGoOnlyWhenExact) {
  EXPECT_EQ(build(times(1)).nodes.size(), 1u);
  EXPECT_NE(find(build(times(1.0000001192092896)), "Mult"), nullptr);
  const Graph zero = build(times(0));
  EXPECT_EQ(zero.nodes[zero.outputs[0]].op.kind, "Constant");
}

TEST(Passes, APassCanBeLeftOut) {
  BuildOptions options;
  options.skipped_passes = {"selection"};
  EXPECT_NE(find(build(times(0.25), options), "Mult"), nullptr);
  options.skipped_passes = {"no such pass"};
  EXPECT_THROW(build(times(0.25), options), Error);
}

ModelDef conv_model(std::vector<NodeDef> nodes, Shape kernel) {
  return model({value("x", {1, 2, 4, 4})}, std::move(nodes),
               {{"w", floats(kernel, std::vector<double>(volume(kernel), 0.5))},
                {"s", floats({3, 1, 1}, {2, 3, 4})},
                {"pads", testing::numbers({0, 0, 1, 1, 0, 0, 1, 1})}});
}

TEST(Passes, PerChannelFactorsGoIntoTheKernel) {
  const Graph graph =
      build(conv_model({node("Conv", {"x", "w"}, {"a"}), node("Mul", {"a", "s"}, {"y"})}, {3, 2, 3, 3}));
  EXPECT_EQ(find(graph, "Mult"), nullptr);
  const Node* conv = find(graph, "Conv");
  ASSERT_NE(conv, nullptr);
  EXPECT_TRUE(graph.nodes[conv->inputs[1]].constant->integers[18] == 192) << to_string(graph);
}

TEST(Passes, AConvolutionReadTwiceKeepsItsFactors) {
  const Graph graph = build(conv_model(
      {node("Conv", {"x", "w"}, {"a"}), node("Mul", {"a", "s"}, {"b"}), node("Add", {"a", "b"}, {"y"})}, {3, 2, 3, 3}));
  EXPECT_NE(find(graph, "Mult"), nullptr);
}

TEST(Passes, APointwiseConvolutionIsAMatrixProduct) {
  const Graph graph = build(conv_model({node("Conv", {"x", "w"}, {"y"})}, {3, 2, 1, 1}));
  EXPECT_EQ(find(graph, "Conv"), nullptr);
  EXPECT_NE(find(graph, "Einsum"), nullptr);
}

TEST(Passes, ZeroPaddingGoesIntoTheConvolution) {
  const Graph graph =
      build(conv_model({node("Pad", {"x", "pads"}, {"a"}), node("Conv", {"a", "w"}, {"y"})}, {3, 2, 3, 3}));
  EXPECT_EQ(find(graph, "Pad"), nullptr);
  EXPECT_EQ(find(graph, "Conv")->op.integers("pads"), (std::vector<std::int64_t>{1, 1, 1, 1}));
}

TEST(Passes, MeanOfSquaresIsFoundByItsFactor) {
  const auto scaled_sum = [](double factor) {
    return model(
        {value("x", {2, 5})},
        {node("Mul", {"x", "x"}, {"a"}), node("ReduceSum", {"a", "axes"}, {"b"}), node("Mul", {"b", "c"}, {"y"})},
        {{"axes", testing::numbers({1})}, {"c", floats({}, {factor})}});
  };
  EXPECT_NE(find(build(scaled_sum(0.2)), "MeanOfSquares"), nullptr);
  EXPECT_EQ(find(build(scaled_sum(0.21)), "MeanOfSquares"), nullptr);
}

TEST(Passes, EqualNodesBecomeOne) {
  const ModelDef m = model({value("x", {4}), value("z", {4})},
                           {node("Add", {"x", "z"}, {"a"}), node("Add", {"x", "z"}, {"b"}), node("Relu", {"a"}, {"c"}),
                            node("Relu", {"b"}, {"d"}), node("Sub", {"c", "d"}, {"y"})});
  EXPECT_EQ(build(m).nodes.size(), 5u) << to_string(build(m));
  BuildOptions options;
  options.skipped_passes = {"merge"};
  EXPECT_EQ(build(m, options).nodes.size(), 7u);
}

TEST(Quantize, ProductsAreRebasedToTheCommonScale) {
  const Graph graph = build(model({value("x", {4}), value("z", {4})}, {node("Mul", {"x", "z"}, {"y"})}));
  const Node& product = graph.nodes[graph.outputs[0]];
  EXPECT_EQ(product.scale, 7);
  EXPECT_TRUE(product.rebase_divisor == 128);
}

TEST(Quantize, TheMultiplierLetsProductsGoBy) {
  RunArgs args;
  args.scale_rebase_multiplier = 2;
  const Graph graph = build_graph(model({value("x", {4}), value("z", {4})}, {node("Mul", {"x", "z"}, {"y"})}), args);
  EXPECT_EQ(graph.nodes[graph.outputs[0]].scale, 14);
}

TEST(Quantize, AConstantReadOnceIsRefinedAndOneReadTwiceIsMultiplied) {
  const auto sum = [](bool twice) {
    std::vector<NodeDef> nodes{node("Mul", {"x", "half"}, {"a"}), node("Add", {"a", "c"}, {twice ? "b" : "y"})};
    if (twice) nodes.push_back(node("Add", {"b", "c"}, {"y"}));
    return model({value("x", {2})}, nodes, {{"half", floats({}, {0.5})}, {"c", floats({2}, {0.3, 0.7})}});
  };
  const Graph once = build(sum(false));
  EXPECT_TRUE(find(once, "Add")->input_multipliers.empty()) << to_string(once);
  EXPECT_EQ(find(once, "Constant")->scale, 8);
  const Graph twice = build(sum(true));
  ASSERT_EQ(find(twice, "Add")->input_multipliers.size(), 2u) << to_string(twice);
  EXPECT_TRUE(find(twice, "Add")->input_multipliers[1] == 2);
}

TEST(Quantize, ScalesTooFarApartAreAnError) {
  EXPECT_THROW(build(model({value("x", {4})}, {node("Mul", {"x", "c"}, {"a"}), node("Add", {"a", "x"}, {"y"})},
                           {{"c", floats({}, {0x1p-70})}})),
               Error);
}

TEST(Passes, ALogarithmOfASumOfExponentialsIsTakenOnce) {
  const auto maxima = [](const Graph& graph) {
    return std::count_if(graph.nodes.begin(), graph.nodes.end(),
                         [](const Node& n) { return n.op.kind == "ReduceMax"; });
  };
  const ModelDef whole =
      model({value("x", {2, 3})}, {node("ReduceLogSumExp", {"x"}, {"y"}, {{"axes", integers({1})}})}, {});
  EXPECT_EQ(maxima(build(whole)), 1);
  const ModelDef spelled =
      model({value("x", {2, 3})},
            {node("Exp", {"x"}, {"e"}), node("ReduceSum", {"e", "axes"}, {"s"}), node("Log", {"s"}, {"y"})},
            {{"axes", numbers({1})}});
  EXPECT_EQ(maxima(build(spelled)), 1);
}

TEST(Passes, GraphsOfOtherScalesAreWhatAModelGivesAlone) {
  // A small factor, which a pass looks at by its scale, between matrices, which all scales share.
  const ModelDef m = model({value("x", {1, 2})},
                           {node("MatMul", {"x", "w"}, {"a"}), node("Mul", {"a", "c"}, {"b"}),
                            node("Relu", {"b"}, {"r"}), node("MatMul", {"r", "w"}, {"y"})},
                           {{"w", floats({2, 2}, {0.3, -1.7, 2.25, 1})}, {"c", floats({}, {0.044})}});
  const auto integers_of = [](const Graph& graph) {
    std::vector<Int128> out;
    for (const Node& n : graph.nodes) {
      if (n.constant) out.insert(out.end(), n.constant->integers.begin(), n.constant->integers.end());
    }
    return out;
  };
  const auto weights = [](const Graph& graph) {
    const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                    [](const Node& n) { return n.constant && n.constant->floats.size() == 4; });
    return found->constant;
  };
  ScaledGraphs graphs(m, RunArgs());
  std::vector<Graph> alive;
  for (const int scale : {13, 7, 13, 11, 13}) {
    RunArgs args;
    args.input_scale = args.param_scale = scale;
    args.scale_rebase_multiplier = alive.size() % 2 == 0 ? 1 : 2;
    const Graph alone = build_graph(m, args);
    alive.push_back(graphs.integers(args));
    EXPECT_EQ(to_string(alive.back()), to_string(alone));
    EXPECT_TRUE(integers_of(alive.back()) == integers_of(alone)) << scale;
    EXPECT_EQ(to_string(graphs.reals(args)), to_string(build_float_graph(m, args)));
  }
  EXPECT_EQ(weights(alive[0]), weights(alive[2]));
  EXPECT_NE(weights(alive[0]), weights(alive[1]));
  alive.clear();
  EXPECT_EQ(graphs.integers(RunArgs()).outputs.size(), 1u);
}

}  // namespace
}  // namespace ezkl
