// Kinds of models whose fixed-point numbers were once others than the float model's: infinities and masks, constants
// of very different sizes, quotients and logarithms of large numbers, whole numbers folded as constants.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "checked_run.hpp"
#include "ezkl/error.hpp"
#include "graph/printer.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using testing::floats;
using testing::integer;
using testing::integers;
using testing::model;
using testing::node;
using testing::numbers;
using testing::real;
using testing::text;
using testing::texts;
using testing::value;
using Reals = std::vector<double>;

constexpr double most = 3.4028234663852886e38;

RunArgs fine() {
  RunArgs args;
  args.input_scale = args.param_scale = 13;
  args.decomp_legs = 4;
  args.lookup_range = {-1 << 18, 1 << 18};
  return args;
}

std::vector<Reals> run(const ModelDef& def, const std::vector<Reals>& data, const RunArgs& args = fine()) {
  return testing::checked_run(build_graph(def, args), data, args);
}

void expect_near(const Reals& got, const Reals& want, double relative = 1e-3) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], relative * (1 + std::fabs(want[i]))) << "element " << i;
  }
}

Reals softmax(Reals x) {
  const double top = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (double& v : x) sum += v = std::exp(v - top);
  for (double& v : x) v /= sum;
  return x;
}

/// Softmax of a computed tensor "s".
NodeDef softmax_node() { return node("Softmax", {"s"}, {"y"}, {{"axis", integer(-1)}}); }

const Reals far_scores{-40, -35, -50, -60};
const Reals second_masked = softmax({-40, -INFINITY, -50, -60});

TEST(Masks, AddedAsConstantsSelect) {
  for (const double mask : {-double(INFINITY), -most, -1e9}) {
    const ModelDef m = model({value("x", {1, 4})}, {node("Add", {"x", "m"}, {"s"}), softmax_node()},
                             {{"m", floats({1, 4}, {0, mask, 0, 0})}});
    expect_near(run(m, {far_scores})[0], second_masked);
  }
}

TEST(Masks, ChosenByInputsSelect) {
  for (const double mask : {-double(INFINITY), -most, -1e9}) {
    const ModelDef m = model({value("x", {1, 4}), value("k", {1, 4}, DType::boolean)},
                             {node("Where", {"k", "x", "m"}, {"s"}), softmax_node()}, {{"m", floats({}, {mask})}});
    expect_near(run(m, {far_scores, {1, 0, 1, 1}})[0], second_masked);
  }
}

TEST(Masks, MultipliedWithFlagsSelect) {
  for (const double mask : {-double(INFINITY), -most, -1e9}) {
    if (std::isinf(mask)) continue;  // 0 times infinity is NaN in the float model, too
    const ModelDef m = model({value("x", {2, 4}), value("k", {1, 4}, DType::i64)},
                             {node("Cast", {"k"}, {"f"}, {{"to", integer(1)}}), node("Sub", {"one", "f"}, {"i"}),
                              node("Mul", {"i", "m"}, {"b"}), node("Add", {"x", "b"}, {"s"}), softmax_node()},
                             {{"m", floats({}, {mask})}, {"one", floats({}, {1})}});
    Reals twice = far_scores, want = second_masked;
    twice.insert(twice.end(), far_scores.begin(), far_scores.end());
    want.insert(want.end(), second_masked.begin(), second_masked.end());
    expect_near(run(m, {twice, {1, 0, 1, 1}})[0], want);
  }
}

TEST(Masks, CausalAndPaddingTogether) {
  const double inf = INFINITY;
  const ModelDef m =
      model({value("x", {2, 2}), value("k", {2}, DType::boolean)},
            {node("Where", {"k", "zero", "inf"}, {"p"}), node("Add", {"p", "c"}, {"mask"}),
             node("Add", {"x", "mask"}, {"s"}), softmax_node()},
            {{"zero", floats({}, {0})}, {"inf", floats({}, {-inf})}, {"c", floats({2, 2}, {0, -inf, 0, 0})}});
  expect_near(run(m, {{-3, 9, -4, 2}, {1, 1}})[0], {1, 0, softmax({-4, 2})[0], softmax({-4, 2})[1]});
  // The padded row sees only the first.
  expect_near(run(m, {{-3, 9, -4, 2}, {1, 0}})[0], {1, 0, 1, 0});
}

