#pragma once

#include <cstddef>
#include <vector>

#include "graph/graph.hpp"

namespace ezkl {

/// Inputs whose elements are field elements, hashes for instance, and no numbers: their data show it, so it is said of
/// a quantized graph afterwards. Nothing is claimed of such an input, and nothing but what is exact modulo the field's
/// prime is computed from it.
///
/// errors: Fault::format for a place where there is no input.
void mark_field_inputs(Graph& graph, const std::vector<std::size_t>& inputs);
/// The places of those that are marked.
std::vector<std::size_t> field_inputs(const Graph& graph);
bool is_field_input(const Node& input);

}  // namespace ezkl
