#pragma once

#include "graph/claims/claims.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// A quantized graph as claims: inputs and their ranges, parameters, every node's operator with its input multipliers and
/// rebase division, the outputs' ranges, and what of the statement shows which tensor.
///
/// Constants are parameters of the visibility that `args` gives them, except those that decide the circuit's form
/// (indices of gathers and scatters): these the verifier always knows.
/// errors  Fault::range, naming the node, when values may leave ±2^126; Fault::unsupported for unknown operators
claims::Record record(const Graph& graph, const RunArgs& args);

}  // namespace ezkl
