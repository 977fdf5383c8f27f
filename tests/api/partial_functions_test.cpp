// Functions that have no value for some numbers: whoever gives them one is told, by the error of an evaluation or by
// the check against the float model, and never gets a number without a word. Beside it what is defined is held.
#include <gtest/gtest.h>

#include <cmath>

#include "../graph/model_text.hpp"
#include "api/loaded_model.hpp"
#include "api/self_check.hpp"
#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/record.hpp"

namespace ezkl {
namespace {

using namespace ezkl::testing;

struct Partial {
  std::string name;
  ModelDef model;
  std::string defined, undefined;  ///< input data as JSON
  std::string word;                ///< in what is said of the second
};

ModelDef unary(const std::string& op, std::map<std::string, AttributeDef> attributes = {}) {
  return model({value("x", {1, 2})}, {node(op, {"x"}, {"y"}, std::move(attributes))});
}

ModelDef by_constant(const std::string& op, double constant, DType type = DType::f32,
                     std::map<std::string, AttributeDef> attributes = {}) {
  return model({value("x", {1, 2}, type)}, {node(op, {"x", "k"}, {"y"}, std::move(attributes))},
               {{"k", {type, {}, {constant}}}});
}

ModelDef binary(const std::string& op, DType type = DType::f32, std::map<std::string, AttributeDef> attributes = {}) {
  return model({value("a", {1, 2}, type), value("b", {1, 2}, type)},
               {node(op, {"a", "b"}, {"y"}, std::move(attributes))});
}

ModelDef reduced(const std::string& op) {
  return model({value("x", {1, 2})}, {node(op, {"x"}, {"y"}, {{"axes", integers({1})}})});
}

std::vector<Partial> partial_functions() {
  const std::string one = R"({"input_data": [[)", two = "]]}";
  const auto x = [&](const std::string& list) { return one + list + two; };
  const auto ab = [&](const std::string& a, const std::string& b) { return one + a + "], [" + b + two; };
  return {
      {"log of 0", unary("Log"), x("0.5, 3"), x("0, 3"), "infinity"},
      {"log of a negative number", unary("Log"), x("0.5, 3"), x("-1, 3"), "NaN"},
      {"root", unary("Sqrt"), x("4, 0"), x("-4, 4"), "NaN"},
      {"reciprocal", unary("Reciprocal"), x("4, -0.5"), x("4, 0"), "infinity"},
      {"arc sine", unary("Asin"), x("0.5, -1"), x("0.5, -1.5"), "NaN"},
      {"arc cosine", unary("Acos"), x("0.5, -1"), x("2, 0"), "NaN"},
      {"inverse cosh", unary("Acosh"), x("1, 3"), x("0.5, 3"), "NaN"},
      {"inverse tanh", unary("Atanh"), x("0.5, -0.25"), x("1.5, 0"), "NaN"},
      {"inverse tanh of 1", unary("Atanh"), x("0.5, -0.25"), x("0.5, 1"), "y"},
      {"division by 0", binary("Div"), ab("1, 2", "4, -2"), ab("1, 2", "4, 0"), "infinity"},
      {"0 by 0", binary("Div"), ab("1, 0", "4, -2"), ab("1, 0", "4, 0"), "NaN"},
      {"division by a constant 0", by_constant("Div", 0), "", x("1, 2"), "infinit"},
      {"integers by 0", binary("Div", DType::i64), ab("7, -7", "2, 2"), ab("7, 7", "2, 0"), "y"},
      {"remainder by 0", binary("Mod", DType::i64), ab("7, -7", "2, 2"), ab("7, 7", "2, 0"), "y"},
      {"remainder of floats by 0", binary("Mod", DType::f32, {{"fmod", integer(1)}}), ab("7, -7", "2, 4"),
       ab("7, 7", "2, 0"), "y"},
      {"root by a power", by_constant("Pow", 0.5), x("4, 2"), x("4, -2"), "NaN"},
      {"one and a half times a root", by_constant("Pow", 1.5), x("4, 2"), x("4, -2"), "NaN"},
      {"power of a third", by_constant("Pow", 1.0 / 3), x("4, 2"), x("4, -2"), "NaN"},
      {"power of -1", by_constant("Pow", -1), x("4, -2"), x("4, 0"), "infinity"},
      {"power of -1/2", by_constant("Pow", -0.5), x("4, 2"), x("4, 0"), "infinity"},
      {"power of two tensors", binary("Pow"), ab("2, 1.5", "1.5, -1"), ab("-2, 1.5", "1.5, 1"), "NaN"},
      {"log of a sum", reduced("ReduceLogSum"), x("0.5, 3"), x("1, -1"), "infinity"},
      {"log of a negative sum", reduced("ReduceLogSum"), x("0.5, 3"), x("1, -3"), "NaN"},
      {"exponential", unary("Exp"), x("0.5, -3"), x("0.5, 100"), ""},
  };
}

RunArgs fine() {
  RunArgs args;
  args.input_scale = args.param_scale = 11;
  args.decomp_legs = 4;
  args.lookup_range = {-1 << 16, 1 << 16};
  return args;
}

/// What is said of a sample; nothing where its numbers are right.
std::string said(const ModelDef& def, const std::string& data) {
  try {
    const Graph graph = build_graph(def, fine());
    const claims::Record claims = record(graph, fine());
    const InputData sample = parse_input_json(data, "test");
    const SelfCheck judge(def, graph, claims);
    const std::vector<FloatTensor> floats = float_outputs(def, graph, sample);
    claims::Evaluation evaluation(claims, quantize_inputs(sample, input_specs(graph)));
    evaluation.run();
    return judge.report(sample, judge.judge(floats, evaluation.outputs()));
  } catch (const Error& e) {
    EXPECT_NE(e.fault(), Fault::internal) << e.what();
    return e.what();
  }
}

TEST(PartialFunctions, AreHeldWhereTheyAreDefinedAndSpokenOfWhereNot) {
  for (const Partial& function : partial_functions()) {
    SCOPED_TRACE(function.name);
    if (!function.defined.empty()) {
      EXPECT_EQ(said(function.model, function.defined), "");
    }
    if (function.undefined.empty()) continue;
    const std::string words = said(function.model, function.undefined);
    EXPECT_NE(words, "");
    EXPECT_NE(words.find(function.word), std::string::npos) << words;
  }
}

/// A guard in the model makes a number of what has none: then there is nothing to say.
TEST(PartialFunctions, GuardsOfTheModelAreFollowed) {
  const FloatTensor zero{DType::f32, {}, {0}};
  for (const char* op : {"Log", "Sqrt", "Reciprocal"}) {
    SCOPED_TRACE(op);
    const ModelDef def =
        model({value("x", {1, 2})},
              {node("Greater", {"x", "zero"}, {"g"}), node(op, {"x"}, {"f"}), node("Where", {"g", "f", "zero"}, {"y"})},
              {{"zero", zero}});
    EXPECT_EQ(said(def, R"({"input_data": [[4, -2]]})"), "");
    EXPECT_EQ(said(def, R"({"input_data": [[4, 0]]})"), "");
  }
}

}  // namespace
}  // namespace ezkl
