// ONNX's own node tests with every input an initializer: what is folded when a model is read is what ONNX says, in
// ONNX's types. With data as inputs of the model, as ONNX has them, the same nodes are run elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "node_seeds.hpp"

namespace ezkl {
namespace {

using Json = nlohmann::json;

/// Where ours is not ONNX's, and why.
const std::map<std::string, std::string>& exceptions() {
  static const std::map<std::string, std::string> all = {
      {"test_averagepool_2d_ceil_last_window_starts_on_pad", "its stored results have four digits"},
      {"test_gridsample_bicubic", "its stored results have four digits"},
      {"test_bitcast_float32_to_int32", "the bits of a float"},
      {"test_bitcast_2d_float32_to_int32", "the bits of a float"},
      {"test_bitcast_scalar_float32_to_int32", "the bits of a float"},
      {"test_bitcast_int32_to_float32", "the bits of a float"},
      {"test_bitcast_float64_to_int64", "the bits of a float"},
      {"test_bitcast_int64_to_float64", "the bits of a float"},
  };
  return all;
}

std::string difference(const Graph& graph, const Json& outputs) {
  std::vector<Json> wanted_outputs;
  std::copy_if(outputs.begin(), outputs.end(), std::back_inserter(wanted_outputs),
               [](const Json& o) { return o.is_object(); });
  for (std::size_t k = 0; k < graph.outputs.size(); ++k) {
    const Node& node = graph.nodes[graph.outputs[k]];
    if (node.op.kind != "Constant") return "output " + std::to_string(k) + " is computed by " + node.op.kind;
    const FloatTensor want = testing::tensor_of(wanted_outputs.at(k));
    if (node.constant->floats.size() != want.data.size()) return "output " + std::to_string(k) + " has another size";
    for (std::size_t i = 0; i < want.data.size(); ++i) {
      const double have = node.constant->floats[i], wanted = want.data[i];
      const double step = want.type == DType::f16 ? 2e-3 : 2e-5;
      if (std::fabs(have - wanted) <= (is_float(want.type) ? step * (1 + std::fabs(wanted)) : 0)) continue;
      return "output " + std::to_string(k) + "[" + std::to_string(i) + "] is " + std::to_string(have) + ", ONNX says " +
             std::to_string(wanted);
    }
  }
  return "";
}

TEST(ConstantNodes, AreFoldedToWhatOnnxSays) {
  std::ifstream file(std::string(EZKL_TEST_DATA) + "/nodes/constant_nodes.json");
  const Json cases = Json::parse(file);
  EXPECT_GT(cases.size(), 400u);
  std::size_t equal = 0;
  for (const Json& one : cases) {
    const std::string name = one.at("case");
    std::string found;
    try {
      found = difference(build_graph(testing::node_model(one), RunArgs()), one.at("outputs"));
    } catch (const Error& e) {
      found = e.what();
    }
    if (exceptions().count(name) != 0) {
      EXPECT_NE(found, "") << name << " is listed as an exception";
    } else {
      EXPECT_EQ(found, "") << name;
    }
    equal += found.empty();
  }
  RecordProperty("equal", static_cast<int>(equal));
}

}  // namespace
}  // namespace ezkl
