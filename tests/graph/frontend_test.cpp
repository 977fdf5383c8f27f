// From node definitions to a quantized graph: dimensions, control flow, functions, and what is said when it fails.
#include <gtest/gtest.h>

#include <algorithm>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/frontend/converter.hpp"
#include "graph/input_variables.hpp"
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
using testing::subgraph;
using testing::value;

std::string message_of(const ModelDef& m, Fault fault, RunArgs args = {}) {
  try {
    build_graph(m, args);
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), fault) << e.what();
    return e.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

std::size_t count(const Graph& graph, const std::string& kind) {
  return static_cast<std::size_t>(
      std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& n) { return n.op.kind == kind; }));
}

const Node& output(const Graph& graph) { return graph.nodes[graph.outputs.at(0)]; }

/// Output integers of a model for given input integers.
claims::Values run(const ModelDef& m, const std::vector<claims::Values>& inputs) {
  const RunArgs args;
  const claims::Record record = ezkl::record(build_graph(m, args), args);
  claims::Evaluation evaluation(record, inputs, {true, true});
  evaluation.run();
  return evaluation.outputs()[0];
}

TEST(FrontEnd, NarrowIntegersWrap) {
  for (const auto& [op, want] :
       std::map<std::string, claims::Values>{{"Add", {44, 255, 0}}, {"Sub", {100, 255, 0}}, {"Mul", {32, 0, 0}}}) {
    const ModelDef unsigned_bytes =
        model({value("a", {3}, DType::u8), value("b", {3}, DType::u8)}, {node(op, {"a", "b"}, {"y"})});
    EXPECT_EQ(run(unsigned_bytes, {{200, 0, 0}, {100, op == "Add" ? 255 : 1, 0}}), want) << op;
  }
  const ModelDef signed_bytes =
      model({value("a", {2}, DType::i8), value("b", {2}, DType::i8)}, {node("Add", {"a", "b"}, {"y"})});
  EXPECT_EQ(run(signed_bytes, {{100, -100}, {100, -100}}), (claims::Values{-56, 56}));
}

TEST(FrontEnd, BitCastsBetweenIntegersKeepTheBits) {
  const auto cast = [](DType from, std::int64_t to) {
    return model({value("x", {3}, from)}, {node("BitCast", {"x"}, {"y"}, {{"to", integer(to)}})});
  };
  EXPECT_EQ(run(cast(DType::i8, 2), {{-1, 5, -128}}), (claims::Values{255, 5, 128}));
  EXPECT_EQ(run(cast(DType::u16, 5), {{65535, 5, 32768}}), (claims::Values{-1, 5, -32768}));
  message_of(cast(DType::i8, 5), Fault::format);
  EXPECT_NE(message_of(cast(DType::f32, 6), Fault::unsupported).find("use Cast"), std::string::npos);
}

