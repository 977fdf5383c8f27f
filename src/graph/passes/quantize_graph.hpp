#pragma once

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// Gives every node its scale, brings operands to common scales and constants to integers. From here on a graph has
/// integers only, and no tensor without axes: scalars have shape [1].
///
/// errors: Fault::range, naming the node, when scales drift so far apart that a factor would not fit 63 bits.
Graph quantize_graph(const Graph& graph, const RunArgs& args);

}  // namespace ezkl
