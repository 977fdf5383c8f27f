#pragma once

#include "artifact/json.hpp"
#include "tensor/shape.hpp"

namespace ezkl {

/// A scale of a file. errors: Fault::format for what is none (tensor/quantize.hpp).
int read_scale(const Json& json);

/// The shape of a tensor. errors: Fault::format for one of more elements than tensors have.
Shape read_shape(const Json& json);

}  // namespace ezkl
