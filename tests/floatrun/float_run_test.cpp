#include "floatrun/float_run.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "case_file.hpp"
#include "ezkl/error.hpp"
#include "graph/frontend/converter.hpp"

namespace ezkl::testing {
namespace {

using floatrun::Ints;
using floatrun::NamedTensors;
using floatrun::Tensor;
using floatrun::TensorPtr;

TensorPtr reals(Shape shape, std::vector<double> values, DType type = DType::f32) {
  Tensor out;
  out.type = type;
  out.shape = std::move(shape);
  out.reals() = std::move(values);
  return std::make_shared<const Tensor>(std::move(out));
}

TensorPtr ints(DType type, Shape shape, Ints values) {
  Tensor out;
  out.type = type;
  out.shape = std::move(shape);
  out.ints() = std::move(values);
  return std::make_shared<const Tensor>(std::move(out));
}

AttributeDef integer(std::int64_t value) {
  AttributeDef a;
  a.i = value;
  return a;
}

AttributeDef subgraph(GraphDef graph) {
  AttributeDef a;
  a.type = AttributeDef::Type::graph;
  a.graphs.push_back(std::make_shared<GraphDef>(std::move(graph)));
  return a;
}

NodeDef node(const std::string& op, std::vector<std::string> inputs, std::vector<std::string> outputs,
             std::map<std::string, AttributeDef> attributes = {}) {
  return {"the " + op, op, "", std::move(inputs), std::move(outputs), std::move(attributes)};
}

std::vector<ValueDef> values(const std::vector<std::string>& names) {
  std::vector<ValueDef> out;
  for (const std::string& name : names) out.push_back({name, DType::f32, {}});
  return out;
}

GraphDef graph(std::vector<NodeDef> nodes, const std::vector<std::string>& inputs,
               const std::vector<std::string>& outputs) {
  return {"g", std::move(nodes), values(inputs), values(outputs), {}};
}

ModelDef model(std::vector<NodeDef> nodes, const std::vector<std::string>& inputs,
               const std::vector<std::string>& outputs, std::int64_t opset = 20) {
  ModelDef out;
  out.opsets = {{"", opset}};
  out.graph = graph(std::move(nodes), inputs, outputs);
  return out;
}

/// The message of the error, or nothing.
std::string refusal(const ModelDef& m, const NamedTensors& inputs, const floatrun::Budget& budget = {}) {
  try {
    floatrun::run(m, inputs, budget);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(FloatRun, NodeTestsOfOnnx) {
  const std::vector<FloatCase> cases = read_case_file(std::string(EZKL_TEST_DATA) + "/floatrun/node_tests.bin");
  EXPECT_GT(cases.size(), 250u);
  for (const FloatCase& test : cases) {
    SCOPED_TRACE(test.name);
    const std::vector<TensorPtr> got = floatrun::run(test.model, test.inputs);
    ASSERT_EQ(got.size(), test.expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(difference(*got[i], test.expected[i], 2e-4), "") << "output " << i;
    }
  }
}

TEST(FloatRun, HasEveryOperatorThatTheCircuitHas) {
  for (const ConverterEntry* entry : all_converters()) {
    EXPECT_TRUE(floatrun::has_kernel(std::string(entry->domain), std::string(entry->op_type))) << entry->op_type;
  }
}

TEST(FloatRun, ComputesInTheElementType) {
  const ModelDef sum = model({node("Add", {"a", "b"}, {"y"})}, {"a", "b"}, {"y"});
  // 2^24 + 1 is no float of 32 bits.
  EXPECT_EQ(floatrun::run(sum, {{"a", reals({1}, {0x1p24})}, {"b", reals({1}, {1})}})[0]->reals()[0], 0x1p24);
  EXPECT_EQ(
      floatrun::run(sum, {{"a", reals({1}, {0x1p24}, DType::f64)}, {"b", reals({1}, {1}, DType::f64)}})[0]->reals()[0],
      0x1p24 + 1);
  EXPECT_EQ(floatrun::run(sum, {{"a", ints(DType::i8, {1}, {127})}, {"b", ints(DType::i8, {1}, {1})}})[0]->ints()[0],
            -128);
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(
      floatrun::run(sum, {{"a", ints(DType::i64, {1}, {most - 1})}, {"b", ints(DType::i64, {1}, {1})}})[0]->ints()[0],
      most);
  EXPECT_NE(refusal(sum, {{"a", reals({1}, {1})}, {"b", ints(DType::i32, {1}, {1})}}), "");
  const ModelDef quotient = model({node("Div", {"a", "b"}, {"y"})}, {"a", "b"}, {"y"});
  EXPECT_EQ(
      floatrun::run(quotient, {{"a", ints(DType::i32, {1}, {-7})}, {"b", ints(DType::i32, {1}, {2})}})[0]->ints()[0],
      -3);
  EXPECT_NE(refusal(quotient, {{"a", ints(DType::i32, {1}, {1})}, {"b", ints(DType::i32, {1}, {0})}}).find("the Div"),
            std::string::npos);
}

TEST(FloatRun, KeepsNanAndInfinity) {
  const ModelDef log = model({node("Log", {"x"}, {"l"}), node("IsNaN", {"l"}, {"n"}), node("IsInf", {"l"}, {"i"})},
                             {"x"}, {"l", "n", "i"});
  const auto got = floatrun::run(log, {{"x", reals({3}, {-1, 0, 1})}});
  EXPECT_TRUE(std::isnan(got[0]->reals()[0]));
  EXPECT_EQ(got[0]->reals()[1], -INFINITY);
  EXPECT_EQ(got[1]->ints(), (Ints{1, 0, 0}));
  EXPECT_EQ(got[2]->ints(), (Ints{0, 1, 0}));
}

/// Doubles x until it is 100 or more: how often depends on the data.
ModelDef doubling() {
  GraphDef body = graph({node("Add", {"x", "x"}, {"twice"}), node("Less", {"twice", "limit"}, {"on"})}, {"i", "c", "x"},
                        {"on", "twice", "twice"});
  ModelDef m = model({node("Loop", {"", "go", "start"}, {"end", "all"}, {{"body", subgraph(std::move(body))}})},
                     {"start", "go"}, {"end", "all"});
  m.graph.initializers["limit"] = {DType::f32, {}, {100}};
  return m;
}

TEST(FloatRun, LoopsAsOftenAsTheDataSay) {
  const TensorPtr go = ints(DType::boolean, {}, {1});
  const auto got = floatrun::run(doubling(), {{"start", reals({}, {3})}, {"go", go}});
  EXPECT_EQ(got[0]->reals(), std::vector<double>{192});
  EXPECT_EQ(got[1]->reals().size(), 6u);
}

TEST(FloatRun, EndsWithItsBudget) {
  // 0 doubled never reaches 100.
  const NamedTensors endless{{"start", reals({}, {0})}, {"go", ints(DType::boolean, {}, {1})}};
  EXPECT_NE(refusal(doubling(), endless, {1000000, 1000}).find("1000000 steps"), std::string::npos);
  const ModelDef wide = model({node("Expand", {"x", "s"}, {"y"})}, {"x", "s"}, {"y"});
  const NamedTensors huge{{"x", reals({1}, {1})}, {"s", ints(DType::i64, {2}, {1 << 20, 1 << 19})}};
  EXPECT_NE(refusal(wide, huge).find("at a time"), std::string::npos);
}

TEST(FloatRun, FunctionsTakeAttributesOfTheirCall) {
  ModelDef m = model({}, {"x"}, {"y"});
  m.graph.nodes.push_back({"call", "Shrunk", "own", {"x"}, {"y"}, {{"slope", {}}}});
  m.graph.nodes[0].attributes["slope"].type = AttributeDef::Type::real;
  m.graph.nodes[0].attributes["slope"].f = 0.25;
  FunctionDef f;
  f.name = "Shrunk";
  f.domain = "own";
  f.inputs = {"a"};
  f.outputs = {"b"};
  AttributeDef reference;
  reference.type = AttributeDef::Type::real;
  reference.reference = "slope";
  f.nodes = {node("LeakyRelu", {"a"}, {"b"}, {{"alpha", reference}})};
  m.functions.push_back(f);
  EXPECT_EQ(floatrun::run(m, {{"x", reals({1}, {-8})}})[0]->reals()[0], -2);
}

TEST(FloatRun, FunctionsThatCallThemselvesEnd) {
  ModelDef m = model({}, {"x"}, {"y"});
  m.graph.nodes.push_back({"call", "F", "own", {"x"}, {"y"}, {}});
  FunctionDef f;
  f.name = "F";
  f.domain = "own";
  f.inputs = {"a"};
  f.outputs = {"b"};
  f.nodes = {{"inner", "F", "own", {"a"}, {"b"}, {}}};
  m.functions.push_back(f);
  EXPECT_NE(refusal(m, {{"x", reals({1}, {1})}}).find("without end"), std::string::npos);
}

TEST(FloatRun, NamesTheNodeThatItDoesNotKnow) {
  const std::string said = refusal(model({node("Frobnicate", {"x"}, {"y"})}, {"x"}, {"y"}), {{"x", reals({1}, {1})}});
  EXPECT_NE(said.find("the Frobnicate"), std::string::npos) << said;
}

TEST(FloatRun, ObservesTheNodesOfTheModel) {
  std::vector<std::string> seen;
  const ModelDef m =
      model({node("Neg", {"x"}, {"a"}), node("Abs", {"a"}, {"b"}), node("Exp", {"x"}, {"unread"})}, {"x"}, {"b"});
  floatrun::run(m, {{"x", reals({1}, {1})}}, {},
                [&](const NodeDef&, const std::string& name, const Tensor&) { seen.push_back(name); });
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b"}));
}

TEST(FloatRun, BrokenNodesEndWithAnError) {
  const TensorPtr x = reals({2, 2}, {1, 2, 3, 4});
  const std::vector<NodeDef> broken{
      node("Gather", {"x", "far"}, {"y"}),
      node("Transpose", {"x"}, {"y"}, {{"perm", integer(1)}}),
      node("Softmax", {"x"}, {"y"}, {{"axis", integer(2)}}),
      node("Conv", {"x", "x"}, {"y"}),
      node("MatMul", {"x", "far"}, {"y"}),
      node("Reshape", {"x", "far"}, {"y"}),
      node("Slice", {"x", "far", "far", "far", "far"}, {"y"}),
      node("Pad", {"x", "far"}, {"y"}),
      node("LSTM", {"x", "x", "x"}, {"y"}),
      node("Squeeze", {"x", "far"}, {"y"}),
      node("Add", {"x"}, {"y"}),
      node("Loop", {"far", "", "x"}, {"y"}),
      node("TopK", {"x", "far"}, {"y"}),
      node("GatherND", {"x", "far"}, {"y"}),
      node("ScatterND", {"x", "far", "x"}, {"y"}),
      node("Einsum", {"x"}, {"y"}),
      node("Resize", {"x", "", "x"}, {"y"}),
      node("QuantizeLinear", {"x", "far"}, {"y"}),
  };
  for (const NodeDef& n : broken) {
    const std::string said =
        refusal(model({n}, {"x", "far"}, {"y"}), {{"x", x}, {"far", ints(DType::i64, {1}, {1LL << 62})}});
    EXPECT_NE(said, "") << n.op_type;
    EXPECT_NE(said.find(n.name), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace ezkl::testing
