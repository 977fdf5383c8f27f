#include "tensor/float_tensor.hpp"

#include <algorithm>
#include <cmath>

namespace ezkl {
namespace {

/// Nearest half-precision number, ties to even; 2^-24 is the spacing of the subnormal numbers.
double round_half_precision(double value) {
  if (!std::isfinite(value) || value == 0) return value;
  int exponent = 0;
  std::frexp(value, &exponent);
  const int quantum = std::max(exponent - 11, -24);
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -quantum)), quantum);
  return std::fabs(rounded) > 65504 ? std::copysign(INFINITY, value) : rounded;
}

/// Truncates, then wraps modulo 2^bits.
double wrap(double value, int bits, bool is_signed) {
  const double span = std::ldexp(1.0, bits);
  double rest = std::fmod(std::trunc(value), span);
  if (rest < 0) rest += span;
  return is_signed && rest >= span / 2 ? rest - span : rest;
}

}  // namespace

bool is_float(DType type) { return type == DType::f16 || type == DType::f32 || type == DType::f64; }

bool is_integer(DType type) { return type != DType::boolean && !is_float(type); }

std::string_view name(DType type) {
  switch (type) {
    case DType::boolean:
      return "bool";
    case DType::u8:
      return "uint8";
    case DType::u16:
      return "uint16";
    case DType::u32:
      return "uint32";
    case DType::u64:
      return "uint64";
    case DType::i8:
      return "int8";
    case DType::i16:
      return "int16";
    case DType::i32:
      return "int32";
    case DType::i64:
      return "int64";
    case DType::f16:
      return "float16";
    case DType::f32:
      return "float32";
    case DType::f64:
      return "float64";
  }
  return "unknown";
}

double round_to(DType type, double value) {
  if (type == DType::f64) return value;
  if (type == DType::f32) {
    // A number beyond a float's range becomes infinity; the cast alone would be undefined.
    if (std::fabs(value) >= 0x1.ffffffp127) return std::copysign(INFINITY, value);
    return static_cast<double>(static_cast<float>(value));
  }
  if (type == DType::f16) return round_half_precision(value);
  if (type == DType::boolean) return value != 0 ? 1 : 0;
  if (std::isnan(value)) return 0;
  // 64-bit integers saturate: a double cannot tell 2^63 - 1, ONNX's "to the end", from 2^63.
  if (type == DType::i64) return std::fmin(std::fmax(std::trunc(value), -0x1p63), 0x1p63);
  if (std::isinf(value)) return 0;
  switch (type) {
    case DType::u8:
      return wrap(value, 8, false);
    case DType::u16:
      return wrap(value, 16, false);
    case DType::u32:
      return wrap(value, 32, false);
    case DType::u64:
      return wrap(value, 64, false);
    case DType::i8:
      return wrap(value, 8, true);
    case DType::i16:
      return wrap(value, 16, true);
    default:
      return wrap(value, 32, true);
  }
}

}  // namespace ezkl
