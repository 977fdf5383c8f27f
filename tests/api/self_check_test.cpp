// Witnesses beside the original float model.
#include "api/self_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "../graph/model_text.hpp"
#include "../temp_folder.hpp"
#include "api/accuracy.hpp"
#include "api/calibrate.hpp"
#include "api/calibration_data.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/witness_file.hpp"
#include "base/files.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/build_graph.hpp"
#include "graph/record.hpp"
#include "onnx/export.hpp"

namespace ezkl {
namespace {

namespace fs = std::filesystem;
using namespace ezkl::testing;

TEST(SelfCheck, ToleranceShrinksWithTheOutput) {
  EXPECT_DOUBLE_EQ(allowed_error(10, 10), 0.1 + 0x1p-8);
  EXPECT_DOUBLE_EQ(allowed_error(0, 0.016), 0.001);
  EXPECT_EQ(allowed_error(0, 0), 0);
}

TEST(SelfCheck, TheClassIsALabelOrWhereTheLargestScoreStands) {
  const FloatTensor label{DType::i64, {1}, {3}}, scores{DType::f32, {1, 3}, {0.1, 0.7, 0.2}},
      image{DType::f32, {1, 3, 4, 4}, std::vector<double>(48, 0)}, number{DType::f32, {1, 1}, {2}};
  EXPECT_TRUE(class_output({}, {scores, label})->by_value);
  EXPECT_EQ(class_output({}, {scores, label})->output, 1u);
  EXPECT_FALSE(class_output({}, {number, scores})->by_value);
  EXPECT_EQ(class_output({}, {number, scores})->output, 1u);
  EXPECT_FALSE(class_output({}, {number, image}));
}

TEST(SelfCheck, AVectorIsScoresWhereALayerOfItsWidthMakesIt) {
  const FloatTensor vector{DType::f32, {3}, {0.1, 0.7, 0.2}}, weights = floats({4, 3}, std::vector<double>(12, 1));
  const auto scores = [&](const std::vector<NodeDef>& nodes, const FloatTensor& w) {
    return class_output(model({value("x", {4})}, nodes, {{"w", w}, {"b", floats({3}, {1, 2, 3})}}).graph, {vector})
        .has_value();
  };
  EXPECT_TRUE(scores({node("MatMul", {"x", "w"}, {"p"}), node("Add", {"p", "b"}, {"y"})}, weights));
  EXPECT_TRUE(scores({node("MatMul", {"x", "w"}, {"p"}), node("Add", {"b", "p"}, {"y"})}, weights));
  EXPECT_TRUE(scores({node("Gemm", {"x", "w", "b"}, {"g"}), node("Squeeze", {"g"}, {"y"})}, weights));
  EXPECT_TRUE(scores({node("Exp", {"x"}, {"e"}), node("Softmax", {"e"}, {"y"})}, weights));
  // Three rows of a regression, growth rates, a softmax that something is computed from.
  EXPECT_FALSE(
      scores({node("Gemm", {"x", "w", "b"}, {"g"}), node("Squeeze", {"g"}, {"y"})}, floats({4, 1}, {1, 1, 1, 1})));
  EXPECT_FALSE(scores({node("Div", {"x", "b"}, {"d"}), node("Sub", {"d", "b"}, {"y"})}, weights));
  EXPECT_FALSE(scores({node("Softmax", {"x"}, {"s"}), node("Mul", {"s", "b"}, {"y"})}, weights));
  EXPECT_FALSE(scores({node("Add", {"x", "b"}, {"y"})}, weights));
}

TEST(SelfCheck, NanOfTheFloatModelIsNamedWithItsNode) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Sqrt", {"x"}, {"s"}), node("Neg", {"s"}, {"y"})});
  const Graph graph = build_graph(def, {});
  const claims::Record claims = record(graph, {});
  const InputData sample = parse_input_json(R"({"input_data": [[4, -4]]})", "test");
  const SelfCheck judge(def, graph, claims);
  const std::vector<claims::Values> outputs{claims::Values{-(Int128{2} << graph.nodes[graph.outputs[0]].scale), 0}};
  const SampleVerdict verdict = judge.judge(float_outputs(def, graph, sample), outputs);
  EXPECT_FALSE(verdict.holds());
  EXPECT_FALSE(verdict.beyond);
  EXPECT_EQ(verdict.largest_error, 0);
  const std::string report = judge.report(sample, verdict);
  EXPECT_NE(report.find("element 1 is 0, the float model gives NaN"), std::string::npos) << report;
  EXPECT_NE(report.find("begins at node 's' (Sqrt)"), std::string::npos) << report;
}

TEST(SelfCheck, AnElementIsNamedOnce) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Neg", {"x"}, {"y"})});
  const Graph graph = build_graph(def, {});
  const claims::Record claims = record(graph, {});
  const InputData sample = parse_input_json(R"({"input_data": [[1, 2]]})", "test");
  SampleVerdict verdict;
  verdict.beyond = verdict.other_class = ElementDifference{"y", 1, 3, -2};
  const std::string one = SelfCheck(def, graph, claims).report(sample, verdict);
  EXPECT_EQ(one.find("the circuit decides otherwise: output 'y', element 1 is 3, the float model gives -2 (1 %"), 0u)
      << one;
  EXPECT_EQ(one.find("element 1"), one.rfind("element 1")) << one;
  verdict.beyond->element = 0;
  const std::string two = SelfCheck(def, graph, claims).report(sample, verdict);
  EXPECT_NE(two.find("element 1"), std::string::npos) << two;
  EXPECT_NE(two.find("element 0"), std::string::npos) << two;
}

