#pragma once

#include <cstdint>

#include "graph/claims/claims.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// A quantized graph as claims: inputs and their ranges, parameters, every node's operator with its input multipliers
/// and rebase division, the outputs' ranges, and what of the statement shows which tensor.
///
/// Constants are parameters of the visibility that `args` gives them, except those that decide the circuit's form
/// (indices of gathers and scatters): these the verifier always knows.
/// `max_model_size` bounds what the claims may become (model/model_budget.hpp); 0 stands for the default.
/// errors  Fault::range, naming the node, when values may leave ±2^126 or the claims become too many;
///         Fault::unsupported for unknown operators
claims::Record record(const Graph& graph, const RunArgs& args, std::uint64_t max_model_size = 0);

/// Whether the model has trees (TreeEnsemble): their thresholds and weights decide which claims are made, so the
/// verifying key holds them whatever the visibility of the parameters.
bool has_trees(const Graph& graph);

}  // namespace ezkl
