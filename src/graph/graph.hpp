#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/op_spec.hpp"
#include "tensor/float_tensor.hpp"
#include "tensor/shape.hpp"

namespace ezkl {

/// A constant's elements: the floats it was given as, and its integers once it is quantized.
struct ConstantData {
  std::vector<double> floats;
  std::vector<Int128> integers;
  /// Reads that count as one use: the iterations of an unrolled loop that all read this constant.
  std::size_t reads_per_use = 1;
};

/// One node: one operator, one output. Before quantization only op, inputs, shape and type mean anything.
struct Node {
  std::string name;                   ///< of the ONNX node (or its output), for messages and tables
  OpSpec op;                          ///< kinds are listed in the operator table; "Input" and "Constant" are sources
  std::vector<std::uint32_t> inputs;  ///< indices of earlier nodes
  Shape shape;
  DType type = DType::f32;
  std::shared_ptr<ConstantData> constant;  ///< of kind "Constant"

  /// What consumers see is value / 2^scale.
  int scale = 0;
  /// Factor on each input before the operator, to bring inputs to one scale; empty means all 1.
  std::vector<Int128> input_multipliers;
  /// The operator's result is divided by this (half away from zero) to bring it back to a common scale; 1 means no division.
  Int128 rebase_divisor = 1;
};

/// A model as a list of nodes in topological order, of fixed shapes, with Scan, Loop and If already unrolled.
struct Graph {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> inputs;   ///< nodes of kind "Input", in the model's order
  std::vector<std::uint32_t> outputs;  ///< in the model's order; a node may be listed twice
  std::vector<std::string> input_names, output_names;
  Semantics semantics = Semantics::onnx;
};

}  // namespace ezkl
