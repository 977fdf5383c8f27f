#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "floatrun/tensor.hpp"
#include "model/node_def.hpp"

namespace ezkl::floatrun {

/// What a run may cost. A model is hostile input: loops, functions and broadcasts make much of little.
struct Budget {
  std::uint64_t work = std::uint64_t{1} << 36;      ///< elements made and products added, in all
  std::uint64_t elements = std::uint64_t{1} << 28;  ///< elements alive at a time
};

/// Sees each output of each node of the model's own graph as it is made.
using Observer = std::function<void(const NodeDef& node, const std::string& name, const Tensor& value)>;

using NamedTensors = std::map<std::string, TensorPtr>;

/// Runs an ONNX model as its file says it: node by node, each operator in its own element type, with the shapes that
/// the inputs have. Nothing is shared with the circuit's front end, passes or operators, so that it can judge them.
/// Floats of 32 bits are rounded to them after each operator; sums within one are made in doubles.
///
/// model    must outlive the result's making; not changed
/// inputs   by name; an input that is also an initializer may be left out
/// returns  the model's outputs in its order
/// errors   Fault::unsupported naming a node whose operator, or a form of it, is not here; Fault::format naming a node
///          whose inputs contradict it or a missing input; Fault::range where the budget ends
std::vector<TensorPtr> run(const ModelDef& model, const NamedTensors& inputs, const Budget& budget = {},
                           const Observer& observer = {});

/// Whether an operator has a kernel here.
bool has_kernel(const std::string& domain, const std::string& op_type);

}  // namespace ezkl::floatrun
