#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/drawing/layout.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// What a drawing shows of one node.
struct NodeBox {
  std::uint32_t node = 0;
  std::string title;               ///< the operator
  std::vector<std::string> lines;  ///< name, shape and scale, constants, outputs
  bool is_input = false, is_output = false;
};

struct GraphBoxes {
  std::vector<NodeBox> boxes;
  std::vector<DrawnEdge> edges;  ///< between positions in `boxes`; two nodes have at most one
};

/// Constants become lines of the nodes that use them, except those that are outputs themselves.
GraphBoxes boxes_of(const Graph& graph);

}  // namespace ezkl
