// Field elements in a graph: hashes that take their inputs' place, and inputs whose check is waived. What is exact on
// them is computed modulo the prime, all else is refused by the node's name.
#include <gtest/gtest.h>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/field_inputs.hpp"
#include "graph/record.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using claims::Felts;
using claims::Inputs;
using claims::Values;
using testing::floats;
using testing::integer;
using testing::integers;
using testing::model;
using testing::node;
using testing::numbers;
using testing::value;

// Hashes of 11, 22, 33 and 44, of 34, and the product of that one's differences from the four, worked out by another
// program.
const Felts members{Fr::from_hex("0x1651738f488f3e4ef41432eda6af57fcb56145f949e9d7a236b086c8c922b088"),
                    Fr::from_hex("0x0fbdd8fd7adb75d3c7a73519780942f6c9869a993e0e896acd543a0185644b00"),
                    Fr::from_hex("0x0958557a67afe240f3997baf42bd2828d0cd485a7714e7b76a826aaca305fceb"),
                    Fr::from_hex("0x26b9e59b857407fa799af9a92ef575d7628788b2d9b7a07cd53b44a8de2581d3")};
const Fr hash_of_34 = Fr::from_hex("0x1c78f0a9906e7e8011bcee53576d7e35e5a43314688f8c20122381d6bf722c6a");
const Fr product_of_34 = Fr::from_hex("0x0f8f0d01ff25a73077b03f6b4306d85d132179501c029989324c8d401f42ea54");

/// Whole numbers, and inputs and outputs that nothing checks.
RunArgs unchecked() {
  RunArgs args;
  args.input_scale = args.param_scale = 0;
  args.ignore_range_check_inputs_outputs = true;
  return args;
}

RunArgs hashing(RunArgs args = unchecked()) {
  args.input_visibility = {Visibility::Kind::hashed_private, {0}};
  return args;
}

std::vector<Felts> run(const ModelDef& m, const RunArgs& args, const Inputs& inputs) {
  const claims::Record record = ezkl::record(build_graph(m, args), args);
  claims::Evaluation evaluation(record, inputs);
  evaluation.run();
  return evaluation.output_felts();
}

