#pragma once

#include "base/bytes.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// A graph as bytes: nodes in order with operator, inputs, shape, type, scale, multipliers, rebase divisor and
/// constant; then inputs, outputs, names, semantics. Whole numbers are varints; the elements of a constant take the
/// least width that holds them all.
void write_graph(ByteWriter& writer, const Graph& graph);

/// The graph as it stands there: whether it means anything is for check_graph to say.
/// errors: Fault::format when the bytes end early, a count exceeds the file, a number its field, or a tag is unknown.
Graph read_graph(ByteReader& reader);

}  // namespace ezkl