TEST(Masks, ScoresTimesALargeFactorAreNoMask) {
  const ModelDef m =
      model({value("x", {1, 3})}, {node("Mul", {"x", "c"}, {"s"}), softmax_node()}, {{"c", floats({}, {1e9})}});
  RunArgs wide = fine();
  wide.decomp_legs = 6;
  expect_near(run(m, {{0.5, 0.25, -1}}, wide)[0], {1, 0, 0});
}

/// With its operands looked at anew for each reader, 64 sums of a tensor and itself would take 2^64 steps.
TEST(Masks, SumsOfSumsAreLookedAtOnce) {
  std::vector<NodeDef> nodes;
  std::string last = "k";
  for (int i = 0; i < 64; ++i) {
    const std::string sum = "s" + std::to_string(i);
    nodes.push_back(node("Add", {last, last}, {sum}));
    last = sum;
  }
  nodes.push_back(node("Cast", {last}, {"f"}, {{"to", integer(1)}}));
  nodes.push_back(node("Mul", {"f", "c"}, {"y"}));
  const ModelDef m = model({value("k", {1}, DType::i64)}, nodes, {{"c", floats({}, {0.5})}});
  EXPECT_EQ(build_graph(m, fine()).outputs.size(), 1u);
}

TEST(Masks, ElsewhereAnInfinityIsRefusedByName) {
  const ModelDef m =
      model({value("x", {1, 2})}, {node("Add", {"x", "far"}, {"y"})}, {{"far", floats({2}, {0, -INFINITY})}});
  try {
    build_graph(m, fine());
    FAIL() << "was not refused";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsupported);
    EXPECT_NE(std::string(e.what()).find("'far'"), std::string::npos) << e.what();
  }
}

TEST(Bounds, InfiniteOnesBoundNothing) {
  const ModelDef clip = model({value("x", {4})}, {node("Clip", {"x", "lo", "hi"}, {"y"})},
                              {{"lo", floats({}, {0})}, {"hi", floats({}, {most})}});
  EXPECT_EQ(run(clip, {{40, -35, 50, 60}})[0], (Reals{40, 0, 50, 60}));
  const ModelDef maximum =
      model({value("x", {3})}, {node("Max", {"x", "c"}, {"y"})}, {{"c", floats({3}, {-INFINITY, 1, 1})}});
  EXPECT_EQ(run(maximum, {{-40, -3, 5}})[0], (Reals{-40, 1, 5}));
  for (const double end : {-double(INFINITY), double(INFINITY)}) {
    const ModelDef less =
        model({value("x", {3})}, {node("Less", {"x", "c"}, {"y"})}, {{"c", floats({3}, {end, 1, 1})}});
    EXPECT_EQ(run(less, {{40, 0, 60}})[0], (Reals{end > 0 ? 1.0 : 0.0, 1, 0}));
    const ModelDef equal = model({value("x", {2})}, {node("Equal", {"x", "c"}, {"y"})}, {{"c", floats({}, {end})}});
    EXPECT_EQ(run(equal, {{40, 0}})[0], (Reals{0, 0}));
  }
}

TEST(Bounds, PaddingWithMinusInfinityDoesNotWin) {
  const ModelDef m =
      model({value("x", {1, 1, 2, 2})},
            {node("Pad", {"x", "p", "f"}, {"q"}),
             node("MaxPool", {"q"}, {"y"}, {{"kernel_shape", integers({2, 2})}, {"strides", integers({2, 2})}})},
            {{"p", numbers({0, 0, 1, 1, 0, 0, 1, 1})}, {"f", floats({}, {-INFINITY})}});
  EXPECT_EQ(run(m, {{-5, -6, -700, -8}})[0], (Reals{-5, -6, -700, -8}));
}

