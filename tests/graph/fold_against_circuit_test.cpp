// Every operator twice: with its inputs as constants, where it is folded in floats, and with its inputs as inputs,
// where it is quantized and evaluated by its claims. The two must agree within the error of the scale.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"
#include "model_text.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

using testing::floats;
using testing::integer;
using testing::integers;
using testing::node;
using testing::numbers;
using testing::real;
using testing::text;
using testing::value;

struct Case {
  std::string name;
  std::vector<Shape> inputs;  ///< called a, b, …
  NodeDef operation;
  std::map<std::string, FloatTensor> initializers = {};
  double low = -2, high = 2;
  double tolerance = 0.01;
  DType type = DType::f32;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto unary = [&](const std::string& op, double low = -2, double high = 2,
                         std::map<std::string, AttributeDef> attributes = {}) {
    all.push_back({op, {{2, 3, 4}}, node(op, {"a"}, {"y"}, std::move(attributes)), {}, low, high});
  };
  for (const char* op : {"Abs",
                         "Neg",
                         "Relu",
                         "LeakyRelu",
                         "Elu",
                         "Selu",
                         "Celu",
                         "Sigmoid",
                         "Tanh",
                         "Erf",
                         "Softplus",
                         "Softsign",
                         "HardSigmoid",
                         "HardSwish",
                         "Exp",
                         "Sin",
                         "Cos",
                         "Atan",
                         "Sinh",
                         "Cosh",
                         "Asinh",
                         "Identity",
                         "ThresholdedRelu",
                         "Shrink",
                         "Mish",
                         "Gelu",
                         "Swish",
                         "GlobalAveragePool",
                         "GlobalMaxPool",
                         "Flatten",
                         "Transpose",
                         "ReduceMax",
                         "ReduceMin",
                         "ReduceMean",
                         "ReduceSum",
                         "ReduceL1",
                         "ReduceL2",
                         "ReduceSumSquare",
                         "ReduceLogSumExp",
                         "Softmax",
                         "LogSoftmax"}) {
    unary(op);
  }
  unary("Log", 0.2, 4);
  unary("Sqrt", 0.2, 4);
  unary("Reciprocal", 0.5, 4);
  unary("Celu", -2, 2, {{"alpha", real(1.7)}});
  unary("Asin", -0.9, 0.9);
  unary("Acos", -0.9, 0.9);
  unary("Acosh", 1.2, 4);
  unary("Atanh", -0.7, 0.7);
  unary("Tan", -1, 1);
  unary("ReduceProd", -1.5, 1.5, {{"axes", integers({2})}});
  unary("ReduceLogSum", 0.2, 2, {{"axes", integers({1, 2})}});
  unary("LpNormalization", 0.2, 2, {{"axis", integer(1)}, {"p", integer(2)}});
  for (const char* op : {"Add", "Sub", "Mul", "Max", "Min"}) {
    all.push_back({op, {{2, 3, 4}, {3, 1}}, node(op, {"a", "b"}, {"y"})});
  }
  all.push_back({"Div", {{2, 3}, {3}}, node("Div", {"a", "b"}, {"y"}), {}, 0.5, 3});
  all.push_back({"Pow", {{2, 3}, {3}}, node("Pow", {"a", "b"}, {"y"}), {}, 0.5, 2, 0.02});
  all.push_back({"Clip",
                 {{2, 5}},
                 node("Clip", {"a", "lo", "hi"}, {"y"}),
                 {{"lo", floats({}, {-0.5})}, {"hi", floats({}, {0.75})}}});
  all.push_back({"PRelu", {{2, 3}, {3}}, node("PRelu", {"a", "b"}, {"y"})});
  all.push_back({"Where",
                 {{2, 3}, {3}},
                 node("Where", {"m", "a", "b"}, {"y"}),
                 {{"m", {DType::boolean, {2, 3}, {1, 0, 0, 1, 1, 0}}}}});
  all.push_back({"MatMul", {{2, 3, 4}, {4, 2}}, node("MatMul", {"a", "b"}, {"y"})});
  all.push_back({"MatMulVectors", {{4}, {4}}, node("MatMul", {"a", "b"}, {"y"})});
  all.push_back({"Gemm",
                 {{3, 2}, {4, 3}, {4}},
                 node("Gemm", {"a", "b", "c"}, {"y"},
                      {{"transA", integer(1)}, {"transB", integer(1)}, {"alpha", real(0.7)}, {"beta", real(1.3)}})});
  all.push_back({"EinsumEllipsis",
                 {{2, 3, 4}, {4, 2}},
                 node("Einsum", {"a", "b"}, {"y"}, {{"equation", text("...k,kn->...n")}})});
  all.push_back({"EinsumDiagonal", {{3, 3}}, node("Einsum", {"a"}, {"y"}, {{"equation", text("ii->i")}})});
  all.push_back({"EinsumThree",
                 {{2, 3}, {3, 4}, {4, 2}},
                 node("Einsum", {"a", "b", "c"}, {"y"}, {{"equation", text("ij,jk,kl->il")}})});
  all.push_back({"Conv",
                 {{1, 4, 5, 5}, {6, 2, 3, 3}, {6}},
                 node("Conv", {"a", "b", "c"}, {"y"},
                      {{"group", integer(2)},
                       {"strides", integers({2, 1})},
                       {"pads", integers({1, 0, 1, 2})},
                       {"dilations", integers({1, 2})}}),
                 {},
                 -1,
                 1});
  all.push_back({"Conv1d",
                 {{1, 2, 7}, {3, 2, 3}},
                 node("Conv", {"a", "b"}, {"y"}, {{"auto_pad", text("SAME_LOWER")}}),
                 {},
                 -1,
                 1});
  all.push_back({"ConvTranspose",
                 {{1, 2, 3, 3}, {2, 3, 3, 3}},
                 node("ConvTranspose", {"a", "b"}, {"y"},
                      {{"strides", integers({3, 2})},
                       {"pads", integers({1, 0, 0, 1})},
                       {"output_padding", integers({1, 0})},
                       {"dilations", integers({2, 1})}}),
                 {},
                 -1,
                 1});
  all.push_back({"MaxPool",
                 {{1, 2, 5, 5}},
                 node("MaxPool", {"a"}, {"y"},
                      {{"kernel_shape", integers({2, 3})},
                       {"pads", integers({1, 1, 0, 1})},
                       {"strides", integers({2, 2})},
                       {"ceil_mode", integer(1)}}),
                 {},
                 -3,
                 -1});
  all.push_back(
      {"AveragePool",
       {{1, 2, 5, 5}},
       node("AveragePool", {"a"}, {"y"},
            {{"kernel_shape", integers({3, 3})}, {"pads", integers({1, 1, 1, 1})}, {"strides", integers({2, 1})}})});
  all.push_back({"LpPool", {{1, 2, 5}}, node("LpPool", {"a"}, {"y"}, {{"kernel_shape", integers({2})}}), {}, 0.2, 2});
  all.push_back({"LRN", {{1, 5, 2, 2}}, node("LRN", {"a"}, {"y"}, {{"size", integer(3)}, {"alpha", real(0.5)}})});
  all.push_back({"BatchNormalization",
                 {{2, 3, 2}},
                 node("BatchNormalization", {"a", "s", "o", "o", "s"}, {"y"}),
                 {{"s", floats({3}, {0.5, 1, 2})}, {"o", floats({3}, {-1, 0.25, 1})}}});
  all.push_back({"InstanceNormalization",
                 {{2, 3, 6}, {3}, {3}},
                 node("InstanceNormalization", {"a", "b", "c"}, {"y"}),
                 {},
                 -2,
                 2,
                 0.03});
  all.push_back({"LayerNormalization",
                 {{2, 3, 6}, {6}, {6}},
                 node("LayerNormalization", {"a", "b", "c"}, {"y"}),
                 {},
                 -2,
                 2,
                 0.03});
  all.push_back({"RMSNormalization", {{2, 6}, {6}}, node("RMSNormalization", {"a", "b"}, {"y"}), {}, -2, 2, 0.03});
  all.push_back({"GroupNormalization",
                 {{1, 4, 3}, {4}, {4}},
                 node("GroupNormalization", {"a", "b", "c"}, {"y"}, {{"num_groups", integer(2)}}),
                 {},
                 -2,
                 2,
                 0.03});
  all.push_back({"CumSum",
                 {{2, 4}},
                 node("CumSum", {"a", "i"}, {"y"}, {{"reverse", integer(1)}, {"exclusive", integer(1)}}),
                 {{"i", numbers({1})}}});
  all.push_back({"TopK", {{2, 6}}, node("TopK", {"a", "k"}, {"y"}), {{"k", numbers({3})}}});
  all.push_back({"ArgMax", {{2, 6}}, node("ArgMax", {"a"}, {"y"}, {{"axis", integer(1)}})});
  all.push_back({"Gather", {{4, 3}}, node("Gather", {"a", "i"}, {"y"}), {{"i", {DType::i64, {2, 2}, {0, -1, 2, 2}}}}});
  all.push_back({"SliceBackwards",
                 {{2, 6}},
                 node("Slice", {"a", "s", "e", "x", "t"}, {"y"}),
                 {{"s", numbers({-1})}, {"e", numbers({-0x1p63})}, {"x", numbers({1})}, {"t", numbers({-2})}}});
  all.push_back({"PadReflect",
                 {{3, 4}},
                 node("Pad", {"a", "p"}, {"y"}, {{"mode", text("reflect")}}),
                 {{"p", numbers({1, 2, 0, 1})}}});
  all.push_back({"Tile", {{2, 3}}, node("Tile", {"a", "r"}, {"y"}), {{"r", numbers({2, 3})}}});
  all.push_back({"Expand", {{3, 1}}, node("Expand", {"a", "r"}, {"y"}), {{"r", numbers({2, 3, 4})}}});
  all.push_back({"SpaceToDepth", {{1, 2, 4, 4}}, node("SpaceToDepth", {"a"}, {"y"}, {{"blocksize", integer(2)}})});
  all.push_back({"DFT", {{1, 5, 1}}, node("DFT", {"a"}, {"y"})});
  all.push_back(
      {"RNN", {{3, 1, 2}, {1, 3, 2}, {1, 3, 3}, {1, 6}}, node("RNN", {"a", "b", "c", "d"}, {"y"}), {}, -1, 1});
  all.push_back({"GRU",
                 {{3, 1, 2}, {1, 9, 2}, {1, 9, 3}, {1, 18}},
                 node("GRU", {"a", "b", "c", "d"}, {"y"}, {{"linear_before_reset", integer(1)}}),
                 {},
                 -1,
                 1});
  all.push_back({"LSTMReverse",
                 {{3, 1, 2}, {1, 12, 2}, {1, 12, 3}, {1, 24}},
                 node("LSTM", {"a", "b", "c", "d"}, {"y"}, {{"direction", text("reverse")}}),
                 {},
                 -1,
                 1});
  all.push_back({"Attention",
                 {{1, 2, 3, 4}, {1, 1, 3, 4}, {1, 1, 3, 4}},
                 node("Attention", {"a", "b", "c"}, {"y"}, {{"is_causal", integer(1)}})});
  all.push_back({"Det", {{2, 3, 3}}, node("Det", {"a"}, {"y"}), {}, -2, 2, 0.03});
  all.push_back({"Round", {{2, 5}}, node("Round", {"a"}, {"y"})});
  all.push_back({"Floor", {{2, 5}}, node("Floor", {"a"}, {"y"})});
  all.push_back({"IntegerDiv", {{8}, {8}}, node("Div", {"a", "b"}, {"y"}), {}, 1, 50, 0, DType::i32});
  all.push_back({"Mod", {{8}, {8}}, node("Mod", {"a", "b"}, {"y"}), {}, 1, 50, 0, DType::i32});
  all.push_back({"CastToInt", {{8}}, node("Cast", {"a"}, {"y"}, {{"to", integer(7)}})});
  all.push_back({"CastNarrow", {{8}}, node("Cast", {"a"}, {"y"}, {{"to", integer(3)}}), {}, -600, 600, 0, DType::i32});
  return all;
}

