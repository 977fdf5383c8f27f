// Where a model can be cut, what passes a cut, and what the parts compute.
#include "graph/split/model_cutter.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/execute.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using testing::floats;
using testing::integers;
using testing::model;
using testing::node;
using testing::numbers;
using testing::subgraph;
using testing::value;

using Names = std::vector<std::string>;

/// x -> a -> b -> c -> y with y = c + a: `a` is still read behind b.
ModelDef skipping() {
  return model({value("x", {1, 4})},
               {node("Relu", {"x"}, {"a"}), node("Mul", {"a", "w"}, {"b"}), node("Relu", {"b"}, {"c"}),
                node("Add", {"c", "a"}, {"y"})},
               {{"w", floats({4}, {1, -2, 3, -4})}});
}

Names names(const std::vector<ValueDef>& values) {
  Names out;
  for (const ValueDef& v : values) out.push_back(v.name);
  return out;
}

/// The parts run one after the other on real numbers.
std::vector<double> run_parts(const ModelCutter& cutter, std::vector<std::size_t> places, std::vector<FloatTensor> in) {
  places.push_back(cutter.size());
  std::size_t begin = 0;
  for (const std::size_t end : places) {
    const RunArgs args;
    in = execute(build_graph(cutter.part(begin, end), args), in, args);
    begin = end;
  }
  return in.at(0).data;
}

TEST(ModelCutter, ATensorThatIsReadLaterIsHandedThrough) {
  const ModelDef m = skipping();
  const ModelCutter cutter(m, RunArgs());
  ASSERT_EQ(cutter.size(), 4u);
  EXPECT_EQ(cutter.crossing(0), Names{"x"});
  EXPECT_EQ(cutter.crossing(1), Names{"a"});
  EXPECT_EQ(cutter.crossing(2), (Names{"a", "b"}));
  EXPECT_EQ(cutter.crossing(3), (Names{"a", "c"}));
  EXPECT_EQ(cutter.crossing(4), Names{"y"});
  EXPECT_EQ(cutter.crossing_volumes(), (std::vector<std::size_t>{4, 4, 8, 8, 4}));
  const ModelDef middle = cutter.part(2, 3);
  EXPECT_EQ(names(middle.graph.inputs), (Names{"a", "b"}));
  EXPECT_EQ(names(middle.graph.outputs), (Names{"a", "c"}));
  EXPECT_TRUE(middle.graph.initializers.empty());
  EXPECT_EQ(names(cutter.part(0, 2).graph.outputs), (Names{"a", "b"}));
  EXPECT_EQ(cutter.part(0, 2).graph.initializers.count("w"), 1u);
}

TEST(ModelCutter, TheFirstPartTakesAllInputsAndTheLastGivesAllOutputs) {
  ModelDef m = skipping();
  m.graph.inputs.push_back(value("unused", {2}));
  m.graph.inputs.push_back(value("late", {1, 4}));
  m.graph.nodes[3].inputs[1] = "late";
  m.graph.outputs.push_back(value("a", {}));
  const ModelCutter cutter(m, RunArgs());
  EXPECT_EQ(names(cutter.part(0, 2).graph.inputs), (Names{"x", "unused", "late"}));
  EXPECT_EQ(cutter.crossing(2), (Names{"late", "a", "b"}));
  EXPECT_EQ(names(cutter.part(3, 4).graph.outputs), (Names{"y", "a"}));
  EXPECT_EQ(names(cutter.part(3, 4).graph.inputs), (Names{"late", "a", "c"}));
}

TEST(ModelCutter, PartsComputeTheModel) {
  const ModelDef m = skipping();
  const ModelCutter cutter(m, RunArgs());
  const FloatTensor x = floats({1, 4}, {1, 2, -3, 0.5});
  const std::vector<double> whole = execute(build_graph(m, RunArgs()), std::vector{x}, RunArgs()).at(0).data;
  EXPECT_EQ(whole, (std::vector<double>{2, 2, 0, 0.5}));
  for (const std::vector<std::size_t>& places : {std::vector<std::size_t>{1}, {2}, {3}, {1, 2}, {1, 2, 3}}) {
    EXPECT_EQ(run_parts(cutter, places, {x}), whole);
  }
}

