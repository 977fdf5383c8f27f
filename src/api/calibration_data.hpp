#pragma once

#include <vector>

#include "artifact/input_file.hpp"
#include "graph/graph.hpp"

namespace ezkl {

/// A sample as the float model takes it: numbers rounded to the input's type, booleans as 0 and 1.
/// errors: Fault::format for field elements, which have no float, and for lists of the wrong number or length.
std::vector<FloatTensor> float_inputs(const Graph& graph, const InputData& sample);

}  // namespace ezkl
