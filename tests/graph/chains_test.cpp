// Chains of operators on one tensor as one table: which are found, what their tables hold, and what has no entry.
#include "graph/passes/chains.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checked_run.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/op_table.hpp"
#include "graph/ops/chain.hpp"
#include "model_text.hpp"

namespace ezkl {
namespace {

using testing::floats;
using testing::node;
using testing::real;
using testing::value;
using Reals = std::vector<double>;
using Numbers = std::map<std::string, FloatTensor>;

constexpr std::int64_t width = 400;
constexpr int scale = 7;

RunArgs usual() {
  RunArgs args;
  args.input_scale = args.param_scale = scale;
  args.decomp_legs = 4;
  args.lookup_range = {-2048, 2048};
  return args;
}

ModelDef model_of(std::vector<NodeDef> nodes, Numbers numbers = {}) {
  ModelDef out = testing::model({value("x", {1, width})}, std::move(nodes), std::move(numbers));
  out.opsets[""] = 20;
  return out;
}

/// From -5 to 5.
Reals line() {
  Reals out;
  for (std::int64_t i = 0; i < width; ++i) {
    out.push_back(10 * static_cast<double>(i) / static_cast<double>(width - 1) - 5);
  }
  return out;
}

/// With tables for all chains, as far as `data` go.
RunArgs with_chains(const ModelDef& def, const Reals& data, RunArgs args = usual()) {
  const Graph graph = build_float_graph(def, args);
  const std::vector<std::vector<FloatTensor>> samples{{{DType::f32, graph.nodes[graph.inputs[0]].shape, data}}};
  const auto chains = chain_variables(graph, args, samples, 1);
  args.variables.insert(args.variables.end(), chains.begin(), chains.end());
  return args;
}

std::vector<Node> chains_of(const Graph& graph) {
  std::vector<Node> out;
  std::copy_if(graph.nodes.begin(), graph.nodes.end(), std::back_inserter(out),
               [](const Node& n) { return n.op.kind == "Chain"; });
  return out;
}

double erf_gelu(double x) { return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))); }
double silu(double x) { return x / (1 + std::exp(-x)); }
double elu(double x) { return x > 0 ? x : std::exp(x) - 1; }
double softplus(double x) { return std::log1p(std::exp(x)); }
double mish(double x) { return x * std::tanh(softplus(x)); }
double hard_swish(double x) { return x * std::min(std::max(x / 6 + 0.5, 0.0), 1.0); }
double softsign(double x) { return x / (1 + std::fabs(x)); }
double cubed(double x) { return std::tanh(x) * std::tanh(x) * std::tanh(x) - 0.25 * x; }

struct Function {
  const char* name;
  std::vector<NodeDef> nodes;
  Numbers numbers;
  double (*real)(double);
};

std::vector<Function> functions() {
  return {
      {"Gelu", {node("Gelu", {"x"}, {"y"})}, {}, erf_gelu},
      {"Silu", {node("Sigmoid", {"x"}, {"s"}), node("Mul", {"x", "s"}, {"y"})}, {}, silu},
      {"Elu", {node("Elu", {"x"}, {"y"})}, {}, elu},
      {"Softplus", {node("Softplus", {"x"}, {"y"})}, {}, softplus},
      {"Mish", {node("Mish", {"x"}, {"y"})}, {}, mish},
      {"HardSwish",
       {node("HardSigmoid", {"x"}, {"s"}, {{"alpha", real(1.0 / 6)}, {"beta", real(0.5)}}),
        node("Mul", {"x", "s"}, {"y"})},
       {},
       hard_swish},
      {"Softsign", {node("Softsign", {"x"}, {"y"})}, {}, softsign},
      {"PowerOfTanh",
       {node("Tanh", {"x"}, {"t"}), node("Pow", {"t", "three"}, {"c"}), node("Mul", {"x", "q"}, {"l"}),
        node("Sub", {"c", "l"}, {"y"})},
       {{"three", floats({}, {3})}, {"q", floats({}, {0.25})}},
       cubed},
  };
}

