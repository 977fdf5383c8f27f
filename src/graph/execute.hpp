#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/graph.hpp"

namespace ezkl {

/// What a node computes on real numbers: its operator's reference. errors: Fault::unsupported for an unknown operator.
FloatTensor execute_node(const Node& node, std::span<const FloatTensor> operands, const RunArgs& args,
                         Semantics semantics);

/// Runs a graph on real numbers (each node rounded to its own type, as the ONNX model would run); integers and scales
/// play no part. Shows every node's value once, inputs and constants too, in the order of the graph; a value is dropped
/// as soon as nothing more needs it.
/// errors: Fault::format for inputs of the wrong number or shape.
void execute(const Graph& graph, std::span<const FloatTensor> inputs, const RunArgs& args,
             const std::function<void(std::uint32_t node, const FloatTensor& value)>& seen);

/// The same; gives the graph's outputs in order.
std::vector<FloatTensor> execute(const Graph& graph, std::span<const FloatTensor> inputs, const RunArgs& args);

}  // namespace ezkl
