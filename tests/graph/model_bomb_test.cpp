// Models of a few bytes that ask for gigabytes or hours: each is refused in a child process whose time and memory are
// measured. Beside them honest models, the largest of their kind, which pass.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <iostream>

#include "../limits.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/record.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using namespace testing;
using Initializers = std::map<std::string, FloatTensor>;

FloatTensor scalar(double value, DType type = DType::i64) { return {type, {}, {value}}; }
FloatTensor truth() { return {DType::boolean, {}, {1}}; }

/// A name, and a model with output y.
struct Bomb {
  std::string name;
  ModelDef model;
};

ModelDef of_opset(std::int64_t opset, ModelDef m) {
  m.opsets[""] = opset;
  m.opsets["ai.onnx.ml"] = 3;
  return m;
}

/// A constant of one value and then `nodes`, which read it as w.
ModelDef with_filled(std::vector<double> shape, std::vector<NodeDef> nodes, Initializers more = {},
                     std::vector<ValueDef> inputs = {value("x", {1})}) {
  nodes.insert(nodes.begin(), node("ConstantOfShape", {"filled"}, {"w"}));
  more["filled"] = numbers(std::move(shape));
  return model(std::move(inputs), std::move(nodes), std::move(more));
}

/// x of `shape` expanded to `wide` as w, then `nodes`.
ModelDef with_expanded(std::vector<double> wide, std::vector<NodeDef> nodes, Initializers more = {}) {
  nodes.insert(nodes.begin(), node("Expand", {"x", "wide"}, {"w"}));
  more["wide"] = numbers(std::move(wide));
  return model({value("x", {1})}, std::move(nodes), std::move(more));
}

/// Functions f0 … f<depth>, each of which calls the next twice.
ModelDef doubling(std::size_t depth, bool folded) {
  ModelDef m = model({value("x", {2})}, {node("f0", {"x"}, {"y"})}, {{"c", floats({2}, {1, 2})}});
  if (folded) m.graph.nodes = {node("f0", {"c"}, {"d"}), node("Add", {"x", "d"}, {"y"})};
  for (std::size_t i = 0; i <= depth; ++i) {
    FunctionDef f;
    f.name = "f" + std::to_string(i);
    f.inputs = {"a"};
    f.outputs = {"b"};
    f.opsets[""] = 17;
    const std::string next = i == depth ? "Relu" : "f" + std::to_string(i + 1);
    f.nodes = {node(next, {"a"}, {"t"}), node(next, {"t"}, {"b"})};
    m.functions.push_back(f);
  }
  return m;
}

/// Functions that call each other through both branches of an If that nobody can decide.
ModelDef branching(std::size_t depth) {
  ModelDef m = model({value("x", {1}), value("t", {1}, DType::boolean)}, {node("f0", {"x", "t"}, {"y"})});
  for (std::size_t i = 0; i <= depth; ++i) {
    FunctionDef f;
    f.name = "f" + std::to_string(i);
    f.inputs = {"a", "t"};
    f.outputs = {"b"};
    f.opsets[""] = 17;
    GraphDef yes, no;
    yes.outputs = {value("r", {})};
    no.outputs = {value("r", {})};
    const std::string next = "f" + std::to_string(i + 1);
    // Functions see only their inputs, so the branches are functions' calls on constants of their own.
    yes.nodes = {node(next, {"a", "t"}, {"r"})};
    no.nodes = {node(next, {"a", "t"}, {"r"})};
    f.nodes = {i == depth ? node("Relu", {"a"}, {"b"})
                          : node("If", {"t"}, {"b"}, {{"then_branch", subgraph(yes)}, {"else_branch", subgraph(no)}})};
    m.functions.push_back(f);
  }
  return m;
}

GraphDef loop_body(std::vector<NodeDef> nodes, Initializers initializers = {}) {
  GraphDef body;
  body.inputs = {value("i", {}, DType::i64), value("more", {}, DType::boolean), value("s", {})};
  body.outputs = {value("still", {}), value("next", {})};
  body.nodes = std::move(nodes);
  body.nodes.push_back(node("Identity", {"more"}, {"still"}));
  body.initializers = std::move(initializers);
  return body;
}

ModelDef loop(double trips, GraphDef body) {
  return model({value("x", {2})}, {node("Loop", {"n", "t", "x"}, {"y"}, {{"body", subgraph(std::move(body))}})},
               {{"n", scalar(trips)}, {"t", truth()}});
}

