#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checked_run.hpp"
#include "ezkl/error.hpp"
#include "model_text.hpp"

/// Models of one ONNX node, built in place, run as integers, and their hints tampered with.
namespace ezkl::testing_onnx {

using Reals = std::vector<double>;
using Ints = std::vector<std::int64_t>;

using testing::floats;
using testing::integer;
using testing::integers;
using testing::real;
using testing::reals;
using testing::tensor;
using testing::text;
using testing::texts;

struct Model {
  std::string op, domain;
  std::map<std::string, AttributeDef> attributes;
  std::vector<FloatTensor> inputs;               ///< data
  std::map<std::size_t, FloatTensor> constants;  ///< by input position
  std::size_t outputs = 1;
  std::int64_t opset = 19;
};

inline RunArgs converter_args() {
  RunArgs args;
  args.input_scale = args.param_scale = 10;
  args.decomp_legs = 3;
  return args;
}

/// Outputs as real numbers; every claim is checked, and that no change of a single hint is accepted with other outputs
/// (at `forged` elements of each).
inline std::vector<Reals> run(const Model& model, const RunArgs& args = converter_args(), std::size_t forged = 2) {
  ModelDef def;
  def.opsets = {{"", model.opset}, {"ai.onnx.ml", model.opset == 19 ? 3 : 5}};
  NodeDef node;
  node.name = "node";
  node.op_type = model.op;
  node.domain = model.domain;
  node.attributes = model.attributes;
  std::size_t next = 0;
  for (std::size_t i = 0; i < model.inputs.size() + model.constants.size(); ++i) {
    const std::string name = "in" + std::to_string(i);
    node.inputs.push_back(name);
    const auto constant = model.constants.find(i);
    if (constant != model.constants.end()) {
      if (constant->second.data.empty()) node.inputs.back().clear();
      def.graph.initializers[name] = constant->second;
      continue;
    }
    ValueDef value;
    value.name = name;
    value.type = model.inputs[next].type;
    for (const std::size_t extent : model.inputs[next].shape) value.shape.push_back({std::int64_t(extent), ""});
    def.graph.inputs.push_back(value);
    ++next;
  }
  for (std::size_t i = 0; i < model.outputs; ++i) {
    node.outputs.push_back("out" + std::to_string(i));
    ValueDef value;
    value.name = node.outputs.back();
    def.graph.outputs.push_back(value);
  }
  def.graph.nodes = {node};
  std::vector<Reals> data;
  for (const FloatTensor& input : model.inputs) data.push_back(input.data);
  return testing::checked_run(build_graph(def, args), data, args, forged);
}

inline void expect_close(const Reals& got, const Reals& want, double tolerance = 0.004) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], tolerance) << "element " << i;
}

inline FloatTensor whole(DType type, const Shape& shape, Reals values) { return {type, shape, std::move(values)}; }

template <class Body>
Fault fault_of(Body body) {
  try {
    body();
  } catch (const Error& e) {
    return e.fault();
  }
  return Fault::usage;
}

}  // namespace ezkl::testing_onnx
