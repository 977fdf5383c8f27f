#pragma once

#include <string>

#include "graph/graph.hpp"

namespace ezkl {

/// "Conv{dilations=[1, 1], group=1}"
std::string to_string(const OpSpec& op);

/// One node in a line: its index, operator, inputs (with multipliers), shape, scale, rebase divisor and name.
std::string node_text(const Graph& graph, std::size_t i);

/// The graph as a table: one line per node, then the outputs.
std::string to_string(const Graph& graph);

}  // namespace ezkl