ModelDef nested_loops(std::size_t depth) {
  GraphDef body = loop_body({node("Add", {"s", "s"}, {"next"})});
  for (std::size_t i = 1; i < depth; ++i) {
    body = loop_body({node("Loop", {"n", "t", "s"}, {"next"}, {{"body", subgraph(body)}})});
  }
  return loop(60000, body);
}

ModelDef recurrent(const char* op, std::int64_t length, double gates) {
  return model({value("x", {length, 1, 1})}, {node(op, {"x", "w", "r"}, {"", "y"})},
               {{"w", {DType::f32, {1, std::size_t(gates), 1}, std::vector<double>(std::size_t(gates), 0.5)}},
                {"r", {DType::f32, {1, std::size_t(gates), 1}, std::vector<double>(std::size_t(gates), 0.5)}}});
}

ModelDef resize(const char* mode, std::vector<double> sizes, Shape from) {
  std::vector<std::int64_t> shape(from.begin(), from.end());
  return model({value("x", shape)}, {node("Resize", {"x", "", "", "sizes"}, {"y"}, {{"mode", text(mode)}})},
               {{"sizes", numbers(std::move(sizes))}});
}

ModelDef svm(std::size_t classes) {
  NodeDef n = node("SVMClassifier", {"x"}, {"label", "y"});
  n.domain = "ai.onnx.ml";
  n.attributes["classlabels_ints"] = integers(std::vector<std::int64_t>(classes, 1));
  n.attributes["vectors_per_class"] = integers(std::vector<std::int64_t>(classes, 0));
  n.attributes["vectors_per_class"].ints[0] = 1;
  n.attributes["support_vectors"] = reals({1});
  n.attributes["coefficients"] = reals(std::vector<double>(classes - 1, 1));
  n.attributes["rho"] = reals({0});
  ModelDef m = model({value("x", {1, 1})}, {n});
  m.opsets["ai.onnx.ml"] = 1;
  return m;
}

/// A chain of `count` nodes, which is a tree from each of `roots` on.
ModelDef trees(std::size_t count, std::vector<std::int64_t> roots) {
  NodeDef n = node("TreeEnsemble", {"x"}, {"y"});
  n.domain = "ai.onnx.ml";
  std::vector<std::int64_t> next, leaf, features(count, 0), zeros(count, 0);
  for (std::size_t i = 0; i < count; ++i) next.push_back(i + 1 < count ? std::int64_t(i + 1) : 0);
  for (std::size_t i = 0; i < count; ++i) leaf.push_back(i + 1 < count ? 0 : 1);
  const auto doubles = [](std::vector<double> v) { return tensor(floats({v.size()}, v)); };
  n.attributes["nodes_featureids"] = integers(features);
  n.attributes["nodes_modes"] = doubles(std::vector<double>(count, 0));
  n.attributes["nodes_splits"] = doubles(std::vector<double>(count, 0.5));
  n.attributes["nodes_truenodeids"] = integers(zeros);
  n.attributes["nodes_trueleafs"] = integers(std::vector<std::int64_t>(count, 1));
  n.attributes["nodes_falsenodeids"] = integers(next);
  n.attributes["nodes_falseleafs"] = integers(leaf);
  n.attributes["leaf_targetids"] = integers({0});
  n.attributes["leaf_weights"] = doubles({1});
  n.attributes["tree_roots"] = integers(std::move(roots));
  n.attributes["n_targets"] = integer(1);
  ModelDef m = model({value("x", {1, 1})}, {n});
  m.opsets["ai.onnx.ml"] = 5;
  return m;
}

