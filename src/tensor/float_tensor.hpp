#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tensor/shape.hpp"

namespace ezkl {

/// Element type of an ONNX tensor.
enum class DType : std::uint8_t { boolean, u8, u16, u32, u64, i8, i16, i32, i64, f16, f32, f64 };

bool is_float(DType type);
bool is_integer(DType type);
std::string_view name(DType type);

/// A tensor before quantization. Every element is held as a double that its own type can represent: after each
/// operation the result is rounded with `round_to`, which for f32 gives exactly what single-precision arithmetic gives
/// for
/// + - * / and sqrt.
struct FloatTensor {
  DType type = DType::f32;
  Shape shape;
  std::vector<double> data;
};

/// `value` as the nearest number of `type` (f16, f32: nearest even; integers: wrap as ONNX casts do after truncation;
/// boolean: value != 0).
double round_to(DType type, double value);

}  // namespace ezkl
