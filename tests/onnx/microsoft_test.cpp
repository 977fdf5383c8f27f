// Operators of onnxruntime's own (com.microsoft): what onnxruntime makes of one node of each is stored, and both the
// float run and the circuit give it; integers that follow from integers exactly, ties included.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "../floatrun/case_file.hpp"
#include "../graph/checked_run.hpp"
#include "graph/frontend/converter.hpp"

namespace ezkl {
namespace {

using testing::FloatCase;

const std::vector<FloatCase>& cases() {
  static const auto all = testing::read_case_file(std::string(EZKL_TEST_DATA) + "/onnxruntime/microsoft.bin");
  return all;
}

const std::string& op_of(const FloatCase& test) { return test.model.graph.nodes[0].op_type; }

/// onnxruntime's softmax of integers goes by tables of its own.
double allowed_steps(const FloatCase& test) { return op_of(test) == "QLinearSoftmax" ? 1 : 0; }

TEST(Microsoft, FloatRunGivesWhatOnnxruntimeGives) {
  EXPECT_GT(cases().size(), 60U);
  for (const FloatCase& test : cases()) {
    SCOPED_TRACE(test.name);
    const auto got = floatrun::run(test.model, test.inputs);
    ASSERT_EQ(got.size(), test.expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (allowed_steps(test) == 0) {
        EXPECT_EQ(testing::difference(*got[i], test.expected[i], 2e-4), "") << "output " << i;
        continue;
      }
      for (std::size_t k = 0; k < got[i]->size(); ++k) {
        EXPECT_LE(std::fabs(got[i]->number(k) - test.expected[i].data[k]), allowed_steps(test)) << "element " << k;
      }
    }
  }
}

TEST(Microsoft, CircuitGivesWhatOnnxruntimeGives) {
  RunArgs args;
  args.input_scale = args.param_scale = 13;
  args.decomp_legs = 4;
  args.lookup_range = {-1 << 18, 1 << 18};
  for (const FloatCase& test : cases()) {
    SCOPED_TRACE(test.name);
    const Graph graph = build_graph(test.model, args);
    std::vector<std::vector<double>> inputs;
    for (const std::string& name : graph.input_names) {
      inputs.push_back(floatrun::to_stored(*test.inputs.at(name)).data);
    }
    const auto got = testing::checked_run(graph, inputs, args, 1);
    ASSERT_EQ(got.size(), test.expected.size());
    // The bytes that dynamic quantization makes of floats may be off by one where a float lies between two.
    const double tolerance = op_of(test) == "DynamicQuantizeMatMul" ? 0.02 : 0.003;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const FloatTensor& want = test.expected[i];
      ASSERT_EQ(got[i].size(), want.data.size());
      EXPECT_EQ(graph.nodes[graph.outputs[i]].type, want.type);
      for (std::size_t k = 0; k < want.data.size(); ++k) {
        const double allowed = is_integer(want.type) ? allowed_steps(test) : tolerance * (1 + std::fabs(want.data[k]));
        EXPECT_LE(std::fabs(got[i][k] - want.data[k]), allowed)
            << "output " << i << " element " << k << " is " << got[i][k] << ", should be " << want.data[k];
      }
    }
  }
}

TEST(Microsoft, EveryOperatorIsStored) {
  std::set<std::string> stored;
  for (const FloatCase& test : cases()) stored.insert(op_of(test));
  for (const ConverterEntry* entry : all_converters()) {
    if (entry->domain != "com.microsoft") continue;
    EXPECT_EQ(stored.count(std::string(entry->op_type)), 1U) << entry->op_type;
    EXPECT_TRUE(floatrun::has_kernel("com.microsoft", std::string(entry->op_type))) << entry->op_type;
  }
}

TEST(Microsoft, OthersAreRefusedByTheirName) {
  ModelDef model = cases()[0].model;
  model.graph.nodes[0].op_type = "QAttention";
  try {
    build_graph(model, {});
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsupported);
    EXPECT_NE(std::string(e.what()).find("QAttention"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("onnxruntime"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace ezkl