std::vector<Bomb> bombs() {
  const double m24 = 0x1p24, m26 = 0x1p26, m27 = 0x1p27;
  std::vector<Bomb> list;
  const auto add = [&](std::string name, ModelDef m) { list.push_back({std::move(name), std::move(m)}); };
  // Constants from nothing.
  add("ConstantOfShape", with_filled({0x1p28}, {node("Add", {"x", "w"}, {"y"})}));
  add("ConstantOfShapeReduced", with_filled({m27}, {node("ReduceSum", {"w"}, {"s"}), node("Add", {"x", "s"}, {"y"})}));
  add("ConstantOfShapeAdded", with_filled({m27}, {node("Add", {"x", "w"}, {"y"})}));
  add("EyeLike", with_filled({16384, 8192}, {node("EyeLike", {"w"}, {"y"})}));
  add("Range", model({value("x", {1})}, {node("Range", {"a", "b", "c"}, {"r"}), node("Add", {"x", "r"}, {"y"})},
                     {{"a", scalar(0)}, {"b", scalar(m27)}, {"c", scalar(1)}}));
  for (const char* window : {"HannWindow", "HammingWindow", "BlackmanWindow"}) {
    add(window,
        model({value("x", {1})}, {node(window, {"n"}, {"w"}), node("Add", {"x", "w"}, {"y"})}, {{"n", scalar(m26)}}));
  }
  add("ExpandConstant", model({value("x", {1})}, {node("Expand", {"c", "s"}, {"w"}), node("Add", {"x", "w"}, {"y"})},
                              {{"c", floats({2}, {1, 2})}, {"s", numbers({m26, 2})}}));
  add("ExpandOf24Bits", with_expanded({m24}, {node("Relu", {"w"}, {"y"})}));
  add("InputOf24Bits", model({value("x", {1 << 24})}, {node("Relu", {"x"}, {"y"})}));
  add("OuterProduct", model({value("x", {4096, 1}), value("z", {1, 4096})}, {node("Mul", {"x", "z"}, {"y"})}));
  add("ExpandInput", with_expanded({m27, 2}, {node("Relu", {"w"}, {"y"})}));
  add("TileConstant", model({value("x", {1})}, {node("Tile", {"c", "s"}, {"w"}), node("Add", {"x", "w"}, {"y"})},
                            {{"c", floats({2}, {1, 2})}, {"s", numbers({m26})}}));
  add("TileInput", model({value("x", {2})}, {node("Tile", {"x", "s"}, {"y"})}, {{"s", numbers({m27})}}));
  add("PadConstant", model({value("x", {1})}, {node("Pad", {"c", "p"}, {"w"}), node("Add", {"x", "w"}, {"y"})},
                           {{"c", floats({2}, {1, 2})}, {"p", numbers({m26, 1})}}));
  add("PadReflect", model({value("x", {2})}, {node("Pad", {"x", "p"}, {"y"}, {{"mode", text("reflect")}})},
                          {{"p", numbers({m27, m26})}}));
  add("OneHot", model({value("x", {64}, DType::i64)}, {node("OneHot", {"x", "d", "v"}, {"y"})},
                      {{"d", scalar(m24)}, {"v", floats({2}, {0, 1})}}));
  add("Trilu", with_filled({8192, 8192}, {node("Trilu", {"w"}, {"y"})}));
  add("TransposeConstant", with_filled({16384, 4096}, {node("Transpose", {"w"}, {"y"})}));
  add("NonZero", with_filled({64, 1048576}, {node("NonZero", {"w"}, {"z"}), node("ReduceSum", {"z"}, {"y"})}));
  add("CastConstant", with_filled({m27}, {node("Cast", {"w"}, {"y"}, {{"to", integer(7)}})}));
  add("MatMulOfConstants", with_filled({4096, 4096}, {node("MatMul", {"w", "w"}, {"y"})}));
  // Data movement.
  add("ResizeLinear", resize("linear", {1, 1, 16384, 16384}, {1, 1, 2, 2}));
  add("ResizeCubic", resize("cubic", {1, 1, 4096, 4096}, {1, 1, 2, 2}));
  add("ResizeNearest", resize("nearest", {1, 1, 16384, 8192}, {1, 1, 2, 2}));
  add("ResizeOneAxis", resize("linear", {0x1p27}, {2}));
  add("GatherFilled",
      with_filled({m26}, {node("Cast", {"w"}, {"i"}, {{"to", integer(7)}}), node("Gather", {"x", "i"}, {"y"})}));
  add("ReverseSequence", of_opset(17, model({value("x", {1024, 65536})}, {node("ReverseSequence", {"x", "l"}, {"y"})},
                                            {{"l", {DType::i64, {65536}, std::vector<double>(65536, 3)}}})));
  add("SliceOfTransposed", with_expanded({4096, 32768, 2}, {node("Transpose", {"w"}, {"y"})}));
  // Control flow and functions.
  add("FunctionsDoubling", doubling(30, false));
  add("FunctionsDoublingConstants", doubling(30, true));
  add("FunctionsBranching", branching(30));
  {
    ModelDef m = doubling(0, false);
    m.functions[0].nodes = {node("f0", {"a"}, {"t"}), node("f0", {"t"}, {"b"})};
    add("FunctionCallsItself", m);
  }
  add("NestedLoops", nested_loops(6));
  add("LoopOfConstants", loop(60000, loop_body({node("Identity", {"s"}, {"next"})},
                                               {{"c", floats({9999}, std::vector<double>(9999, 1))}})));
  {
    std::vector<NodeDef> unread;
    for (int i = 0; i < 1000; ++i) unread.push_back(node("Relu", {"s"}, {"u" + std::to_string(i)}));
    unread.push_back(node("Identity", {"s"}, {"next"}));
    add("LoopOverUnreadNodes", loop(65000, loop_body(unread)));
  }
  {
    GraphDef body;
    body.inputs = {value("s", {}), value("e", {})};
    body.outputs = {value("s2", {}), value("o", {})};
    body.nodes = {node("Add", {"s", "e"}, {"s2"}), node("Mul", {"s", "e"}, {"o"})};
    add("Scan",
        model({value("x", {65536, 2}), value("i", {2})},
              {node("Scan", {"i", "x"}, {"f", "y"}, {{"body", subgraph(body)}, {"num_scan_inputs", integer(1)}})}));
  }
  add("LSTM", recurrent("LSTM", 1 << 20, 4));
  add("GRU", recurrent("GRU", 1 << 20, 3));
  add("RNN", recurrent("RNN", 1 << 22, 1));
  add("CumSum", model({value("x", {1 << 22})}, {node("CumSum", {"x", "a"}, {"y"})}, {{"a", scalar(0)}}));
  add("CumProd",
      of_opset(26, model({value("x", {1 << 20})}, {node("CumProd", {"x", "a"}, {"y"})}, {{"a", scalar(0)}})));
  add("Split", model({value("x", {1 << 24})}, {node("Split", {"x", "n"}, {"y"})},
                     {{"n", {DType::i64, {1 << 20}, std::vector<double>(1 << 20, 16)}}}));
  // Lists that stand for shapes, and an output of many elements under many names.
  const auto with_ones = [](double count, std::vector<NodeDef> nodes) {
    nodes.insert(nodes.begin(), node("ConstantOfShape", {"filled"}, {"w"}, {{"value", tensor(numbers({1}))}}));
    return model({value("x", {1})}, std::move(nodes), {{"filled", numbers({count})}});
  };
  add("ExpandToManyAxes", with_ones(0x1p25, {node("Expand", {"x", "w"}, {"y"})}));
  add("ReshapeToManyAxes", with_ones(0x1p25, {node("Reshape", {"x", "w"}, {"y"})}));
  add("UnsqueezeOfManyAxes", with_ones(1e6, {node("Unsqueeze", {"x", "w"}, {"y"})}));
  add("SplitIntoMany", of_opset(18, model({value("x", {1 << 23})},
                                          {node("Split", {"x"}, {"y", "z"}, {{"num_outputs", integer(1 << 23)}})})));
  {
    ModelDef m = with_expanded({0x1p22}, {node("Relu", {"w"}, {"y"})});
    m.graph.outputs.assign(300, m.graph.outputs[0]);
    add("OutputsUnderOneName", m);
  }
  // Products.
  add("MatMul", with_expanded({8192, 8192}, {node("MatMul", {"w", "w"}, {"y"})}));
  add("Einsum",
      with_expanded({128, 64, 64}, {node("Einsum", {"w", "w"}, {"y"}, {{"equation", text("abc,def->abdf")}})}));
  add("EinsumOuter", with_expanded({16384}, {node("Einsum", {"w", "w"}, {"y"}, {{"equation", text("a,b->ab")}})}));
  add("Conv",
      with_filled({1, 1, 2048, 2048}, {node("Conv", {"x", "w"}, {"y"}, {{"pads", integers({2047, 2047, 2047, 2047})}})},
                  {}, {value("x", {1, 1, 256, 256})}));
  add("ConvTranspose",
      with_filled({1, 1, 1, 1}, {node("ConvTranspose", {"x", "w"}, {"y"}, {{"strides", integers({1000000, 1000000})}})},
                  {}, {value("x", {1, 1, 2, 2})}));
  add("ConvTransposeDilated",
      with_filled({1, 1, 16, 16}, {node("ConvTranspose", {"x", "w"}, {"y"}, {{"dilations", integers({1000, 1000})}})},
                  {}, {value("x", {1, 1, 2, 2})}));
  for (const char* pool : {"MaxPool", "LpPool", "AveragePool"}) {
    add(pool, model({value("x", {1, 1, 4096, 4096})},
                    {node(pool, {"x"}, {"y"},
                          {{"kernel_shape", integers({2047, 2047})}, {"pads", integers({1023, 1023, 1023, 1023})}})}));
  }
  add("MaxPoolIndices", model({value("x", {1, 1, 1024, 1024})},
                              {node("MaxPool", {"x"}, {"m", "y"}, {{"kernel_shape", integers({32, 32})}})}));
  add("Attention", of_opset(23, with_expanded({1, 1, 1 << 18, 4}, {node("Attention", {"w", "w", "w"}, {"y"})})));
  add("DFT", with_expanded({1, 1 << 20, 1}, {node("DFT", {"w"}, {"y"})}));
  add("DFTLength", model({value("x", {1, 4096, 1})}, {node("DFT", {"x", "n"}, {"y"})}, {{"n", scalar(0x1p14)}}));
  add("STFT", with_expanded({1, 1 << 20, 1}, {node("STFT", {"w", "s", "", "l"}, {"y"})},
                            {{"s", scalar(1)}, {"l", scalar(1024)}}));
  add("MelWeightMatrix",
      model({value("x", {1})},
            {node("MelWeightMatrix", {"b", "n", "r", "l", "h"}, {"w"}), node("Add", {"x", "w"}, {"y"})},
            {{"b", scalar(0x1p18)},
             {"n", scalar(0x1p19)},
             {"r", scalar(0x1p19)},
             {"l", scalar(0, DType::f32)},
             {"h", scalar(1000, DType::f32)}}));
  add("Col2Im", of_opset(18, with_expanded({1, 4096, 4096}, {node("Col2Im", {"w", "i", "b"}, {"y"})},
                                           {{"i", numbers({127, 127})}, {"b", numbers({64, 64})}})));
  add("LRN", with_expanded({1, 1 << 20, 1, 1}, {node("LRN", {"w"}, {"y"}, {{"size", integer(3)}})}));
  add("AffineGrid", of_opset(20, model({value("x", {1, 2, 3})}, {node("AffineGrid", {"x", "s"}, {"y"})},
                                       {{"s", numbers({1, 1, 1 << 14, 1 << 13})}})));
  add("GridSample",
      with_expanded({1, 8192, 8192, 2}, {node("GridSample", {"i", "w"}, {"y"})}, {{"i", floats({1, 1, 1, 1}, {1})}}));
  add("RoiAlign",
      model(
          {value("x", {1, 1, 4, 4}), value("r", {64, 4})},
          {node("RoiAlign", {"x", "r", "b"}, {"y"},
                {{"output_height", integer(4096)}, {"output_width", integer(4096)}, {"sampling_ratio", integer(64)}})},
          {{"b", {DType::i64, {64}, std::vector<double>(64, 0)}}}));
  add("DeformConv", of_opset(19, with_filled({1, 1, 64, 64}, {node("DeformConv", {"x", "w", "o"}, {"y"})}, {},
                                             {value("x", {1, 1, 128, 128}), value("o", {1, 8192, 65, 65})})));
  add("MaxUnpool", model({value("x", {1, 1, 2, 2}), value("i", {1, 1, 2, 2}, DType::i64)},
                         {node("MaxUnpool", {"x", "i"}, {"y"},
                               {{"kernel_shape", integers({1, 1})}, {"strides", integers({1 << 14, 1 << 14})}})}));
  add("ScatterReduced",
      of_opset(18, model({value("x", {1 << 15}), value("i", {1 << 15}, DType::i64), value("u", {1 << 15})},
                         {node("ScatterElements", {"x", "i", "u"}, {"y"}, {{"reduction", text("add")}})})));
  add("TopK", with_expanded({m27}, {node("TopK", {"w", "k"}, {"y", "i"})}, {{"k", numbers({1})}}));
  add("BitwiseAnd", of_opset(18, model({value("x", {1 << 22}, DType::i64), value("z", {1 << 22}, DType::i64)},
                                       {node("BitwiseAnd", {"x", "z"}, {"y"})})));
  add("Softmax", with_expanded({m26, 2}, {node("Softmax", {"w"}, {"y"})}));
  add("SvmClasses", svm(3000));
  add("TreesOfOneRoot", trees(200, std::vector<std::int64_t>(200000, 0)));
  std::vector<std::int64_t> each(5000);
  for (std::size_t i = 0; i < each.size(); ++i) each[i] = std::int64_t(i);
  add("TreesOfEveryNode", trees(each.size(), each));
  // Tensors without elements, and of very many axes.
  add("NoElementsManyClasses", model({value("x", {0, std::int64_t{1} << 38}), value("l", {0}, DType::i64)},
                                     {node("NegativeLogLikelihoodLoss", {"x", "l"}, {"y"})}));
  add("NoElementsLongSequence", [] {
    ModelDef m = recurrent("LSTM", 1, 4);
    m.graph.inputs = {value("x", {std::int64_t{1} << 38, 0, 1})};
    return m;
  }());
  add("NoElementsCumProd",
      of_opset(26, model({value("x", {0, 1 << 28})}, {node("CumProd", {"x", "a"}, {"y"})}, {{"a", scalar(1)}})));
  add("ManyAxes", with_filled({1 << 20},
                              {node("Cast", {"w"}, {"o"}, {{"to", integer(7)}}), node("Add", {"o", "one"}, {"s"}),
                               node("Reshape", {"x", "s"}, {"r"}), node("Squeeze", {"r"}, {"y"})},
                              {{"one", numbers({1})}}));
  add("BatchNormOfFilled",
      with_filled({m27}, {node("BatchNormalization", {"x", "w", "w", "w", "w"}, {"y"})}, {}, {value("x", {1, 2})}));
  add("InputTooLarge", model({value("x", {1 << 14, 1 << 14})}, {node("Relu", {"x"}, {"y"})}));
  return list;
}

