#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "floatrun/float_run.hpp"

namespace ezkl::testing {

/// A model with inputs and what another runtime makes of them.
struct FloatCase {
  std::string name;
  ModelDef model;
  floatrun::NamedTensors inputs;
  std::vector<FloatTensor> expected;
};

/// A folder as ONNX's backend tests have it: model.onnx, and test_data_set_0 with input_N.pb and output_N.pb.
FloatCase read_case_folder(const std::filesystem::path& folder);

/// The cases of a file that tests/interop/floatrun.py stored.
std::vector<FloatCase> read_case_file(const std::filesystem::path& path);

/// The first difference between a result and what is expected, or nothing. Floats may differ by `tolerance`, absolute
/// plus relative.
std::string difference(const floatrun::Tensor& got, const FloatTensor& expected, double tolerance);

}  // namespace ezkl::testing