TEST(ModelCutter, WhatDoesNotDependOnTheInputsIsAWeightOfEachPart) {
  // y = (x + v·v) · (x's number of axes): shapes and products of weights are known.
  const ModelDef m = model(
      {value("x", {1, 2})},
      {node("Mul", {"v", "v"}, {"square"}), node("Add", {"x", "square"}, {"sum"}), node("Shape", {"x"}, {"shape"}),
       node("Reshape", {"sum", "shape"}, {"same"}), node("Mul", {"same", "square"}, {"y"})},
      {{"v", floats({2}, {2, 3})}});
  const ModelCutter cutter(m, RunArgs());
  ASSERT_EQ(cutter.size(), 3u);
  EXPECT_EQ(cutter.crossing(1), Names{"sum"});
  const ModelDef last = cutter.part(2, 3);
  EXPECT_EQ(last.graph.initializers.at("square").data, (std::vector<double>{4, 9}));
  EXPECT_EQ(cutter.part(1, 2).graph.initializers.at("shape").data, (std::vector<double>{1, 2}));
  EXPECT_EQ(run_parts(cutter, {1, 2}, {floats({1, 2}, {1, 1})}), (std::vector<double>{20, 90}));
}

TEST(ModelCutter, SubgraphsReadTensorsOfOtherParts) {
  GraphDef yes, no;
  yes.nodes = {node("Mul", {"a", "a"}, {"inner"})};
  yes.outputs = {value("inner", {})};
  no.nodes = {node("Neg", {"a"}, {"inner"})};
  no.outputs = {value("inner", {})};
  const ModelDef m =
      model({value("x", {1})},
            {node("Relu", {"x"}, {"a"}), node("Greater", {"x", "zero"}, {"positive"}),
             node("If", {"positive"}, {"y"}, {{"then_branch", subgraph(yes)}, {"else_branch", subgraph(no)}})},
            {{"zero", floats({1}, {0})}});
  const ModelCutter cutter(m, RunArgs());
  EXPECT_EQ(cutter.crossing(2), (Names{"a", "positive"}));
  EXPECT_EQ(cutter.part(2, 3).graph.inputs.at(1).type, DType::boolean);
  EXPECT_EQ(run_parts(cutter, {1, 2}, {floats({1}, {3})}), (std::vector<double>{9}));
}

TEST(ModelCutter, CutsBehindNamesTakeWhatTheNamesNeedAndNoMore) {
  // Two branches, listed alternately; a cut behind the left one leaves the right one to the last part.
  const ModelDef m = model({value("x", {1, 2})},
                           {node("Relu", {"x"}, {"l1"}), node("Neg", {"x"}, {"r1"}), node("Sqrt", {"l1"}, {"l2"}),
                            node("Relu", {"r1"}, {"r2"}), node("Add", {"l2", "r2"}, {"y"})});
  ModelCutter cutter(m, RunArgs());
  EXPECT_EQ(cutter.cut_behind({"l1", "l2"}), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(cutter.crossing(2), (Names{"x", "l2"}));
  EXPECT_EQ(run_parts(cutter, {1, 2}, {floats({1, 2}, {4, -9})}), (std::vector<double>{2, 9}));
}

TEST(ModelCutter, NamesThatLeaveAPartEmptyAreRefused) {
  const ModelDef m = skipping();
  const auto message = [&](const Names& names) -> std::string {
    ModelCutter cutter(m, RunArgs());
    try {
      cutter.cut_behind(names);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::usage);
      return e.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message({"b"}), "accepted");
  EXPECT_NE(message({"nothing"}).find("'nothing'"), std::string::npos);
  EXPECT_NE(message({"w"}).find("'w'"), std::string::npos);
  EXPECT_NE(message({"x"}).find("'x'"), std::string::npos);
  EXPECT_NE(message({"b", "a"}).find("behind 'a' leaves a part without a node"), std::string::npos);
  EXPECT_NE(message({"b", "b"}).find("behind 'b' leaves a part without a node"), std::string::npos);
  EXPECT_NE(message({"y"}).find("nothing for the last part"), std::string::npos);
}

TEST(ModelCutter, ScalesOfInputsCanBeGiven) {
  const ModelDef m = skipping();
  const ModelCutter cutter(m, RunArgs());
  BuildOptions options;
  options.input_scales = {3, 12};
  const Graph graph = build_graph(cutter.part(2, 3), RunArgs(), options);
  EXPECT_EQ(graph.nodes[graph.inputs[0]].scale, 3);
  EXPECT_EQ(graph.nodes[graph.outputs[0]].scale, 3);
  EXPECT_EQ(graph.nodes[graph.inputs[1]].scale, 12);
  options.input_scales = {3};
  EXPECT_THROW(build_graph(cutter.part(2, 3), RunArgs(), options), Error);
}

}  // namespace
}  // namespace ezkl
