#pragma once

#include <string>

#include "graph/frontend/converter.hpp"

namespace ezkl {

/// The element type that an attribute such as `to` or `dtype` names by its number. errors: Fault::unsupported for what
/// is no number; Fault::format without the attribute.
DType element_type(const OnnxNode& n, const std::string& attribute);

}  // namespace ezkl