TEST(Constants, OfABillionKeepTheirValue) {
  RunArgs wide = fine();
  wide.decomp_legs = 5;
  const ModelDef sum = model({value("x", {2})}, {node("Add", {"x", "c"}, {"y"})}, {{"c", floats({2}, {-3e9, 1})}});
  EXPECT_EQ(run(sum, {{0, 0}}, wide)[0], (Reals{-3e9, 1}));
  const ModelDef less = model({value("x", {2})}, {node("Less", {"x", "c"}, {"y"})}, {{"c", floats({2}, {1e10, 1})}});
  EXPECT_EQ(run(less, {{40, 35}}, wide)[0], (Reals{1, 0}));
}

TEST(Constants, OfVeryDifferentSizesKeepTheirDigits) {
  RunArgs wide = fine();
  wide.decomp_legs = 5;
  const Reals x{35, 52000, 1200000, 3};
  const ModelDef product =
      model({value("x", {1, 4})}, {node("MatMul", {"x", "w"}, {"y"})}, {{"w", floats({4, 1}, {0.5, 3e-5, 2e-6, 0.1})}});
  expect_near(run(product, {x}, wide)[0], {0.5 * 35 + 3e-5 * 52000 + 2e-6 * 1200000 + 0.3});
  const Reals mean{40, 48000, 900000, 2.5}, variance{150, 4e8, 2.5e11, 1.2};
  const ModelDef norm = model({value("x", {1, 4})}, {node("BatchNormalization", {"x", "s", "b", "m", "v"}, {"y"})},
                              {{"s", floats({4}, {1, 1, 1, 1})},
                               {"b", floats({4}, {0, 0, 0, 0})},
                               {"m", floats({4}, mean)},
                               {"v", floats({4}, variance)}});
  Reals want;
  for (std::size_t i = 0; i < 4; ++i) want.push_back((x[i] - mean[i]) / std::sqrt(variance[i]));
  expect_near(run(norm, {x}, wide)[0], want);
  const ModelDef time =
      model({value("x", {1, 2})}, {node("Mul", {"x", "c"}, {"p"}), node("Add", {"p", "d"}, {"y"})},
            {{"c", floats({2}, {1.0031008e-08, 0.16616195})}, {"d", floats({2}, {-16.049915, 0.6479355})}});
  expect_near(run(time, {{1663696128, 0.5623977}}, wide)[0], {1663696128 * 1.0031008e-08 - 16.049915, 0.7413846}, 1e-3);
}

TEST(Constants, UsualWeightsKeepTheUsualScale) {
  const ModelDef m = model({value("x", {1, 2})}, {node("MatMul", {"x", "w"}, {"y"})},
                           {{"w", floats({2, 2}, {0.5, -0.1, 0.001, 0.3})}});
  const Graph graph = build_graph(m, fine());
  for (const Node& n : graph.nodes) {
    if (n.op.kind == "Constant") {
      EXPECT_EQ(n.scale, 13) << to_string(graph);
    }
  }
}

TEST(Quotients, OfLargeNumbersKeepTheirDigits) {
  RunArgs wide = fine();
  const ModelDef share =
      model({value("x", {1, 4})}, {node("ReduceSum", {"x", "axes"}, {"t"}), node("Div", {"x", "t"}, {"y"})},
            {{"axes", numbers({1})}});
  expect_near(run(share, {{1000, 2000, 3000, 4000}}, wide)[0], {0.1, 0.2, 0.3, 0.4});
  expect_near(run(share, {{-1000, 2000, 3000, -14000}}, wide)[0], {0.1, -0.2, -0.3, 1.4});
  const ModelDef root =
      model({value("x", {1, 2})}, {node("LpNormalization", {"x"}, {"y"}, {{"axis", integer(1)}})}, {});
  expect_near(run(root, {{30000, 40000}}, wide)[0], {0.6, 0.8});
  const ModelDef spelled =
      model({value("x", {2}), value("z", {2})}, {node("Reciprocal", {"z"}, {"r"}), node("Mul", {"r", "x"}, {"y"})}, {});
  expect_near(run(spelled, {{50000, -3}, {-20000, 7}}, wide)[0], {-2.5, -3.0 / 7});
}

TEST(Quotients, ZeroByZeroIsZero) {
  const ModelDef m = model({value("x", {2}), value("z", {2})}, {node("Div", {"x", "z"}, {"y"})}, {});
  expect_near(run(m, {{0, 1}, {0, 2}})[0], {0, 0.5});
}

