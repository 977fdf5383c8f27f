#pragma once

#include <string>

#include "graph/graph.hpp"

namespace ezkl {

/// The graph as a picture: a box for every node that is no constant, with its operator, name, shape and scale;
/// constants stand in the boxes that use them. Pointing at a box shows the node's line of the table.
std::string graph_svg(const Graph& graph);

/// The same boxes and edges as text for Graphviz.
std::string graph_dot(const Graph& graph);

}  // namespace ezkl
