#pragma once

#include <vector>

#include "model/node_def.hpp"

namespace ezkl {

/// The operators that ONNX itself defines by simpler ones, sorted by name and since_version. An operator without a
/// converter is expanded through the entry with the largest since_version not above the model's opset.
const std::vector<FunctionDef>& onnx_function_bodies();

}  // namespace ezkl