TEST(FrontEnd, AComputedAxisChoosesAmongAllOfThem) {
  const ModelDef m =
      model({value("x", {2, 3}, DType::i64), value("axis", {}, DType::i64)}, {node("CumSum", {"x", "axis"}, {"y"})});
  const claims::Values x{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(run(m, {x, {0}}), (claims::Values{1, 2, 3, 5, 7, 9}));
  EXPECT_EQ(run(m, {x, {1}}), (claims::Values{1, 3, 6, 4, 9, 15}));
  EXPECT_EQ(run(m, {x, {-1}}), (claims::Values{1, 3, 6, 4, 9, 15}));
}

TEST(FrontEnd, AScanBeforeOpsetNineGoesOverABatch) {
  GraphDef body;
  body.inputs = {value("sum_in", {2}), value("next", {2})};
  body.nodes = {node("Add", {"sum_in", "next"}, {"sum_out"}), node("Identity", {"sum_out"}, {"seen"})};
  body.outputs = {value("sum_out", {2}), value("seen", {2})};
  ModelDef m = model(
      {value("start", {2, 2}), value("x", {2, 3, 2})},
      {node("Scan", {"", "start", "x"}, {"last", "y"}, {{"body", subgraph(body)}, {"num_scan_inputs", integer(1)}})});
  m.opsets[""] = 8;
  EXPECT_EQ(run(m, {{0, 0, 10, 10}, {1, 2, 3, 4, 5, 6, 1, 1, 1, 1, 1, 1}}),
            (claims::Values{1, 2, 4, 6, 9, 12, 11, 11, 12, 12, 13, 13}));
}

TEST(FrontEnd, UnnamedDimensionsTakeTheBatchSize) {
  RunArgs args;
  args.variables = {{"batch_size", 3}};
  const Graph graph = build_graph(model({value("x", {-1, 4})}, {node("Relu", {"x"}, {"y"})}), args);
  EXPECT_EQ(output(graph).shape, (Shape{3, 4}));
}

TEST(FrontEnd, ALeadingDimensionNamedAfterABatchTakesItsSize) {
  RunArgs args;
  args.variables = {{"batch_size", 3}};
  for (const char* name : {"batch", "N", "dynamic_batch"}) {
    ModelDef m = model({value("x", {-1, 4})}, {node("Relu", {"x"}, {"y"})});
    m.graph.inputs[0].shape[0].name = name;
    EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{3, 4})) << name;
    args.variables.emplace_back(name, 5);
    EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{5, 4})) << name;
  }
  ModelDef m = model({value("x", {4, -1})}, {node("Relu", {"x"}, {"y"})});
  m.graph.inputs[0].shape[1].name = "second_batch";
  message_of(m, Fault::usage);
}

TEST(FrontEnd, OtherUnnamedDimensionsAreAskedFor) {
  const ModelDef m = model({value("x", {-1, -1})}, {node("Relu", {"x"}, {"y"})});
  const std::string message = message_of(m, Fault::format);
  EXPECT_NE(message.find("input 'x': axis 1 is a dimension without a name"), std::string::npos) << message;
  EXPECT_NE(message.find("input_shape 'x=1,5'"), std::string::npos) << message;
  const std::string three = message_of(model({value("x", {-1, 3, -1})}, {node("Relu", {"x"}, {"y"})}), Fault::format);
  EXPECT_NE(three.find("input_shape 'x=1,3,5'"), std::string::npos) << three;
  RunArgs args;
  args.variables.emplace_back("x.1", 5);
  EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{1, 5}));
  args.variables.emplace_back("x.0", 2);
  EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{2, 5}));
}

TEST(FrontEnd, AxesOfOneNameCanDiffer) {
  ModelDef m = model({value("x", {-1, -1})}, {node("Relu", {"x"}, {"y"})});
  m.graph.inputs[0].shape[0].name = m.graph.inputs[0].shape[1].name = "d";
  RunArgs args;
  args.variables = {{"d", 2}, {"x.1", 7}};
  EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{2, 7}));
}

TEST(FrontEnd, AnInputCanBeAConstant) {
  GraphDef first, second;
  first.nodes = {node("Neg", {"x"}, {"r"})};
  second.nodes = {node("Concat", {"x", "x"}, {"r"}, {{"axis", integer(0)}})};
  first.outputs = second.outputs = {value("r", {})};
  const ModelDef m =
      model({value("x", {2}), value("rate", {}, DType::i64)},
            {node("Equal", {"rate", "c"}, {"is"}),
             node("If", {"is"}, {"y"}, {{"then_branch", subgraph(first)}, {"else_branch", subgraph(second)}})},
            {{"c", {DType::i64, {}, {16000}}}});
  EXPECT_NE(message_of(m, Fault::unsupported).find("say so with constant NAME=VALUE"), std::string::npos);
  RunArgs args;
  args.variables.emplace_back(constant_variable("rate"), 16000);
  EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{2}));
  EXPECT_EQ(build_graph(m, args).inputs.size(), 1u);
  args.variables.back().second = 8000;
  EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{4}));
}

