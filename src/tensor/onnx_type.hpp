#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "ezkl/run_args.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// Numbers in onnx.TensorProto.DataType of the types that are held in wider ones.
inline constexpr std::int64_t onnx_bfloat16 = 16, onnx_uint4 = 21, onnx_int4 = 22;

/// The element type with this number in onnx.TensorProto.DataType; bfloat16 is f32, which holds all its values. Nothing
/// for strings, complex numbers, floats of 8 bits, integers of 4, and unknown numbers.
std::optional<DType> onnx_element_type(std::int64_t number);
/// The same, but integers of 4 bits are those of 8, which hold all their values.
std::optional<DType> onnx_holding_type(std::int64_t number);

/// Bits of an element as ONNX stores it; a boolean is a byte.
unsigned bits_of(DType type);

/// Smallest and largest number of an integer type (0 and 1 for booleans). errors: Fault::internal for real types.
std::pair<Int128, Int128> integer_limits(DType type);
/// Whether operators on quantized integers take the type: those of 8 and 16 bits, and int32.
bool is_quantized(DType type);

}  // namespace ezkl
