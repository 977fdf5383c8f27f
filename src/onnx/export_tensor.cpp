#include "onnx/export_tensor.hpp"

#include <cstdint>
#include <cstring>
#include <limits>

#include "base/ensure.hpp"
#include "tensor/half.hpp"

namespace ezkl {
namespace {

template <class T>
T saturated(double value) {
  // The largest 64-bit integers are no doubles: the next one above them stands for them.
  constexpr T top = std::numeric_limits<T>::max();
  return value >= static_cast<double>(top) ? top : static_cast<T>(value);
}

template <class T, class Convert>
std::string raw(const std::vector<double>& values, Convert convert) {
  std::string out(values.size() * sizeof(T), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T element = convert(values[i]);
    std::memcpy(out.data() + i * sizeof(T), &element, sizeof(T));
  }
  return out;
}

template <class T>
std::string raw_integers(const std::vector<double>& values) {
  return raw<T>(values, saturated<T>);
}

std::string raw_elements(const FloatTensor& tensor) {
  switch (tensor.type) {
    case DType::boolean:
      return raw<std::uint8_t>(tensor.data, [](double v) { return std::uint8_t(v != 0); });
    case DType::u8:
      return raw_integers<std::uint8_t>(tensor.data);
    case DType::u16:
      return raw_integers<std::uint16_t>(tensor.data);
    case DType::u32:
      return raw_integers<std::uint32_t>(tensor.data);
    case DType::u64:
      return raw_integers<std::uint64_t>(tensor.data);
    case DType::i8:
      return raw_integers<std::int8_t>(tensor.data);
    case DType::i16:
      return raw_integers<std::int16_t>(tensor.data);
    case DType::i32:
      return raw_integers<std::int32_t>(tensor.data);
    case DType::i64:
      return raw_integers<std::int64_t>(tensor.data);
    case DType::f16:
      return raw<std::uint16_t>(tensor.data, half_bits);
    case DType::f32:
      return raw<float>(tensor.data, [](double v) { return static_cast<float>(v); });
    case DType::f64:
      break;
  }
  return raw<double>(tensor.data, [](double v) { return v; });
}

}  // namespace

int export_type(DType type) {
  using onnx::TensorProto;
  switch (type) {
    case DType::boolean:
      return TensorProto::BOOL;
    case DType::u8:
      return TensorProto::UINT8;
    case DType::u16:
      return TensorProto::UINT16;
    case DType::u32:
      return TensorProto::UINT32;
    case DType::u64:
      return TensorProto::UINT64;
    case DType::i8:
      return TensorProto::INT8;
    case DType::i16:
      return TensorProto::INT16;
    case DType::i32:
      return TensorProto::INT32;
    case DType::i64:
      return TensorProto::INT64;
    case DType::f16:
      return TensorProto::FLOAT16;
    case DType::f32:
      return TensorProto::FLOAT;
    case DType::f64:
      break;
  }
  return TensorProto::DOUBLE;
}

onnx::TensorProto export_tensor(const std::string& name, const FloatTensor& tensor) {
  EZKL_ENSURE(tensor.data.size() == volume(tensor.shape), "tensor '" + name + "' has as many elements as its shape");
  onnx::TensorProto out;
  out.set_name(name);
  out.set_data_type(export_type(tensor.type));
  for (const std::size_t extent : tensor.shape) out.add_dims(static_cast<std::int64_t>(extent));
  out.set_raw_data(raw_elements(tensor));
  return out;
}

}  // namespace ezkl