const std::vector<Bomb>& all_bombs() {
  static const std::vector<Bomb> list = bombs();
  return list;
}

struct Measured {
  int status = 0;
  double seconds = 0;
  long megabytes = 0;
};

/// Runs `body` in a child and measures it: its processor time, and the memory that it adds to what it began with.
Measured in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  Measured out;
  rusage usage{};
  int status = 0;
  wait4(child, &status, 0, &usage);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  out.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  out.megabytes = usage.ru_maxrss / 1024;
  return out;
}

RunArgs args_of_test() {
  RunArgs args;
  args.decomp_legs = 3;
  return args;
}

class ModelBomb : public ::testing::TestWithParam<std::size_t> {};

TEST_P(ModelBomb, IsRefusedAtOnce) {
  const Bomb& bomb = all_bombs()[GetParam()];
  const Measured measured = in_child([&] {
    try {
      build_graph(bomb.model, args_of_test());
      std::cerr << bomb.name << ": accepted\n";
      return 1;
    } catch (const Error& e) {
      const std::string what = e.what();
      const bool named = what.find('\'') != std::string::npos && what.find("memory") == what.rfind("memory");
      if (e.fault() != Fault::internal && named && what.find("do not fit into memory") == std::string::npos) return 0;
      std::cerr << bomb.name << ": " << what << "\n";
      return 2;
    } catch (const std::exception& e) {
      std::cerr << bomb.name << ": " << e.what() << "\n";
      return 3;
    }
  });
  EXPECT_EQ(measured.status, 0);
  EXPECT_LT(measured.seconds, slower);
  EXPECT_LT(measured.megabytes, most_megabytes);
  RecordProperty("seconds", std::to_string(measured.seconds));
  RecordProperty("megabytes", std::to_string(measured.megabytes));
}

