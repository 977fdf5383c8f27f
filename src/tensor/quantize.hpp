#pragma once

#include <span>
#include <vector>

#include "ezkl/run_args.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// Scales are integers from -largest_scale to largest_scale, wherever they come from: far beyond what any circuit
/// holds, and a step of one, 2^-scale, is still a double that is neither 0 nor infinite.
constexpr int largest_scale = 1000;
constexpr bool is_scale(int scale) { return scale >= -largest_scale && scale <= largest_scale; }
/// errors: Fault::range for another one.
void check_scale(int scale);

/// `value` rounded to an integer, halves away from zero. NaN gives 0, values outside 128 bits saturate.
Int128 round_half_away(double value);

/// round(value · 2^scale) in binary64, halves away from zero; NaN gives 0.
/// errors: Fault::range when the magnitude exceeds round(2^127 / 2^scale), and as check_scale.
Int128 quantize(double value, int scale);

/// value / 2^scale in binary64. errors: as check_scale.
double dequantize(Int128 value, int scale);

/// The scale of an input or constant of `type` where floats have `float_scale`: integers and booleans are exact at 0.
int scale_of(DType type, int float_scale);

/// A number of input.json as the integer of a model input of `type`: first rounded through the type (f16 and f32 to
/// f32, integers truncated toward zero), then quantized.
/// errors: Fault::range as for quantize and for an integer beyond 64 bits; Fault::format for a boolean that is neither
/// 0
///         nor 1 and for NaN or infinity.
Int128 quantize_input(double value, DType type, int scale);

/// A model constant: every element rounded to f32 whatever its type, then quantized. errors: as quantize.
std::vector<Int128> quantize_constant(std::span<const double> values, int scale);

/// x / d rounded half away from zero in exact integers; d must be positive.
Int128 divide_half_away(Int128 x, Int128 d);

}  // namespace ezkl
