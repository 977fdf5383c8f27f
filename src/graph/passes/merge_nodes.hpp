#pragma once

#include "graph/graph.hpp"

namespace ezkl {

/// The quantized graph with nodes that compute the same from the same made one. No integer changes.
Graph merge_equal_nodes(Graph graph);

}  // namespace ezkl