TEST(FrontEnd, AnUndeterminedDimensionNamesItsSymbolAndTheParameter) {
  ModelDef m = model({value("x", {-1, 4})}, {node("Relu", {"x"}, {"y"})});
  m.graph.inputs[0].shape[0].name = "tokens";
  const std::string message = message_of(m, Fault::usage);
  EXPECT_NE(message.find("'tokens'"), std::string::npos) << message;
  EXPECT_NE(message.find("variables"), std::string::npos) << message;
  RunArgs args;
  args.variables.emplace_back("tokens", 2);
  EXPECT_EQ(output(build_graph(m, args)).shape, (Shape{2, 4}));
}

TEST(FrontEnd, AllUnsupportedNodesAreInOneError) {
  const ModelDef m = model({value("x", {4})}, {node("Frobnicate", {"x"}, {"a"}), node("Relu", {"a"}, {"b"}),
                                               node("Blend", {"x"}, {"c"}), node("Add", {"b", "c"}, {"y"})});
  const std::string message = message_of(m, Fault::unsupported);
  EXPECT_NE(message.find("2 nodes are not supported"), std::string::npos) << message;
  EXPECT_NE(message.find("node 'a' (Frobnicate, opset 17)"), std::string::npos) << message;
  EXPECT_NE(message.find("node 'c' (Blend, opset 17)"), std::string::npos) << message;
}

TEST(FrontEnd, NodesThatNoOutputNeedsAreNotConverted) {
  const Graph graph =
      build_graph(model({value("x", {4})}, {node("Frobnicate", {"x"}, {"a"}), node("Relu", {"x"}, {"y"})}), RunArgs());
  EXPECT_EQ(graph.nodes.size(), 2u);
}

TEST(FrontEnd, ShapeArithmeticFolds) {
  const ModelDef m =
      model({value("x", {2, 3, 4})},
            {node("Shape", {"x"}, {"s"}), node("Gather", {"s", "zero"}, {"n"}, {{"axis", integer(0)}}),
             node("Concat", {"n", "rest"}, {"to"}, {{"axis", integer(0)}}), node("Reshape", {"x", "to"}, {"y"})},
            {{"zero", numbers({0})}, {"rest", numbers({-1})}});
  const Graph graph = build_graph(m, RunArgs());
  EXPECT_EQ(output(graph).shape, (Shape{2, 12}));
  EXPECT_EQ(graph.nodes.size(), 2u) << to_string(graph);
}

TEST(FrontEnd, ScalarsHaveOneAxisInTheEnd) {
  const Graph graph = build_graph(
      model({value("x", {2, 3})}, {node("ReduceMax", {"x"}, {"y"}, {{"keepdims", integer(0)}})}), RunArgs());
  EXPECT_EQ(output(graph).shape, (Shape{1}));
}

GraphDef branch(const std::string& op_type) {
  GraphDef graph;
  graph.nodes = {node(op_type, {"x"}, {"r"})};
  graph.outputs = {value("r", {})};
  return graph;
}

TEST(FrontEnd, IfWithAConstantConditionTakesOneBranch) {
  ModelDef m = model(
      {value("x", {4})},
      {node("If", {"c"}, {"y"}, {{"then_branch", subgraph(branch("Neg"))}, {"else_branch", subgraph(branch("Abs"))}})},
      {{"c", {DType::boolean, {}, {0}}}});
  const Graph graph = build_graph(m, RunArgs());
  EXPECT_EQ(count(graph, "Abs"), 1u);
  EXPECT_EQ(count(graph, "Neg"), 0u);
}

TEST(FrontEnd, IfWithAComputedConditionSelects) {
  ModelDef m = model(
      {value("x", {4}), value("c", {}, DType::boolean)},
      {node("If", {"c"}, {"y"}, {{"then_branch", subgraph(branch("Neg"))}, {"else_branch", subgraph(branch("Abs"))}})});
  const Graph graph = build_graph(m, RunArgs());
  EXPECT_EQ(count(graph, "Iff"), 1u);
  EXPECT_EQ(output(graph).shape, (Shape{4}));
}