INSTANTIATE_TEST_SUITE_P(Every, ModelBomb, ::testing::Range<std::size_t>(0, all_bombs().size()),
                         [](const auto& test) { return all_bombs()[test.param].name; });

// ---- Honest models of the kinds above

TEST(HonestModel, ALargerLimitLetsItPass) {
  ModelDef m = with_expanded({1 << 22, 2}, {node("Relu", {"w"}, {"y"})});
  m.budget = ModelBudget(1 << 22);
  try {
    build_graph(m, args_of_test());
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::limit);
    EXPECT_NE(std::string(e.what()).find("node 'w' (Expand, opset 17)"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("max_model_size"), std::string::npos) << e.what();
  }
  m.budget = ModelBudget(1 << 28);
  EXPECT_NO_THROW(build_graph(m, args_of_test()));
}

TEST(HonestModel, ItsClaimsAreMeasuredByTheLimitThatIsGiven) {
  const Graph graph = build_graph(model({value("x", {1, 64})}, {node("Relu", {"x"}, {"y"})}), args_of_test());
  try {
    record(graph, args_of_test(), 1000);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::limit);
    EXPECT_NE(std::string(e.what()).find("larger than 1000, the most that is allowed"), std::string::npos) << e.what();
  }
  EXPECT_NO_THROW(record(graph, args_of_test(), 1 << 20));
  EXPECT_NO_THROW(record(graph, args_of_test()));
}

