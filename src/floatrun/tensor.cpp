#include "floatrun/tensor.hpp"

#include <cmath>
#include <limits>

#include "ezkl/error.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl::floatrun {

double Tensor::number(std::size_t i) const {
  if (real()) return reals_.at(i);
  const Int value = ints_.at(i);
  return type == DType::u64 ? static_cast<double>(static_cast<std::uint64_t>(value)) : static_cast<double>(value);
}

void Tensor::set(std::size_t i, double value) {
  if (real()) {
    reals_.at(i) = value;
  } else {
    ints_.at(i) = real_to_integer(type, value);
  }
}

void Tensor::refuse_list() const {
  throw Error(Fault::format, "an operand or a result is " + std::string(name(type)) + ", which should be " +
                                 (real() ? "an integer" : "a float"));
}

Tensor from_stored(const FloatTensor& tensor) {
  Tensor out;
  out.type = tensor.type;
  out.shape = tensor.shape;
  if (out.real()) {
    out.reals() = tensor.data;
    return out;
  }
  out.ints().reserve(tensor.data.size());
  for (const double value : tensor.data) {
    if (tensor.type == DType::u64) {
      const bool high = value >= 0x1p64;
      out.ints().push_back(static_cast<Int>(high        ? ~std::uint64_t{0}
                                            : value > 0 ? static_cast<std::uint64_t>(value)
                                                        : std::uint64_t{0}));
    } else if (value >= 0x1p63) {
      out.ints().push_back(std::numeric_limits<Int>::max());
    } else {
      out.ints().push_back(value >= -0x1p63 ? static_cast<Int>(value) : std::numeric_limits<Int>::min());
    }
  }
  return out;
}

FloatTensor to_stored(const Tensor& tensor) {
  FloatTensor out{tensor.type, tensor.shape, {}};
  if (tensor.real()) {
    out.data = tensor.reals();
    return out;
  }
  out.data.reserve(tensor.ints().size());
  for (std::size_t i = 0; i < tensor.ints().size(); ++i) out.data.push_back(tensor.number(i));
  return out;
}

bool less(DType type, Int a, Int b) {
  return type == DType::u64 ? static_cast<std::uint64_t>(a) < static_cast<std::uint64_t>(b) : a < b;
}

Int wrapped(DType type, Int value) {
  switch (type) {
    case DType::boolean:
      return value != 0 ? 1 : 0;
    case DType::u8:
      return static_cast<std::uint8_t>(value);
    case DType::u16:
      return static_cast<std::uint16_t>(value);
    case DType::u32:
      return static_cast<std::uint32_t>(value);
    case DType::i8:
      return static_cast<std::int8_t>(value);
    case DType::i16:
      return static_cast<std::int16_t>(value);
    case DType::i32:
      return static_cast<std::int32_t>(value);
    default:
      return value;
  }
}

void settle(Tensor& tensor) {
  if (tensor.type == DType::f64 || tensor.type == DType::i64 || tensor.type == DType::u64 || tensor.text()) return;
  if (tensor.real()) {
    for (double& value : tensor.reals()) value = round_to(tensor.type, value);
  } else {
    for (Int& value : tensor.ints()) value = wrapped(tensor.type, value);
  }
}

Int real_to_integer(DType to, double value) {
  constexpr Int lowest = std::numeric_limits<Int>::min();
  if (to == DType::boolean) return value != 0 ? 1 : 0;
  if (to == DType::u64 && value >= 0x1p63 && value < 0x1p64) return static_cast<Int>(static_cast<std::uint64_t>(value));
  const bool wide = to == DType::i64 || to == DType::u64 || to == DType::u32;
  const double limit = wide ? 0x1p63 : 0x1p31;
  const double whole = std::trunc(value);
  if (!(whole >= -limit && whole < limit)) return wrapped(to, wide ? lowest : Int{std::numeric_limits<int>::min()});
  return wrapped(to, static_cast<Int>(whole));
}

double integer_to_real(DType from, DType to, Int value) {
  if (from == DType::u64) {
    const auto bits = static_cast<std::uint64_t>(value);
    return to == DType::f64 ? static_cast<double>(bits) : round_to(to, static_cast<double>(static_cast<float>(bits)));
  }
  return to == DType::f64 ? static_cast<double>(value) : round_to(to, static_cast<double>(static_cast<float>(value)));
}

}  // namespace ezkl::floatrun
