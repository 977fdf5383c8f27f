#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"

namespace ezkl::testing {

/// One folder of the shared operator vectors: a model that the published package ran, and what it made of it.
struct VectorCase {
  std::string name;
  std::filesystem::path model;
  RunArgs args;
  std::vector<std::vector<double>> input_data;
  bool has_witness = false;
  std::vector<std::vector<Int128>> inputs, outputs;
  std::vector<int> output_scales;
};

/// All cases below `folder`, sorted by name; empty when the folder is absent.
std::vector<VectorCase> read_vector_cases(const std::filesystem::path& folder);

}  // namespace ezkl::testing
