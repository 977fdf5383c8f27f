#pragma once

#include "base/bytes.hpp"
#include "graph/graph.hpp"
#include "model/node_def.hpp"

namespace ezkl {

/// An ONNX model as bytes: opsets, graph with subgraphs, functions. Tensors that are, bit for bit, a constant of
/// `graph` are named by its node rather than written a second time.
void write_model(ByteWriter& writer, const ModelDef& model, const Graph& graph);

/// errors: Fault::format when the bytes end early, a count exceeds the file, a tensor's elements do not fit its shape,
/// a tag is unknown, or subgraphs are nested more than 64 deep.
ModelDef read_model(ByteReader& reader, const Graph& graph);

}  // namespace ezkl
