#pragma once

#include <cstdint>
#include <optional>

#include "tensor/float_tensor.hpp"

namespace ezkl {

/// The element type with this number in onnx.TensorProto.DataType; bfloat16 is f32, which holds all its values. Nothing
/// for strings, complex numbers, floats of 8 bits, integers of 4, and unknown numbers.
std::optional<DType> onnx_element_type(std::int64_t number);

}  // namespace ezkl
