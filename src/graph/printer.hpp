#pragma once

#include <string>

#include "graph/graph.hpp"

namespace ezkl {

/// "Conv{dilations=[1, 1], group=1}"
std::string to_string(const OpSpec& op);

/// The graph as a table: one line per node with its index, operator, inputs (with multipliers), shape, scale and rebase
/// divisor, then the outputs.
std::string to_string(const Graph& graph);

}  // namespace ezkl
