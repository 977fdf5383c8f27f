#pragma once

#include <utility>

#include "graph/frontend/converter.hpp"

/// What converters of operators on quantized integers share. Accumulators are 32-bit integers.
namespace ezkl {

inline constexpr DType quantized_accumulator = DType::i32;

/// The least and largest number of a quantized type. errors: Fault::unsupported for others.
std::pair<double, double> quantized_limits(const OnnxNode& n, DType type);

/// A quantization parameter as a tensor that is broadcast to x: one number, one for each index of `axis`, or one for
/// each block of `block` elements along it. errors: Fault::unsupported when it is computed or of another shape.
FloatTensor quantization_parameter(Converter& c, const OnnxNode& n, std::size_t input, Value x, std::size_t axis,
                                   std::size_t block);

/// 1 / scale. errors: Fault::format unless it is positive.
FloatTensor inverse_scale(const OnnxNode& n, FloatTensor scale);

/// x minus its zero point, as an accumulator. A zero point that is computed is one number.
Value centred(Converter& c, const OnnxNode& n, Value x, std::size_t zero_point, std::size_t axis,
              std::size_t block = 0);

/// The attributes of ScaleBy for these factors.
Attributes scale_by(const FloatTensor& factors);

/// x times real factors, rounded to integers (halves to even) before the zero point is added, within the type.
Value requantized(Converter& c, const OnnxNode& n, Value x, const FloatTensor& factors, FloatTensor zero, DType type);

/// ONNX's DynamicQuantizeLinear of a computed tensor.
std::vector<Value> convert_dynamic_quantize(Converter& c, const OnnxNode& n);

/// A whole number kept within a quantized type.
Value saturated(Converter& c, const OnnxNode& n, Value x, DType type);

}  // namespace ezkl