class FoldAgainstCircuit : public ::testing::TestWithParam<std::size_t> {};

/// Multiples of 1/64 are exact at the scale used here, so only the operators themselves round.
std::map<std::string, FloatTensor> random_inputs(const Case& c) {
  std::mt19937 random(11);
  std::map<std::string, FloatTensor> tensors;
  char name = 'a';
  for (const Shape& shape : c.inputs) {
    FloatTensor tensor{c.type, shape, {}};
    const double step = is_float(c.type) ? 1.0 / 64 : 1;
    const auto count = static_cast<unsigned>((c.high - c.low) / step);
    for (std::size_t i = 0; i < volume(shape); ++i) tensor.data.push_back(c.low + step * (random() % (count + 1)));
    tensors[std::string(1, name++)] = std::move(tensor);
  }
  return tensors;
}

TEST_P(FoldAgainstCircuit, Agree) {
  const Case c = cases()[GetParam()];
  const std::map<std::string, FloatTensor> tensors = random_inputs(c);
  RunArgs args;
  args.input_scale = args.param_scale = 11;
  args.decomp_legs = 4;
  args.lookup_range = {-1 << 18, 1 << 18};

  ModelDef folded = testing::model({}, {c.operation}, c.initializers);
  folded.opsets[""] = 20;
  if (c.name == "Attention" || c.name == "RMSNormalization") folded.opsets[""] = 23;
  if (c.name == "Swish") folded.opsets[""] = 24;
  if (c.name == "GroupNormalization") folded.opsets[""] = 21;
  ModelDef computed = folded;
  for (const auto& [name, tensor] : tensors) {
    folded.graph.initializers[name] = tensor;
    computed.graph.inputs.push_back(value(name, {tensor.shape.begin(), tensor.shape.end()}, tensor.type));
  }
  const Graph constant = build_graph(folded, args);
  const Node& want = constant.nodes[constant.outputs[0]];
  ASSERT_EQ(want.op.kind, "Constant");

  const Graph graph = build_graph(computed, args);
  std::vector<claims::Values> inputs;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const Node& input = graph.nodes[graph.inputs[i]];
    inputs.emplace_back();
    for (const double v : tensors.at(input.name).data)
      inputs.back().push_back(quantize_input(v, input.type, input.scale));
  }
  const claims::Record record = ezkl::record(graph, args);
  claims::Evaluation evaluation(record, inputs);
  evaluation.run();
  const Node& got = graph.nodes[graph.outputs[0]];
  EXPECT_EQ(got.shape, want.shape);
  const claims::Values values = evaluation.outputs().at(0);
  ASSERT_EQ(values.size(), want.constant->floats.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = want.constant->floats[i];
    EXPECT_NEAR(dequantize(values[i], got.scale), expected, c.tolerance * (1 + std::fabs(expected))) << "element " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, FoldAgainstCircuit, ::testing::Range<std::size_t>(0, cases().size()),
                         [](const auto& parameter) {
                           return cases()[parameter.param].name + "_" + std::to_string(parameter.param);
                         });

}  // namespace
}  // namespace ezkl