TEST(FrontEnd, LoopsAreUnrolled) {
  GraphDef body;
  body.inputs = {value("i", {}), value("go", {}), value("v", {})};
  body.nodes = {node("Add", {"v", "x"}, {"w"}), node("Identity", {"go"}, {"still"}), node("Neg", {"w"}, {"collected"})};
  body.outputs = {value("still", {}), value("w", {}), value("collected", {})};
  ModelDef m = model({value("x", {4})}, {node("Loop", {"n", "", "x"}, {"last", "y"}, {{"body", subgraph(body)}})},
                     {{"n", {DType::i64, {}, {3}}}});
  const Graph graph = build_graph(m, RunArgs());
  EXPECT_EQ(count(graph, "Add"), 3u);
  EXPECT_EQ(output(graph).shape, (Shape{3, 4}));
}

TEST(FrontEnd, ALoopWhoseLengthIsComputedIsRefused) {
  GraphDef body;
  body.inputs = {value("i", {}), value("go", {}), value("v", {})};
  body.nodes = {node("Less", {"v", "limit"}, {"still"}), node("Identity", {"v"}, {"w"})};
  body.outputs = {value("still", {}), value("w", {})};
  ModelDef m = model({value("x", {1})}, {node("Loop", {"", "t", "x"}, {"y"}, {{"body", subgraph(body)}})},
                     {{"limit", floats({1}, {5})}, {"t", {DType::boolean, {}, {1}}}});
  EXPECT_NE(message_of(m, Fault::unsupported).find("depends on the data"), std::string::npos);
}

TEST(FrontEnd, FunctionsOfTheModelAreInlinedWithTheirAttributes) {
  FunctionDef function;
  function.name = "Sloped";
  function.domain = "local";
  function.inputs = {"a"};
  function.outputs = {"b"};
  function.attributes = {"slope"};
  AttributeDef alpha;
  alpha.type = AttributeDef::Type::real;
  alpha.reference = "slope";
  function.nodes = {node("LeakyRelu", {"a"}, {"b"}, {{"alpha", alpha}})};
  function.opsets[""] = 17;
  ModelDef m = model({value("x", {4})}, {node("Sloped", {"x"}, {"y"}, {{"slope", testing::real(0.5)}})});
  m.graph.nodes[0].domain = "local";
  m.functions.push_back(function);
  const Graph graph = build_graph(m, RunArgs());
  ASSERT_EQ(count(graph, "LeakyReLU"), 1u);
  EXPECT_EQ(output(graph).op.real("slope"), 0.5);
}

TEST(FrontEnd, FunctionsAreFoundByDomainAndName) {
  ModelDef m = model({value("x", {4})}, {node("Same", {"x"}, {"a"}), node("Same", {"a"}, {"y"})});
  m.graph.nodes[0].domain = "one";
  m.graph.nodes[1].domain = "two";
  for (const auto& [domain, op] : {std::pair("one", "Abs"), std::pair("two", "Neg"), std::pair("three", "Relu")}) {
    FunctionDef function;
    function.name = "Same";
    function.domain = domain;
    function.inputs = {"v"};
    function.outputs = {"w"};
    function.nodes = {node(op, {"v"}, {"w"})};
    m.functions.push_back(function);
  }
  const Graph graph = build_graph(m, RunArgs());
  EXPECT_EQ(count(graph, "Abs"), 1u);
  EXPECT_EQ(output(graph).op.kind, "Neg");
}

TEST(FrontEnd, AFunctionThatCallsItselfIsRefused) {
  FunctionDef function;
  function.name = "Again";
  function.inputs = {"a"};
  function.outputs = {"b"};
  function.nodes = {node("Again", {"a"}, {"b"})};
  ModelDef m = model({value("x", {4})}, {node("Again", {"x"}, {"y"})});
  m.functions.push_back(function);
  EXPECT_NE(message_of(m, Fault::format).find("without end"), std::string::npos);
}

