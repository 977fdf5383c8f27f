#include "tensor/onnx_type.hpp"

#include "ezkl/error.hpp"

namespace ezkl {

std::optional<DType> onnx_element_type(std::int64_t number) {
  switch (number) {
    case 1:
    case 16:
      return DType::f32;
    case 2:
      return DType::u8;
    case 3:
      return DType::i8;
    case 4:
      return DType::u16;
    case 5:
      return DType::i16;
    case 6:
      return DType::i32;
    case 7:
      return DType::i64;
    case 9:
      return DType::boolean;
    case 10:
      return DType::f16;
    case 11:
      return DType::f64;
    case 12:
      return DType::u32;
    case 13:
      return DType::u64;
    default:
      return std::nullopt;
  }
}

std::optional<DType> onnx_holding_type(std::int64_t number) {
  if (number == onnx_uint4) return DType::u8;
  if (number == onnx_int4) return DType::i8;
  return onnx_element_type(number);
}

unsigned bits_of(DType type) {
  switch (type) {
    case DType::boolean:
    case DType::u8:
    case DType::i8:
      return 8;
    case DType::u16:
    case DType::i16:
    case DType::f16:
      return 16;
    case DType::u32:
    case DType::i32:
    case DType::f32:
      return 32;
    case DType::u64:
    case DType::i64:
    case DType::f64:
      break;
  }
  return 64;
}

std::pair<Int128, Int128> integer_limits(DType type) {
  if (is_float(type)) throw Error(Fault::internal, "the limits of a real type");
  if (type == DType::boolean) return {0, 1};
  const bool is_signed = type == DType::i8 || type == DType::i16 || type == DType::i32 || type == DType::i64;
  const Int128 span = Int128{1} << bits_of(type);
  return is_signed ? std::pair{-span / 2, span / 2 - 1} : std::pair{Int128{0}, span - 1};
}

bool is_quantized(DType type) { return is_integer(type) && (bits_of(type) <= 16 || type == DType::i32); }

}  // namespace ezkl
