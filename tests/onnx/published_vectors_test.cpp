// The operator vectors of the published package: from model.onnx and input.json to its output integers, bit for bit.
#include <gtest/gtest.h>

#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/printer.hpp"
#include "graph/record.hpp"
#include "onnx/import.hpp"
#include "tensor/quantize.hpp"
#include "vector_case.hpp"

namespace ezkl {
namespace {

using testing::VectorCase;

const std::vector<VectorCase>& cases() {
  static const std::vector<VectorCase> all = testing::read_vector_cases(std::string(EZKL_SHARED) + "/vectors/ops");
  return all;
}

std::vector<claims::Values> quantize_inputs(const Graph& graph, const VectorCase& c) {
  std::vector<claims::Values> inputs;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const Node& node = graph.nodes[graph.inputs[i]];
    inputs.emplace_back();
    for (const double v : c.input_data.at(i)) inputs.back().push_back(quantize_input(v, node.type, node.scale));
  }
  return inputs;
}

class PublishedVector : public ::testing::TestWithParam<std::size_t> {};

TEST_P(PublishedVector, OutputsAreTheSameIntegers) {
  const VectorCase& c = cases()[GetParam()];
  if (!c.has_witness) GTEST_SKIP() << "the published package refuses this model";
  Graph graph;
  try {
    graph = build_graph(read_onnx(c.model), c.args);
    const std::vector<claims::Values> inputs = quantize_inputs(graph, c);
    EXPECT_EQ(inputs, c.inputs);
    const claims::Record record = ezkl::record(graph, c.args);
    claims::Evaluation evaluation(record, inputs);
    evaluation.run();
    EXPECT_TRUE(evaluation.outputs() == c.outputs) << to_string(graph);
    std::vector<int> scales;
    for (const std::uint32_t output : graph.outputs) scales.push_back(graph.nodes[output].scale);
    EXPECT_EQ(scales, c.output_scales) << to_string(graph);
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what() << "\n" << to_string(graph);
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, PublishedVector, ::testing::Range<std::size_t>(0, cases().size()),
                         [](const auto& parameter) { return cases()[parameter.param].name; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PublishedVector);

}  // namespace
}  // namespace ezkl
