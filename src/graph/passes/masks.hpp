#pragma once

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"
#include "model/model_budget.hpp"

namespace ezkl {

/// Takes infinities out of a float graph: a circuit has no number for them, and needs none. A mask (minus infinity, or
/// 1e9 and more on its way to nothing but softmax and extremes) becomes a selection, whatever the scores are; a bound
/// that bounds nothing goes; a comparison with infinity has one answer. Numbers of 1e30 and more, as FLT_MAX, count as
/// infinite. ONNX semantics only.
///
/// errors: Fault::unsupported, naming node and constant, where an infinity reaches anything else.
Graph select_masks(const Graph& graph, const RunArgs& args, const ModelBudget& budget);

}  // namespace ezkl
