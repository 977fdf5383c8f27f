#pragma once

#include <optional>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// Gives every node its scale, brings operands to common scales and constants to integers. From here on a graph has
/// integers only, and no tensor without axes: scalars have shape [1]. `input_scales`, one an input, are those of inputs
/// that another model computes; without them floats have args.input_scale and integers 0.
///
/// errors: Fault::range, naming the node, when scales drift so far apart that a factor would not fit 63 bits;
///         Fault::format for another number of input scales than inputs.
Graph quantize_graph(const Graph& graph, const RunArgs& args,
                     const std::optional<std::vector<int>>& input_scales = std::nullopt);

}  // namespace ezkl
