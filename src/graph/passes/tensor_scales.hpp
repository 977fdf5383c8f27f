#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// A run argument (RunArgs::variables) for each node of a graph of reals: `word`, the node's name and its number among
/// the nodes of that name.
std::vector<std::string> node_variables(const Graph& graph, const std::string& word);

/// The variable that gives each node of a graph of reals its scale, "scale Div_3#0". The graph follows from the model
/// and the other run arguments, so the names do.
std::vector<std::string> scale_variables(const Graph& graph);

/// Whether the run arguments name any.
bool has_scales(const RunArgs& args);

/// The scales that variables give the nodes of a graph of reals; nothing for the others, and in published semantics.
/// errors: Fault::format for a scale that is not 0 to 62.
std::vector<std::optional<int>> given_scales(const Graph& graph, const RunArgs& args);

/// Which digits of a tensor the data ask for.
enum class Digits : std::uint8_t {
  of_largest,  ///< those of its largest element
  of_slices    ///< those of the largest element of every row, column or channel that is not nothing beside the others
};

/// Variables for the tensors that the usual ones of `args` leave with too few significant bits on these samples, or
/// with numbers that are longer than they need be: what the samples are in floats decides.
///
/// graph    of reals, as the passes leave it
/// samples  each a list of the graph's inputs
/// errors   as execute
std::vector<std::pair<std::string, std::size_t>> tensor_scales(const Graph& graph, const RunArgs& args,
                                                               std::span<const std::vector<FloatTensor>> samples,
                                                               Digits digits);

}  // namespace ezkl
