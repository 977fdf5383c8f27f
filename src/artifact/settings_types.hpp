#pragma once

#include <optional>
#include <string>

#include "tensor/float_tensor.hpp"

namespace ezkl {

/// The name of an element type in settings.json: Bool, F16, F32, F64 or Int.
std::string settings_type(DType type);
/// What such a name stands for; Unknown, of the published package, behaves like F64 and a TDim like an integer.
std::optional<DType> type_of_settings(const std::string& name);

}  // namespace ezkl
