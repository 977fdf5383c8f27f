#pragma once

#include <vector>

#include "artifact/input_file.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// The lists that quantize_inputs takes of a sample, as the float model takes them: numbers rounded to the input's
/// type, booleans as 0 and 1, field elements as the numbers that quantization gives them for.
std::vector<FloatTensor> float_inputs(const Graph& graph, const InputData& sample);

}  // namespace ezkl