TEST(SelfCheck, TheFloatModelGetsTheListsThatTheCircuitGets) {
  const ModelDef def = model({value("x", {1, 2}), value("z", {1, 2})}, {node("Sub", {"x", "z"}, {"y"})});
  const Graph graph = build_graph(def, {});
  InputData data = parse_input_json(R"({"input_data": [[9, 9], [1, 2], [3, 5]]})", "test");
  EXPECT_EQ(float_outputs(def, graph, data)[0].data, (std::vector<double>{8, 7}));
  data.names = {"more", "z", "x"};
  EXPECT_EQ(float_outputs(def, graph, data)[0].data, (std::vector<double>{2, 3}));
}

TEST(SelfCheck, SaysHowMuchOfTheRangesIsUsed) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Sigmoid", {"x"}, {"y"})});
  RunArgs args;
  args.lookup_range = {-512, 1024};
  args.decomp_base = 64;
  args.decomp_legs = 3;
  const InputData sample = parse_input_json(R"({"input_data": [[2, -1]]})", "test");
  const Graph graph = build_graph(def, args);
  const claims::Record claims = record(graph, args);
  const SelfCheckResult result = self_check({def, graph, claims}, args, {sample}, {});
  EXPECT_DOUBLE_EQ(result.keys_used, 0.25);  // -1 at scale 7 is 128 of 512; above, the table reaches its flat end
  // The largest value is where the table's flat end begins, at 6.5.
  EXPECT_NEAR(result.values_used, 6.5 * 128 / (64 * 64 * 64), 1e-4);
}

TEST(SelfCheck, AFlatEndIsNoEndOfATable) {
  const ModelDef def = model({value("x", {1, 2})}, {node("Sigmoid", {"x"}, {"y"})});
  RunArgs args;
  args.lookup_range = {-1024, 1024};  // at scale 7 the function is flat from 6.5 on
  const Graph graph = build_graph(def, args);
  const claims::Record claims = record(graph, args);
  const auto used = [&](const RunArgs& of, const claims::Record& record, const char* text) {
    return self_check({def, graph, record}, of, {parse_input_json(text, "test")}, {}).keys_used;
  };
  EXPECT_EQ(used(args, claims, R"({"input_data": [[100, -100]]})"), 0) << "what lies further out has a place";
  RunArgs short_args = args;
  short_args.lookup_range = {-256, 1024};
  const claims::Record ended = record(graph, short_args);
  EXPECT_DOUBLE_EQ(used(short_args, ended, R"({"input_data": [[100, -2]]})"), 1) << "below, the table ends";
}

/// A compiled model in a folder of its own. The last column of the weights is below a step of scale 7.
class FloatWitness : public ::testing::Test {
 protected:
  static RunArgs small_args() {
    RunArgs args;
    args.logrows = 10;
    args.decomp_base = 64;
    args.decomp_legs = 5;
    return args;
  }

