#pragma once

#include "ezkl/run_args.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// Axes and elements of a tensor of any graph, elements counted along the axes that have any.
inline constexpr std::size_t most_axes = 64, most_elements = std::size_t{1} << 28;

/// What a graph consists of.
enum class GraphStage : std::uint8_t {
  reals,     ///< operators on real numbers, between the front end and quantization
  integers,  ///< quantized: constants as integers, every tensor with a scale and at least one axis
};

/// Everything that those who work on a graph rely on: nodes in topological order, each with the operands, attributes
/// and shape that its operator asks for; constants that fill their shapes; inputs and outputs that exist, with their
/// names; tensors of at most 64 axes and 2^28 elements. Of integers also: scales that follow from one another, factors
/// and divisors that are powers of two below 2^63, constants within ±2^126.
///
/// The front end's graphs, those of every pass and those read from files are all held to it.
/// errors  Fault::format, Fault::range or Fault::unsupported, naming the node
void check_graph(const Graph& graph, const RunArgs& args, GraphStage stage);

}  // namespace ezkl