TEST(Chains, EveryEntryIsTheRealFunctionRoundedOnce) {
  for (const Function& f : functions()) {
    SCOPED_TRACE(f.name);
    const ModelDef def = model_of(f.nodes, f.numbers);
    const RunArgs args = with_chains(def, line());
    const Graph graph = build_graph(def, args);
    const std::vector<Node> chains = chains_of(graph);
    ASSERT_EQ(chains.size(), 1U);
    EXPECT_EQ(graph.nodes.size(), 2U);
    EXPECT_EQ(chains[0].scale, scale);
    const Int128 last = ops::last_chain_key(chains[0].op, scale);
    EXPECT_GE(last, Int128{5} << scale);
    claims::Values keys;
    for (Int128 key = -last; key <= last; ++key) keys.push_back(key);
    const auto entries = ops::chain_entries(chains[0].op, keys, scale, scale);
    ASSERT_TRUE(entries);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      // Constants of models are floats of 24 bits.
      const double want = std::ldexp(f.real(dequantize(keys[i], scale)), scale);
      EXPECT_NEAR(static_cast<double>((*entries)[i]), want, 0.5 + 1e-4) << "key " << to_string(keys[i]);
    }
    const Reals got = testing::checked_run(graph, {line()}, args)[0];
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double x = dequantize(quantize_input(line()[i], DType::f32, scale), scale);
      EXPECT_NEAR(got[i], f.real(x), std::ldexp(0.5 + 1e-4, -scale)) << "element " << i;
    }
  }
}

TEST(Chains, OneOfTwoTensorsIsNone) {
  const ModelDef def =
      model_of({node("Sigmoid", {"x"}, {"s"}), node("ReduceSum", {"x"}, {"r"}, {}), node("Mul", {"s", "r"}, {"y"})});
  EXPECT_TRUE(chain_variables(build_float_graph(def, usual()), usual(),
                              std::vector<std::vector<FloatTensor>>{{{DType::f32, {1, width}, line()}}}, 1)
                  .empty());
  // A product with as many weights as elements is none of one number.
  const ModelDef weighted =
      model_of({node("Mul", {"x", "w"}, {"m"}), node("Tanh", {"m"}, {"y"})}, {{"w", floats({1, width}, line())}});
  EXPECT_EQ(with_chains(weighted, line()), usual());
}

TEST(Chains, WhatOthersReadStays) {
  const ModelDef def = model_of({node("Sigmoid", {"x"}, {"s"}), node("Mul", {"x", "s"}, {"u"}),
                                 node("ReduceSum", {"s"}, {"r"}), node("Add", {"u", "r"}, {"y"})});
  const RunArgs args = with_chains(def, line());
  const Graph graph = build_graph(def, args);
  EXPECT_EQ(chains_of(graph).size(), 1U);
  EXPECT_TRUE(
      std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const Node& n) { return n.op.kind == "Sigmoid"; }));
}

TEST(Chains, OnlyWhereTheVariableNamesThem) {
  const ModelDef def = model_of({node("Gelu", {"x"}, {"y"})});
  RunArgs args = usual();
  EXPECT_TRUE(chains_of(build_graph(def, args)).empty());
  args.variables.emplace_back("chain z#0", 256);
  EXPECT_TRUE(chains_of(build_graph(def, args)).empty());
  for (const std::size_t reach : {std::size_t{0}, std::size_t{1} << 31}) {
    args.variables.back().second = reach;
    EXPECT_THROW(build_graph(def, args), Error);
  }
}

TEST(Chains, NotInPublishedSemanticsNorOfParametersThatAreNotFixed) {
  const ModelDef def = model_of({node("Gelu", {"x"}, {"y"})});
  const RunArgs named = with_chains(def, line());
  ASSERT_NE(named, usual());
  RunArgs published = named, hidden = named;
  published.semantics = Semantics::published;
  hidden.param_visibility.kind = Visibility::Kind::private_;
  for (const RunArgs& args : {published, hidden}) {
    EXPECT_TRUE(chains_of(build_graph(def, args)).empty());
    RunArgs without = args;
    without.variables = usual().variables;
    EXPECT_EQ(with_chains(def, line(), without), without);
  }
}

