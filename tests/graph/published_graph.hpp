#pragma once

#include <filesystem>
#include <vector>

#include "graph/graph.hpp"

namespace ezkl {

/// A case of shared/vectors/ops: the published package's quantized graph in our operators, its inputs, and the integers
/// it holds for each node (empty for constants).
struct PublishedCase {
  Graph graph;
  RunArgs args;
  std::vector<std::vector<Int128>> inputs;
  std::vector<std::vector<Int128>> values;
};

/// Reads graph.json and settings.json of a case. False when the case has no witness or holds a loop (Scan).
bool read_published_case(const std::filesystem::path& folder, PublishedCase& result);

}  // namespace ezkl
