#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/model_budget.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

struct GraphDef;

/// One attribute of an ONNX node, in plain C++: whichever member its type calls for is filled.
struct AttributeDef {
  enum class Type : std::uint8_t { integer, real, text, tensor, graph, integers, reals, texts, tensors, graphs };
  Type type = Type::integer;
  std::string reference;  ///< inside a function body: the attribute of the function that gives the value; else empty
  std::int64_t i = 0;
  double f = 0;
  std::string s;
  std::vector<std::int64_t> ints;
  std::vector<double> floats;
  std::vector<std::string> strings;
  std::vector<FloatTensor> tensors;               ///< tensor: one element
  std::vector<std::shared_ptr<GraphDef>> graphs;  ///< graph: one element
};

/// One ONNX node. Empty input names are inputs left out.
struct NodeDef {
  std::string name, op_type, domain;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, AttributeDef> attributes;
};

/// A dimension of a model input: a number, a name, or neither (value < 0 and empty name).
struct DimensionDef {
  std::int64_t value = -1;
  std::string name;
};

struct ValueDef {
  std::string name;
  DType type = DType::f32;
  std::vector<DimensionDef> shape;
};

struct GraphDef {
  std::string name;
  std::vector<NodeDef> nodes;
  std::vector<ValueDef> inputs, outputs;
  std::map<std::string, FloatTensor> initializers;
};

/// A function: one that a model defines itself, or the body by which ONNX defines an operator.
struct FunctionDef {
  std::string name, domain;
  std::int64_t since_version = 1;  ///< bodies of ONNX operators: first opset that has this form
  std::vector<std::string> inputs, outputs, attributes;
  std::map<std::string, AttributeDef> defaults;  ///< attributes that may be left out
  std::vector<NodeDef> nodes;
  std::map<std::string, std::int64_t> opsets;
};

/// An ONNX model in plain C++: what the importer fills and the graph room reads.
struct ModelDef {
  std::map<std::string, std::int64_t> opsets;  ///< by domain; "" is ai.onnx
  GraphDef graph;
  std::vector<FunctionDef> functions;
  ModelBudget budget;  ///< what reading the model left for building it
};

}  // namespace ezkl