TEST(Chains, KeysOutsideOfTheTableHaveNoWitness) {
  const ModelDef def = model_of({node("Gelu", {"x"}, {"y"})});
  const RunArgs args = with_chains(def, line());
  const Graph graph = build_graph(def, args);
  const claims::Record record = ezkl::record(graph, args);
  const Int128 last = ops::last_chain_key(chains_of(graph)[0].op, scale);
  for (const Int128 key : {last, -last, last + 1, -last - 1}) {
    claims::Values x(width, 0);
    x[3] = key;
    claims::Evaluation evaluation(record, {x});
    if (key >= -last && key <= last) {
      evaluation.run();
    } else {
      EXPECT_THROW(evaluation.run(), Error) << to_string(key);
    }
  }
}

TEST(Chains, TheResultIsBoundedByTheKeysThatThereCanBe) {
  // Of a sigmoid the keys are 0 to 1, whatever the reach says.
  const OpSpec op = [] {
    OpSpec out = ops::chain_op({{3, {0, 0}, 0}, {3, {1, 0}, 0}});  // x³
    out.attributes["reach"] = std::int64_t{2560};
    return out;
  }();
  const RunArgs args = usual();
  claims::Recorder w(args);
  const claims::Tensor x = w.input({3}, {0, 128}, true);
  const std::vector<Shape> shapes{{3}};
  const std::vector<int> scales{scale};
  const claims::Tensor y =
      op_entry("Chain").emit(w, {op, shapes, scales, args, args.semantics, "node"}, std::vector{x});
  EXPECT_EQ(w.interval(y), (claims::Interval{0, 128}));
  // Where nothing is proven of the key, the lookup proves it.
  claims::Recorder open(args);
  const claims::Tensor free = open.input({3}, {0, 128}, false);
  op_entry("Chain").emit(open, {op, shapes, scales, args, args.semantics, "node"}, std::vector{free});
  EXPECT_TRUE(open.is_proven(free));
  EXPECT_EQ(open.interval(free), (claims::Interval{-1280, 1280}));
}

TEST(Chains, FilesWithImpossibleChainsAreRefused) {
  using Codes = std::vector<std::int64_t>;
  const auto refused = [](Codes steps, Reals numbers) {
    const OpSpec op{"Chain",
                    {{"steps", std::move(steps)}, {"numbers", std::move(numbers)}, {"reach", std::int64_t{256}}}};
    try {
      ops::chain_entries(op, {0, 1}, scale, scale);
    } catch (const Error& e) {
      return e.fault() == Fault::format;
    }
    return false;
  };
  EXPECT_FALSE(refused({26, 0}, {0}));
  EXPECT_TRUE(refused({}, {}));
  EXPECT_TRUE(refused({26}, {0}));
  EXPECT_TRUE(refused({26, 0, 0}, {0}));
  EXPECT_TRUE(refused({26, 1}, {0})) << "a step that reads its own value";
  EXPECT_TRUE(refused({26, -1}, {0}));
  EXPECT_TRUE(refused({99, 0}, {0}));
  EXPECT_TRUE(refused({0}, {std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_TRUE(refused({38, 0}, {2.5})) << "a power that is no integer";
  EXPECT_TRUE(refused({38, 0}, {1e30}));
  EXPECT_TRUE(refused(Codes(130, 0), Reals(65, 0)));
}

TEST(Chains, WithoutAValueForSomeKeyThereIsNoTable) {
  const ModelDef def = model_of({node("Sqrt", {"x"}, {"r"}), node("Mul", {"x", "r"}, {"y"})});
  EXPECT_EQ(with_chains(def, Reals(width, 2)), usual()) << "keys of both signs, and no root below zero";
}

}  // namespace
}  // namespace ezkl