TEST(HonestModel, TheLimitThatItsErrorNamesIsEnough) {
  std::vector<NodeDef> nodes;
  std::string last = "x";
  for (int i = 0; i < 6; ++i) {
    const std::string t = std::to_string(i);
    nodes.push_back(node("MatMul", {last, "w"}, {"p" + t}));
    nodes.push_back(node("Sigmoid", {"p" + t}, {"s" + t}));
    nodes.push_back(node(i % 2 == 0 ? "Softmax" : "Relu", {"s" + t}, {i == 5 ? "y" : "o" + t}));
    last = "o" + t;
  }
  const Graph graph =
      build_graph(model({value("x", {64, 64})}, nodes, {{"w", floats({64, 64}, std::vector<double>(64 * 64, 0.02))}}),
                  args_of_test());
  try {
    record(graph, args_of_test(), 1 << 18);
    FAIL();
  } catch (const Error& e) {
    const std::string text = e.what(), flag = "give max_model_size ";
    const std::size_t at = text.find(flag);
    ASSERT_NE(at, std::string::npos) << text;
    std::size_t length = 0;
    const std::uint64_t named = std::stoull(text.substr(at + flag.size()), &length);
    ASSERT_EQ(text.substr(at + flag.size() + length), "M") << text;
    EXPECT_NO_THROW(record(graph, args_of_test(), named << 20)) << text;
    EXPECT_THROW(record(graph, args_of_test(), named << 17), Error) << text;  // an eighth is too little
  }
}