  void compile(const ModelDef& model, bool keep_float = true, const RunArgs& args = small_args()) {
    write_file_atomically(here_ / "network.onnx", onnx_bytes(model));
    gen_settings(here_ / "network.onnx", here_ / "settings.json", args);
    compile_circuit(here_ / "network.onnx", here_ / "model.compiled", here_ / "settings.json", 0, keep_float);
  }

  static ModelDef lossy() {
    return model({value("x", {1, 2})}, {node("Relu", {"x"}, {"r"}), node("MatMul", {"r", "w"}, {"y"})},
                 {{"w", floats({2, 2}, {1, 1, 0.001, 0.003})}});
  }

  /// The warning or the error of gen-witness.
  std::string said(const std::string& data, const WitnessCheck& check = {}) {
    ::testing::internal::CaptureStderr();
    std::string refused;
    fs::remove(here_ / "witness.json");
    try {
      gen_witness(data, here_ / "model.compiled", here_ / "witness.json", std::nullopt, std::nullopt, check);
    } catch (const Error& e) {
      refused = e.what();
    }
    const std::string logged = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(fs::exists(here_ / "witness.json"), refused.empty());
    return refused.empty() ? logged : "refused: " + refused;
  }

  TempFolder here_;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(FloatWitness, WarnsOfAnotherClassAndNamesTheNode) {
  compile(lossy());
  const std::string other = R"({"input_data": [[0.25, 1]]})", same = R"({"input_data": [[0.25, 0]]})";
  const std::string warning = said(other);
  EXPECT_TRUE(contains(warning, "decides otherwise: output 'y'")) << warning;
  EXPECT_TRUE(contains(warning, "begins at node 'y' (MatMul)")) << warning;
  EXPECT_TRUE(contains(warning, "param_scale")) << warning;
  EXPECT_EQ(said(same), "");
  WitnessCheck check;
  check.same_class = true;
  EXPECT_TRUE(contains(said(other, check), "refused: the circuit decides otherwise"));
  EXPECT_EQ(said(same, check), "");
}

TEST_F(FloatWitness, RefusesErrorsBeyondTheLimit) {
  compile(lossy());
  const std::string data = R"({"input_data": [[0.25, 1]]})";
  WitnessCheck check;
  check.max_error = 0.002;
  EXPECT_TRUE(contains(said(data, check), "refused: the largest error of an output is 0.003")) << said(data, check);
  check.max_error = 0.01;
  EXPECT_FALSE(contains(said(data, check), "refused"));
}

TEST_F(FloatWitness, ASampleOutsideTheRangesNamesArgumentsThatTakeIt) {
  const ModelDef curve = model({value("x", {1, 2})}, {node("Sigmoid", {"x"}, {"y"})});
  RunArgs args = small_args();
  args.lookup_range = {-512, 512};
  compile(curve, true, args);
  const std::string far = R"({"input_data": [[0.5, 6]]})", error = said(far);
  EXPECT_TRUE(contains(error, "refused: ")) << error;
  EXPECT_TRUE(contains(error, "or with lookup_range -512:1536")) << error;
  args.lookup_range = {-512, 1536};
  args.logrows = 12;
  compile(curve, true, args);
  EXPECT_EQ(said(far), "");

  const ModelDef square = model({value("x", {1, 1})}, {node("Mul", {"x", "x"}, {"y"})});
  args = small_args();
  compile(square, true, args);
  const std::string large = R"({"input_data": [[40000]]})", refusal = said(large);
  EXPECT_TRUE(contains(refusal, "or with decomp_base 64 and decomp_legs 7")) << refusal;
  args.decomp_legs = 7;
  compile(square, true, args);
  EXPECT_EQ(said(large), "");
}

TEST_F(FloatWitness, LongTablesAreAdvisedWithTheirPrice) {
  RunArgs args = small_args();
  args.lookup_range = {-512, 511};
  compile(model({value("x", {1, 2})}, {node("Sigmoid", {"x"}, {"y"})}), true, args);
  const std::string error = said(R"({"input_data": [[0.5, 1000]]})");
  EXPECT_TRUE(contains(error, "lookup_range -512:256000 (function tables 251 times as long)")) << error;
}

TEST_F(FloatWitness, NoTableIsAdvisedThatNoCircuitHolds) {
  RunArgs args = small_args();
  args.lookup_range = {-512, 512};
  compile(model({value("x", {1, 2})}, {node("Sigmoid", {"x"}, {"y"})}), true, args);
  const std::string error = said(R"({"input_data": [[0.5, 1e12]]})");
  EXPECT_TRUE(contains(error, "refused: ")) << error;
  EXPECT_FALSE(contains(error, "or with")) << error;
  EXPECT_TRUE(contains(error, "a circuit has at most 2^26")) << error;
}

/// A model of whole numbers: y = x + x.
ModelDef doubled(DType type) { return model({value("img", {1, 2}, type)}, {node("Add", {"img", "img"}, {"y"})}); }

TEST_F(FloatWitness, IntegersTakeWholeNumbersEverywhere) {
  RunArgs args = small_args();
  args.decomp_legs = 10;
  compile(doubled(DType::i64), true, args);
  EXPECT_EQ(said(R"({"input_data": [[9007199254740993, 2.0]]})"), "");
  EXPECT_EQ(read_witness(here_ / "witness.json").outputs[0],
            (claims::Felts{Fr::from_i128(Int128{18014398509481986}), Fr::from_u64(4)}));
  compile(doubled(DType::u8));
  const std::string half = R"({"input_data": [[1, 0.5]]})", part = "element 1: 0.5 for an input of type uint8";
  EXPECT_TRUE(contains(said(half), part)) << said(half);
  const Graph graph = graph_of_file(here_ / "network.onnx", small_args());
  const auto refuses = [&](const std::function<void()>& body) {
    try {
      body();
      ADD_FAILURE() << "taken";
    } catch (const Error& e) {
      EXPECT_TRUE(contains(e.what(), part) && contains(e.what(), "which takes whole numbers")) << e.what();
    }
  };
  const std::vector<InputData> samples = split_samples(load_input(half), input_specs(graph));
  refuses([&] { float_inputs(graph, samples.at(0)); });
  refuses([&] { inputs_given_as_felts(graph, samples); });  // with which gen-settings begins
  refuses([&] { accuracy_report(here_ / "network.onnx", small_args(), half); });
  refuses([&] { calibrate(half, here_ / "network.onnx", here_ / "settings.json", {}); });
}

TEST_F(FloatWitness, SamplesOneToAListAreNamed) {
  compile(lossy());
  const std::string rows = said(R"({"input_data": [[0.25, 0], [1, 0], [1, 0]]})");
  EXPECT_TRUE(contains(rows, "samples are given one after the other")) << rows;
  const std::string all = said(R"({"input_data": [[0.25, 0, 1, 0, 1, 0]]})");
  EXPECT_TRUE(contains(all, "the list holds 6: these are 3 samples, a witness is about one")) << all;
}

TEST_F(FloatWitness, ListsBeyondTheModelsInputsAreIgnored) {
  compile(lossy());
  const std::string warning = said(R"({"input_data": [[0.25, 0], [7]]})");
  EXPECT_TRUE(contains(warning, "the rest is ignored")) << warning;
  EXPECT_FALSE(contains(warning, "float model")) << warning;
}

TEST_F(FloatWitness, SaysThatItWasNotChecked) {
  compile(lossy(), false);
  EXPECT_FALSE(read_compiled(here_ / "model.compiled").float_model);
  EXPECT_TRUE(contains(said(R"({"input_data": [[0.25, 1]]})"), "not checked against the float model"));
  WitnessCheck check;
  check.same_class = true;
  EXPECT_TRUE(contains(said(R"({"input_data": [[0.25, 1]]})", check), "refused: there is nothing to compare with"));
}

// A key made for one serves the other.
TEST_F(FloatWitness, TheFloatModelIsNoPartOfTheDigest) {
  compile(lossy());
  const CompiledModel with = read_compiled(here_ / "model.compiled");
  ASSERT_TRUE(with.float_model);
  EXPECT_EQ(onnx_bytes(*with.float_model), onnx_bytes(lossy()));
  compile_circuit(here_ / "network.onnx", here_ / "model.compiled", here_ / "settings.json", 0, false);
  EXPECT_EQ(read_compiled(here_ / "model.compiled").digest, with.digest);
}

}  // namespace
}  // namespace ezkl
