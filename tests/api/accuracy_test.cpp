// The float model is what ONNX Runtime computes, and the accuracy report says how far the circuit lies from it.
#include "api/accuracy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "api/calibration_data.hpp"
#include "api/loaded_model.hpp"
#include "api/model_settings.hpp"
#include "artifact/input_file.hpp"
#include "base/files.hpp"
#include "ezkl/error.hpp"
#include "graph/execute.hpp"
#include "onnx/export.hpp"

namespace ezkl {
namespace {

const std::string data = EZKL_TEST_DATA;
const std::string mlp = data + "/models/mlp.onnx", mlp_input = data + "/models/mlp_input.json";

TEST(FloatModel, GivesWhatOnnxRuntimeComputes) {
  const auto wanted = nlohmann::json::parse(read_text(data + "/floats/outputs.json"));
  ASSERT_GE(wanted.size(), 8u);
  for (const auto& [model, lists] : wanted.items()) {
    const std::string folder = data + "/../../examples/models/" + model;
    const Graph graph = graph_of_file(folder + "/network.onnx", {});
    const auto samples = split_samples(load_input(folder + "/input.json"), input_specs(graph));
    const auto outputs = execute(graph, float_inputs(graph, samples.at(0)), {});
    ASSERT_EQ(outputs.size(), lists.size()) << model;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto numbers = lists[i].get<std::vector<double>>();
      ASSERT_EQ(outputs[i].data.size(), numbers.size()) << model;
      for (std::size_t j = 0; j < numbers.size(); ++j) {
        EXPECT_NEAR(outputs[i].data[j], numbers[j], 2e-5 * std::max(1.0, std::abs(numbers[j])))
            << model << " output " << i << " element " << j;
      }
    }
  }
}

TEST(FloatModel, ShowsEveryNodeOnceInOrder) {
  const Graph graph = graph_of_file(mlp, {});
  const auto samples = split_samples(load_input(mlp_input), input_specs(graph));
  std::vector<std::uint32_t> seen;
  FloatTensor last;
  execute(graph, float_inputs(graph, samples.at(0)), {}, [&](std::uint32_t node, const FloatTensor& value) {
    EXPECT_EQ(value.data.size(), volume(graph.nodes[node].shape));
    seen.push_back(node);
    if (node == graph.outputs[0]) last = value;
  });
  ASSERT_EQ(seen.size(), graph.nodes.size());
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  EXPECT_EQ(last.data, execute(graph, float_inputs(graph, samples.at(0)), {})[0].data);
}

TEST(FloatModel, EveryNodeHasItsOwnType) {
  Graph graph;
  const auto add = [&](const char* kind, DType type, std::vector<std::uint32_t> inputs) -> Node& {
    Node& node = graph.nodes.emplace_back();
    node.op.kind = kind;
    node.inputs = std::move(inputs);
    node.shape = {2};
    node.type = type;
    return node;
  };
  add("Input", DType::boolean, {});
  add("Identity", DType::i64, {0});
  add("Constant", DType::i64, {}).constant = std::make_shared<ConstantData>();
  graph.nodes.back().constant->floats = {70, 3};
  add("Add", DType::i64, {1, 2});
  graph.inputs = {0};
  graph.outputs = {3};
  const std::vector<FloatTensor> inputs{{DType::boolean, {2}, {1, 0}}};
  EXPECT_EQ(execute(graph, inputs, {}).at(0).data, (std::vector<double>{71, 3}));
}

TEST(FloatModel, TakesFieldElementsAsQuantizedNumbers) {
  const Graph graph = graph_of_file(mlp, {});  // input scale 7
  const auto felt = [](const std::string& low) { return '"' + low + std::string(62, '0') + '"'; };
  const auto of = [&](const std::string& list) {
    return float_inputs(graph, split_samples(load_input("{\"input_data\": [" + list + "]}"), input_specs(graph)).at(0));
  };
  EXPECT_EQ(of("[" + felt("40") + ", 0.25, 1, 0]")[0].data, (std::vector<double>{0.5, 0.25, 1, 0}));
}

TEST(ErrorStatistics, PartsMakeTheWhole) {
  const std::vector<double> wanted{1, -2, 0.5, std::nan(""), 4};
  const std::vector<Int128> got{4, -9, 2, 0, 15};
  ErrorStatistics whole, parts, other;
  whole.add(wanted, got, 2);
  parts.add(std::span(wanted).first(2), std::span(got).first(2), 2);
  other.add(std::span(wanted).subspan(2), std::span(got).subspan(2), 2);
  parts.add(other);
  parts.add(ErrorStatistics{});
  EXPECT_EQ(whole.elements, 4u);
  EXPECT_EQ(whole.max, 0.25);
  EXPECT_EQ(whole.mean, 0.125);
  EXPECT_EQ(whole.largest_value, 4);
  EXPECT_EQ(parts.elements, whole.elements);
  EXPECT_EQ(parts.max, whole.max);
  EXPECT_DOUBLE_EQ(parts.mean, whole.mean);
  EXPECT_EQ(whole.relative(), 0.0625);
}

TEST(Accuracy, LargerScalesBringTheOutputsCloser) {
  const AccuracyReport report = accuracy_report(mlp, {}, mlp_input);
  EXPECT_EQ(report.samples, 1u);
  ASSERT_EQ(report.trials.size(), 5u);
  EXPECT_GT(report.trials.front().outputs.mean, 10 * report.trials.back().outputs.mean);
  EXPECT_EQ(report.trials[2].input_scale, 7);
  ASSERT_EQ(report.outputs.size(), 1u);
  EXPECT_EQ(report.trials[2].outputs.mean, report.outputs[0].total.mean);
  EXPECT_GT(report.outputs[0].total.max, 0);
  EXPECT_LT(report.outputs[0].total.max, 0.1);
  ASSERT_LT(report.worst_node, report.nodes.size());
  for (const NodeAccuracy& n : report.nodes) {
    EXPECT_LE(n.local.relative(), report.nodes[report.worst_node].local.relative()) << n.name;
  }
  EXPECT_NE(report.advice.find("input_scale of 11"), std::string::npos) << report.advice;
}

TEST(Accuracy, EveryFormNamesEveryNode) {
  AccuracyReport report = accuracy_report(mlp, {}, mlp_input);
  report.nodes[1].name = "<b>\"&";
  const auto json = nlohmann::json::parse(accuracy_json(report));
  EXPECT_EQ(json.at("nodes").size(), report.nodes.size());
  EXPECT_EQ(json.at("nodes")[1].at("name"), "<b>\"&");
  EXPECT_NEAR(json.at("outputs")[0].at("total").at("mean_error").get<double>(), report.outputs[0].total.mean, 1e-6);
  const std::string html = accuracy_html(report), text = accuracy_text(report);
  EXPECT_EQ(html.find("<b>\"&"), std::string::npos);
  EXPECT_NE(html.find("&lt;b&gt;&quot;&amp;"), std::string::npos);
  for (std::size_t i = 2; i < report.nodes.size(); ++i) {
    EXPECT_NE(html.find(report.nodes[i].name), std::string::npos);
    EXPECT_NE(text.find(report.nodes[i].name), std::string::npos);
  }
  EXPECT_EQ(html.find("nan"), std::string::npos);
}

TEST(Accuracy, AnExactModelHasNoWorstNode) {
  const std::string whole = R"({"input_data": [[1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1], [0, 1, 2, 2, 1, 0]]})";
  const AccuracyReport report = accuracy_report(data + "/models/topk_gather.onnx", {}, whole);
  EXPECT_EQ(report.worst_node, report.nodes.size());
  EXPECT_NE(report.advice.find("exactly"), std::string::npos) << report.advice;
  EXPECT_NE(accuracy_html(report).find("No trial shows an error"), std::string::npos);
}

// A weight far below the scale's step decides in floats and is gone in the circuit.
TEST(Accuracy, AnotherDecisionThanTheFloatModelsIsFlagged) {
  ModelDef model;
  model.opsets[""] = 17;
  NodeDef node;
  node.name = "decide";
  node.op_type = "MatMul";
  node.inputs = {"x", "w"};
  node.outputs = {"y"};
  model.graph.nodes = {node};
  ValueDef x, y;
  x.name = "x";
  x.shape = {{1, ""}, {2, ""}};
  y.name = "y";
  y.shape = x.shape;
  model.graph.inputs = {x};
  model.graph.outputs = {y};
  model.graph.initializers["w"] = {DType::f32, {2, 2}, {1, 1, 0.001, 0.003}};
  const auto path = std::filesystem::path(testing::TempDir()) / "ezkl_decision.onnx";
  write_file_atomically(path, onnx_bytes(model));
  const std::string trigger = R"({"input_data": [[0.25, 1]]})", harmless = R"({"input_data": [[0.25, 0]]})";
  const AccuracyReport flagged = accuracy_report(path, {}, trigger);
  EXPECT_TRUE(flagged.classifies);
  EXPECT_EQ(flagged.alike, 0u);
  EXPECT_EQ(accuracy_text(flagged).rfind("0 of 1 sample classified alike", 0), 0u);
  EXPECT_NE(flagged.advice.find("decides otherwise"), std::string::npos) << flagged.advice;
  const AccuracyReport same = accuracy_report(path, {}, harmless);
  EXPECT_EQ(same.alike, 1u);
  EXPECT_EQ(same.advice.find("decides otherwise"), std::string::npos) << same.advice;
  std::filesystem::remove(path);
}

TEST(Accuracy, DataOfAnotherShapeIsNamed) {
  try {
    accuracy_report(mlp, {}, R"({"input_data": [[1, 2, 3]]})");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format);
    EXPECT_NE(std::string(e.what()).find("not a multiple of the 4"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace ezkl