TEST(HonestModel, ALongLoopPasses) {
  EXPECT_NO_THROW(
      build_graph(loop(10000, loop_body({node("Add", {"s", "one"}, {"a"}), node("Mul", {"a", "one"}, {"next"})},
                                        {{"one", floats({2}, {0.5, 0.5})}})),
                  args_of_test()));
}

TEST(HonestModel, AThousandStepsOfAnLstmPass) {
  EXPECT_NO_THROW(build_graph(recurrent("LSTM", 1000, 4), args_of_test()));
}

TEST(HonestModel, StoredWeightsAreFree) {
  ModelDef m = model({value("x", {1, 2048})}, {node("Transpose", {"w"}, {"t"}), node("MatMul", {"x", "t"}, {"y"})});
  m.graph.initializers["w"] = {DType::f32, {2048, 2048}, std::vector<double>(2048 * 2048, 0.25)};
  m.budget = ModelBudget(1 << 20);
  EXPECT_THROW(build_graph(m, args_of_test()), Error);
  m.budget.allow_file(4 * 2048 * 2048);
  EXPECT_NO_THROW(build_graph(m, args_of_test()));
}

TEST(HonestModel, ABilinearImagePasses) {
  const Graph graph = build_graph(resize("linear", {1, 8, 256, 256}, {1, 8, 64, 64}), args_of_test());
  EXPECT_EQ(graph.nodes[graph.outputs[0]].shape, (Shape{1, 8, 256, 256}));
}

TEST(HonestModel, FilledWeightsTakeNoMemoryUntilTheGraphIsWhole) {
  // 144 million weights of one value, as in ONNX's light models; the last node asks for one element too many.
  ModelDef m = with_filled({4096, 35152}, {node("MatMul", {"x", "w"}, {"h"}), node("Expand", {"h", "s"}, {"y"})},
                           {{"s", numbers({4096, 35152})}}, {value("x", {1, 4096})});
  const Measured refused = in_child([&] {
    try {
      build_graph(m, args_of_test());
      return 1;
    } catch (const Error& e) {
      return std::string(e.what()).find("node 'y'") == std::string::npos ? 2 : 0;
    }
  });
  EXPECT_EQ(refused.status, 0);
  EXPECT_LT(refused.megabytes, most_megabytes / 4);
}

}  // namespace
}  // namespace ezkl