TEST(FrontEnd, ANameThatNothingDefinesIsNamed) {
  const ModelDef m = model({value("x", {4})}, {node("Add", {"x", "ghost"}, {"y"})});
  EXPECT_NE(message_of(m, Fault::format).find("'ghost'"), std::string::npos);
}

TEST(FrontEnd, OperatorsThatOnnxDefinesByOthersAreExpanded) {
  const Graph graph =
      build_graph(model({value("x", {1, 2, 2, 2})}, {node("MeanVarianceNormalization", {"x"}, {"y"})}), RunArgs());
  EXPECT_EQ(output(graph).shape, (Shape{1, 2, 2, 2}));
}

TEST(FrontEnd, ReshapeChecksItsExtents) {
  const auto reshaped = [](std::vector<double> to) {
    return model({value("x", {2, 6})}, {node("Reshape", {"x", "to"}, {"y"})}, {{"to", numbers(std::move(to))}});
  };
  EXPECT_EQ(output(build_graph(reshaped({0, 2, -1}), RunArgs())).shape, (Shape{2, 2, 3}));
  message_of(reshaped({-1, -1}), Fault::format);
  message_of(reshaped({5, -1}), Fault::format);
  message_of(reshaped({-2, 6}), Fault::format);
}

TEST(FrontEnd, SliceFollowsOnnxAtItsEdges) {
  const auto sliced = [](double start, double end, double step) {
    return model({value("x", {5})}, {node("Slice", {"x", "s", "e", "a", "t"}, {"y"})},
                 {{"s", numbers({start})}, {"e", numbers({end})}, {"a", numbers({0})}, {"t", numbers({step})}});
  };
  EXPECT_EQ(output(build_graph(sliced(-3, 0x1p63, 1), RunArgs())).shape, (Shape{3}));
  EXPECT_EQ(output(build_graph(sliced(4, -0x1p63, -2), RunArgs())).shape, (Shape{3}));
  message_of(sliced(0, 5, 0), Fault::format);
}

TEST(Record, TreesAreNotLeftOutOfAHash) {
  // One comparison at 0.5, leaves of 1 and 2.
  NodeDef n = node("TreeEnsemble", {"x"}, {"y"});
  n.domain = "ai.onnx.ml";
  const auto doubles = [](std::vector<double> v) { return testing::tensor(floats({v.size()}, v)); };
  n.attributes["nodes_featureids"] = integers({0});
  n.attributes["nodes_modes"] = doubles({0});
  n.attributes["nodes_splits"] = doubles({0.5});
  n.attributes["nodes_truenodeids"] = integers({0});
  n.attributes["nodes_trueleafs"] = integers({1});
  n.attributes["nodes_falsenodeids"] = integers({1});
  n.attributes["nodes_falseleafs"] = integers({1});
  n.attributes["leaf_targetids"] = integers({0, 0});
  n.attributes["leaf_weights"] = doubles({1, 2});
  n.attributes["tree_roots"] = integers({0});
  n.attributes["n_targets"] = integer(1);
  ModelDef m = model({value("x", {1, 1})}, {n});
  m.opsets["ai.onnx.ml"] = 5;
  RunArgs args;
  const Graph graph = build_graph(m, args);
  using Kind = Visibility::Kind;
  for (const Kind kind : {Kind::private_, Kind::fixed}) {
    args.param_visibility = {kind, {}};
    EXPECT_NO_THROW(ezkl::record(graph, args));
  }
  for (const Visibility& hidden :
       {Visibility{Kind::hashed_public, {}}, {Kind::hashed_private, {0}}, {Kind::polycommit, {}}}) {
    args.param_visibility = hidden;
    try {
      ezkl::record(graph, args);
      ADD_FAILURE() << "a hash that leaves the trees out";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::unsupported);
      EXPECT_NE(std::string(e.what()).find("(TreeEnsemble): the thresholds"), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace ezkl