/// What is said of a model that cannot be recorded, or of inputs that it cannot be run on.
std::string refusal(const ModelDef& m, const RunArgs& args, const Inputs& inputs = {}) {
  try {
    if (inputs.size() == 0) {
      ezkl::record(build_graph(m, args), args);
    } else {
      run(m, args, inputs);
    }
  } catch (const Error& e) {
    EXPECT_TRUE(e.fault() == Fault::unsupported || e.fault() == Fault::range) << e.what();
    return e.what();
  }
  return "no error";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Inputs one_and_set(Int128 x) {
  Inputs out;
  out.add(Values{x});
  out.add(members);
  return out;
}

ModelDef membership() {
  return model({value("x", {1, 1}), value("s", {1, 4})},
               {node("Sub", {"x", "s"}, {"d"}), node("ReduceProd", {"d"}, {"y"}, {{"axes", integers({1})}})});
}

TEST(FieldElements, TheProductOfAHashsDifferencesFromASetIsZeroForMembers) {
  for (const Int128 x : {11, 22, 33, 44}) EXPECT_EQ(run(membership(), hashing(), one_and_set(x))[0], Felts{Fr::zero()});
  EXPECT_EQ(run(membership(), hashing(), one_and_set(34))[0], Felts{product_of_34});
}

TEST(FieldElements, ComparedForEqualityNothingNeedsToBeWaived) {
  // The set is a constant here of the model only in so far as small numbers are: no hash is one.
  RunArgs args = hashing();
  args.ignore_range_check_inputs_outputs = false;
  const ModelDef m = model({value("x", {1, 1})}, {node("Equal", {"x", "c"}, {"y"})}, {{"c", floats({1, 1}, {33})}});
  Inputs x;
  x.add(Values{33});
  EXPECT_EQ(run(m, args, x)[0], Felts{Fr::zero()}) << "the hash of 33 is not 33";
  const std::string shown = refusal(model({value("x", {1, 1})}, {node("Add", {"x", "x"}, {"y"})}), args);
  EXPECT_TRUE(says(shown, "output 'y' holds field elements") && says(shown, "ignore_range_check_inputs_outputs"))
      << shown;
}

TEST(FieldElements, WhereChoosesBetweenThem) {
  const ModelDef m = model({value("x", {1, 1}), value("s", {1, 4})},
                           {node("Equal", {"x", "s"}, {"is"}), node("Where", {"is", "x", "s"}, {"y"})});
  EXPECT_EQ(run(m, hashing(), one_and_set(22))[0], members);
  const ModelDef other =
      model({value("x", {1, 1}), value("s", {1, 4})},
            {node("Equal", {"x", "s"}, {"is"}), node("Neg", {"s"}, {"n"}), node("Where", {"is", "n", "x"}, {"y"})});
  const Fr hash = members[1];
  EXPECT_EQ(run(other, hashing(), one_and_set(22))[0], (Felts{hash, -hash, hash, hash}));
}

TEST(FieldElements, AnInputThatNothingChecksMayHoldThem) {
  const ModelDef m = model({value("u", {1, 4}), value("b", {1, 4})},
                           {node("ReduceSum", {"b"}, {"total"}), node("Mul", {"u", "zero"}, {"nothing"}),
                            node("Add", {"total", "nothing"}, {"sums"}), node("Less", {"sums", "limit"}, {"y"})},
                           {{"zero", floats({1}, {0})}, {"limit", floats({1}, {100})}});
  const auto solvent = [&](const Values& balances) {
    Inputs inputs;
    inputs.add(members);
    inputs.add(balances);
    return run(m, unchecked(), inputs)[0][0];
  };
  EXPECT_EQ(solvent({10, 20, 30, 39}), Fr::one());
  EXPECT_EQ(solvent({10, 20, 30, 40}), Fr::zero());
}

TEST(FieldElements, AnInputThatIsCheckedHoldsNone) {
  RunArgs args = unchecked();
  args.ignore_range_check_inputs_outputs = false;
  Inputs inputs;
  inputs.add(members);
  const std::string text = refusal(model({value("x", {1, 4})}, {node("Neg", {"x"}, {"y"})}), args, inputs);
  EXPECT_TRUE(says(text, "node 'x'") && says(text, "is the field element 0x1651738f") &&
              says(text, "only with ignore_range_check_inputs_outputs"))
      << text;
}

/// Operators that need a size, a sign or an order.
std::vector<NodeDef> inexact() {
  const auto unary = [](const char* op) { return node(op, {"x"}, {"y"}); };
  std::vector<NodeDef> out;
  for (const char* op : {"Relu", "Abs", "Sign", "Sigmoid", "Tanh", "Exp", "Sqrt", "Reciprocal", "Softmax", "Erf",
                         "HardSigmoid", "LeakyRelu", "ReduceMax", "ReduceMin", "ReduceMean", "ArgMax", "ReduceL2"}) {
    out.push_back(unary(op));
  }
  for (const char* op : {"Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Max", "Min", "Div"}) {
    out.push_back(node(op, {"x", "two"}, {"y"}));
  }
  for (NodeDef& n : out) {
    if (n.op_type == "ArgMax") n.attributes["axis"] = integer(1);
  }
  out.push_back(node("Clip", {"x", "zero", "one"}, {"y"}));
  out.push_back(node("Mod", {"x", "two"}, {"y"}, {{"fmod", integer(1)}}));
  return out;
}

ModelDef with_constants(const NodeDef& n, const Shape& shape) {
  return model({value("x", {std::int64_t(shape[0]), std::int64_t(shape[1])})}, {n},
               {{"two", floats({1}, {3})}, {"zero", floats({}, {0})}, {"one", floats({}, {1})}});
}

TEST(FieldElements, WhatNeedsASizeIsRefusedByName) {
  for (NodeDef n : inexact()) {
    n.name = "the node";
    // Of one element some of these are the identity.
    std::vector<NodeDef> nodes{node("Expand", {"x", "shape"}, {"wide"}), n};
    nodes[1].inputs[0] = "wide";
    ModelDef m = with_constants(n, {1, 1});
    m.graph.nodes = nodes;
    m.graph.initializers["shape"] = numbers({2, 3});
    const std::string text = refusal(m, hashing());
    EXPECT_TRUE(says(text, "the node") && says(text, "holds field elements")) << n.op_type << ": " << text;
  }
}

TEST(FieldElements, WhatNeedsASizeStopsAtThemWhereAnInputHoldsThem) {
  for (NodeDef n : inexact()) {
    n.name = "the node";
    RunArgs args = unchecked();
    args.lookup_range = {-100, 100};
    Inputs inputs;
    inputs.add(Felts(members.begin(), members.begin() + 3));
    ModelDef m = with_constants(n, {1, 3});
    const std::string text = refusal(m, args, inputs);
    EXPECT_TRUE(says(text, "the node") && says(text, "is the field element 0x")) << n.op_type << ": " << text;
  }
}

TEST(FieldElements, InputsThatAreMarkedAreBoundByNothing) {
  // As many factors as would outgrow integers.
  std::vector<double> ones(12, 1);
  const ModelDef m = model({value("x", {1, 12})}, {node("Sub", {"x", "c"}, {"d"}), node("ReduceProd", {"d"}, {"y"})},
                           {{"c", floats({1, 12}, ones)}});
  RunArgs args = unchecked();
  Graph graph = build_graph(m, args);
  mark_field_inputs(graph, {0});
  EXPECT_EQ(field_inputs(graph), std::vector<std::size_t>{0});
  const auto check = [&](const RunArgs& a) {
    const claims::Record record = ezkl::record(graph, a);
    Felts x;
    Fr product = Fr::one();
    for (std::size_t i = 0; i < 12; ++i) {
      x.push_back(members[i % 4] + Fr::from_u64(i));
      product *= x.back() - Fr::one();
    }
    Inputs inputs;
    inputs.add(x);
    claims::Evaluation evaluation(record, inputs);
    evaluation.run();
    EXPECT_EQ(evaluation.output_felts()[0], Felts{product});
  };
  check(args);
  args.ignore_range_check_inputs_outputs = false;
  try {
    check(args);
    ADD_FAILURE() << "an input of field elements that is range-checked";
  } catch (const Error& e) {
    EXPECT_TRUE(says(e.what(), "input 'x' holds field elements")) << e.what();
  }
  EXPECT_THROW(mark_field_inputs(graph, {1}), Error);
}

TEST(FieldElements, NothingIsRoundedBesideThem) {
  const auto beside = [](const char* op, double constant, RunArgs args) {
    return refusal(model({value("x", {1, 1})}, {node(op, {"x", "c"}, {"y"})}, {{"c", floats({1, 1}, {constant})}}),
                   args);
  };
  EXPECT_EQ(beside("Mul", 3, hashing()), "no error");
  EXPECT_EQ(beside("Add", -7, hashing()), "no error");
  for (const char* op : {"Add", "Sub", "Equal"}) {
    EXPECT_TRUE(says(beside(op, 0.3, hashing()), "nothing is rounded beside field elements")) << op;
  }
  EXPECT_TRUE(says(beside("Mul", 0.3, hashing()), "no fractions among the constants"));
  RunArgs fine = hashing();
  fine.param_scale = 7;
  EXPECT_TRUE(says(beside("Mul", 3, fine), "param_scale 0"));
  EXPECT_TRUE(says(beside("Add", 3, fine), "param_scale 0"));
  fine.input_scale = 7;
  EXPECT_TRUE(says(beside("Mul", 3, fine), "param_scale 0"));
  const ModelDef padded = model({value("x", {1, 1})}, {node("Pad", {"x", "pads", "fill"}, {"y"})},
                                {{"pads", numbers({0, 1, 0, 0})}, {"fill", floats({}, {0.5})}});
  EXPECT_TRUE(says(refusal(padded, hashing()), "nothing is rounded beside field elements"));
}

TEST(FieldElements, AHashTakesThePlaceOfOneElementOnly) {
  const std::string text = refusal(model({value("x", {1, 2})}, {node("Neg", {"x"}, {"y"})}), hashing());
  EXPECT_TRUE(says(text, "input 0 'x' has shape [1, 2]") && says(text, "use hashed")) << text;
}

TEST(FieldElements, OutputsThatAreSomeAreNoIntegers) {
  RunArgs args = hashing();
  const ModelDef m = model({value("x", {1, 1})}, {node("Neg", {"x"}, {"y"})});
  const claims::Record record = ezkl::record(build_graph(m, args), args);
  claims::Evaluation evaluation(record, {{34}});
  evaluation.run();
  EXPECT_EQ(evaluation.output_felts()[0], Felts{-hash_of_34});
  EXPECT_THROW(evaluation.outputs(), Error);
}

}  // namespace
}  // namespace ezkl