TEST(FlatTables, EndWhereTheFunctionIsConstant) {
  RunArgs args = fine();
  args.input_scale = args.param_scale = 9;
  for (const char* op : {"Tanh", "Sigmoid", "Erf"}) {
    const ModelDef m = model({value("x", {6})}, {node(op, {"x"}, {"y"})}, {});
    args.lookup_range = {-8192, 8192};
    const Reals x{-70000, -2, -0.25, 0, 1.5, 90000};
    RunArgs all = args;
    all.lookup_range = {-100000, 100000};
    const Reals ends{-190, -2, -0.25, 0, 1.5, 190};
    EXPECT_EQ(run(m, {x}, args), run(m, {ends}, all)) << op;
  }
  const ModelDef m = model({value("x", {1, 4})}, {node("Add", {"x", "c"}, {"s"}), softmax_node()},
                           {{"c", floats({4}, {0, -10000, 0, -10000})}});
  expect_near(run(m, {{1, 5, 2, 3}}, args)[0], softmax({1, -INFINITY, 2, -INFINITY}), 5e-3);
}

TEST(Slopes, KeepTheirDigits) {
  const ModelDef m = model({value("x", {2})}, {node("LeakyRelu", {"x"}, {"y"}, {{"alpha", real(0.001)}})}, {});
  const Reals got = run(m, {{-1000, 3}})[0];
  EXPECT_NEAR(got[0], -1, 0.003);
  EXPECT_EQ(got[1], 3);
  // Slopes of enough digits stay as they are.
  const ModelDef usual = model({value("x", {2})}, {node("LeakyRelu", {"x"}, {"y"}, {{"alpha", real(0.01)}})}, {});
  EXPECT_EQ(to_string(build_graph(usual, fine())).find("scale="), std::string::npos);
}

TEST(Logarithms, OfWhatRoundsToNothingAreFinite) {
  const ModelDef m = model({value("x", {3})},
                           {node("Add", {"x", "e"}, {"a"}), node("Log", {"a"}, {"l"}), node("Mul", {"x", "l"}, {"y"})},
                           {{"e", floats({}, {1e-9})}});
  expect_near(run(m, {{0, 0.5, 1}})[0], {0, 0.5 * std::log(0.5), 0});
}

TEST(DynamicQuantization, IsPartOfTheCircuit) {
  const ModelDef m =
      model({value("x", {4})},
            {node("DynamicQuantizeLinear", {"x"}, {"q", "s", "z"}), node("DequantizeLinear", {"q", "k"}, {"y"})},
            {{"k", floats({}, {1})}});
  // 255 steps from -1 to 4, 0 among them: 51 for -1 … 0.
  EXPECT_EQ(run(m, {{-1, 0, 4, 1.03}})[0], (Reals{0, 51, 255, 104}));
}

TEST(Flags, AreRead) {
  const auto refused = [](const ModelDef& m, const std::string& word) {
    try {
      build_graph(m, fine());
      ADD_FAILURE() << word << " was not refused";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsupported);
      EXPECT_NE(std::string(e.what()).find(word), std::string::npos) << e.what();
    }
  };
  const std::map<std::string, FloatTensor> training{{"r", floats({}, {0.5})}, {"t", {DType::boolean, {}, {1}}}};
  refused(model({value("x", {2})}, {node("Dropout", {"x", "r", "t"}, {"y"})}, training), "training_mode");
  const ModelDef inf = model({value("x", {3})}, {node("IsInf", {"m"}, {"i"}), node("Where", {"i", "z", "x"}, {"y"})},
                             {{"m", floats({3}, {0, -INFINITY, 0})}, {"z", floats({}, {-5})}});
  EXPECT_EQ(run(inf, {{1, 2, 3}})[0], (Reals{1, -5, 3}));
}

