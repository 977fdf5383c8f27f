#pragma once

#include "model/node_def.hpp"

/// Short ways to write a model in a test.
namespace ezkl::testing {

inline AttributeDef integer(std::int64_t value) {
  AttributeDef a;
  a.i = value;
  return a;
}

inline AttributeDef real(double value) {
  AttributeDef a;
  a.type = AttributeDef::Type::real;
  a.f = value;
  return a;
}

inline AttributeDef integers(std::vector<std::int64_t> values) {
  AttributeDef a;
  a.type = AttributeDef::Type::integers;
  a.ints = std::move(values);
  return a;
}

inline AttributeDef reals(std::vector<double> values) {
  AttributeDef a;
  a.type = AttributeDef::Type::reals;
  a.floats = std::move(values);
  return a;
}

inline AttributeDef texts(std::vector<std::string> values) {
  AttributeDef a;
  a.type = AttributeDef::Type::texts;
  a.strings = std::move(values);
  return a;
}

inline AttributeDef tensor(FloatTensor value) {
  AttributeDef a;
  a.type = AttributeDef::Type::tensor;
  a.tensors = {std::move(value)};
  return a;
}

inline AttributeDef text(std::string value) {
  AttributeDef a;
  a.type = AttributeDef::Type::text;
  a.s = std::move(value);
  return a;
}

inline AttributeDef subgraph(GraphDef graph) {
  AttributeDef a;
  a.type = AttributeDef::Type::graph;
  a.graphs.push_back(std::make_shared<GraphDef>(std::move(graph)));
  return a;
}

inline NodeDef node(std::string op_type, std::vector<std::string> inputs, std::vector<std::string> outputs,
                    std::map<std::string, AttributeDef> attributes = {}) {
  NodeDef n;
  n.name = outputs.front();
  n.op_type = std::move(op_type);
  n.inputs = std::move(inputs);
  n.outputs = std::move(outputs);
  n.attributes = std::move(attributes);
  return n;
}

inline ValueDef value(std::string name, std::vector<std::int64_t> shape, DType type = DType::f32) {
  ValueDef v;
  v.name = std::move(name);
  v.type = type;
  for (const std::int64_t extent : shape) v.shape.push_back({extent, ""});
  return v;
}

inline FloatTensor floats(Shape shape, std::vector<double> data) {
  return {DType::f32, std::move(shape), std::move(data)};
}

inline FloatTensor numbers(std::vector<double> data) { return {DType::i64, {data.size()}, data}; }

/// A model of opset 17 with one output "y".
inline ModelDef model(std::vector<ValueDef> inputs, std::vector<NodeDef> nodes,
                      std::map<std::string, FloatTensor> initializers = {}) {
  ModelDef m;
  m.opsets[""] = 17;
  m.graph.inputs = std::move(inputs);
  m.graph.outputs = {value("y", {})};
  m.graph.nodes = std::move(nodes);
  m.graph.initializers = std::move(initializers);
  return m;
}

}  // namespace ezkl::testing
