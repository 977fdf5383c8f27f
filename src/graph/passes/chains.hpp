#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// Puts one table in the place of operators that compute a tensor, element by element, from one other tensor and from
/// constants: x·Φ(x), x·sigmoid(x), and the like. Which of them, and how far their tables reach, the run arguments say
/// by variables "chain Mul_3#0" after the last operator, in steps of 1/256. Only with ONNX semantics, and with fixed
/// parameters, since the tables hold the constants.
///
/// graph   of reals, as the other passes leave it
/// errors  Fault::format for a reach that is not 1 to 2^30
Graph tabulate_chains(Graph graph, const RunArgs& args);

/// Whether the run arguments name any.
bool has_chains(const RunArgs& args);

/// Variables for the chains of a graph of reals whose tables, `margin` times as wide as the samples need, are not far
/// longer than what is looked up in them; whether they make a circuit cheaper is for its layout to say.
///
/// samples  each a list of the graph's inputs
/// errors   as execute
std::vector<std::pair<std::string, std::size_t>> chain_variables(const Graph& graph, const RunArgs& args,
                                                                 std::span<const std::vector<FloatTensor>> samples,
                                                                 double margin);

}  // namespace ezkl