TEST(Logarithms, OfNumbersFarBeyondTheTable) {
  const Reals x{0.001, 0.25, 1, 3.9999, 4, 7.25, 1300.5, 1e6};
  const ModelDef m = model({value("x", {1, 8})}, {node("Log", {"x"}, {"y"})});
  RunArgs args = fine();
  args.lookup_range = {-1, (1 << 15) - 1};  // mantissas of 15 bits
  const Reals got = run(m, {x}, args)[0];
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double want = std::log(static_cast<double>(quantize(x[i], 13)) / 8192);
    EXPECT_NEAR(got[i], want, 2.0 / 8192) << x[i];
  }
  // NaN in the float model, which a branch that is not chosen may have: what is no step gets the logarithm of one.
  EXPECT_NEAR(run(m, {{1, 1, 1, 1, 1, 1, 1, -2}}, args)[0].back(), std::log(1.0 / 8192), 2.0 / 8192);
}

TEST(Activations, OfNumbersFarBeyondTheTable) {
  const Reals x{-900, -1.5, -0.25, 0, 0.75, 2, 80, 900.5};
  const auto wanted = [&](auto function) {
    Reals out;
    for (const double v : x) out.push_back(function(v));
    return out;
  };
  const auto got = [&](const std::string& op, std::map<std::string, AttributeDef> attributes) {
    return run(model({value("x", {1, 8})}, {node(op, {"x"}, {"y"}, std::move(attributes))}), {x})[0];
  };
  const auto elu = [](double alpha) { return [alpha](double v) { return v > 0 ? v : alpha * std::expm1(v); }; };
  expect_near(got("Elu", {}), wanted(elu(1)));
  expect_near(got("Elu", {{"alpha", real(-0.5)}}), wanted(elu(-0.5)));
  expect_near(got("Selu", {}), wanted([&](double v) { return 1.0507009873554805 * elu(1.6732632423543772)(v); }));
  expect_near(got("Celu", {{"alpha", real(2)}}), wanted([](double v) { return v > 0 ? v : 2 * std::expm1(v / 2); }));
  const ModelDef layer =
      model({value("x", {1, 8, 1})}, {node("RNN", {"x", "w", "r"}, {"", "y"}, {{"activations", texts({"Elu"})}})},
            {{"w", floats({1, 1, 1}, {1})}, {"r", floats({1, 1, 1}, {1})}});
  expect_near(run(layer, {x})[0], wanted(elu(1)));
  expect_near(got("HardSwish", {}), wanted([](double v) { return v * std::clamp(v / 6 + 0.5, 0.0, 1.0); }));
}

/// What is said of a model that is refused.
std::string refusal(const ModelDef& def) {
  try {
    build_graph(def, fine());
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Attributes, ThatContradictTheWeightsAreRefused) {
  const auto conv = [](const std::string& op, std::vector<std::int64_t> kernel) {
    return model({value("x", {1, 1, 4, 4})}, {node(op, {"x", "w"}, {"y"}, {{"kernel_shape", integers(kernel)}})},
                 {{"w", floats({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6})}});
  };
  for (const char* op : {"Conv", "ConvTranspose"}) {
    EXPECT_EQ(refusal(conv(op, {2, 3})), "");
    const std::string said = refusal(conv(op, {3, 2}));
    EXPECT_NE(said.find("node 'y' (" + std::string(op)), std::string::npos) << said;
    EXPECT_NE(said.find("kernel_shape is [3, 2], and the weights' kernel is [2, 3]"), std::string::npos) << said;
  }
  const auto layer = [](const std::string& op, std::size_t gates, std::int64_t hidden) {
    return model({value("x", {2, 1, 1})}, {node(op, {"x", "w", "r"}, {"", "y"}, {{"hidden_size", integer(hidden)}})},
                 {{"w", floats({1, 2 * gates, 1}, Reals(2 * gates, 0.5))},
                  {"r", floats({1, 2 * gates, 2}, Reals(4 * gates, 0.25))}});
  };
  for (const auto& [op, gates] : {std::pair("RNN", 1), std::pair("GRU", 3), std::pair("LSTM", 4)}) {
    EXPECT_EQ(refusal(layer(op, static_cast<std::size_t>(gates), 2)), "");
    const std::string said = refusal(layer(op, static_cast<std::size_t>(gates), 3));
    EXPECT_NE(said.find("(" + std::string(op)), std::string::npos) << said;
    EXPECT_NE(said.find("hidden_size is 3"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace ezkl
