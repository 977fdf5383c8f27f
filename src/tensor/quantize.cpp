#include "tensor/quantize.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "base/ensure.hpp"
#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "tensor/onnx_type.hpp"

namespace ezkl {

void check_scale(int scale) {
  if (is_scale(scale)) return;
  throw Error(Fault::range, "scale " + std::to_string(scale) + ", expected " + std::to_string(-largest_scale) + " to " +
                                std::to_string(largest_scale));
}

Int128 round_half_away(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 0x1p127) return std::numeric_limits<Int128>::max();
  if (value <= -0x1p127) return std::numeric_limits<Int128>::min();
  return static_cast<Int128>(std::round(value));
}

Int128 quantize(double value, int scale) {
  check_scale(scale);
  if (std::isnan(value)) return 0;
  if (std::fabs(value) > std::round(std::ldexp(1.0, 127 - scale))) {
    throw Error(Fault::range, "value " + std::to_string(value) + " does not fit 128 bits at scale " +
                                  std::to_string(scale) + "; choose smaller scales");
  }
  return round_half_away(std::ldexp(value, scale));
}

double dequantize(Int128 value, int scale) {
  check_scale(scale);
  return std::ldexp(static_cast<double>(value), -scale);
}

int scale_of(DType type, int float_scale) { return is_float(type) ? float_scale : 0; }

Int128 quantize_input(double value, DType type, int scale) {
  if (!std::isfinite(value)) throw Error(Fault::format, "an input value is not a finite number");
  if (type == DType::f16 || type == DType::f32) {
    value = round_to(DType::f32, value);
  } else if (type == DType::boolean) {
    value = std::trunc(value);
    if (value != 0 && value != 1) {
      throw Error(Fault::format, "a boolean input is " + std::to_string(value) + "; it must be true, false, 0 or 1");
    }
  } else if (is_integer(type)) {
    value = std::trunc(value);
    const auto [lowest, highest] = integer_limits(type);
    if (value < static_cast<double>(lowest) || value >= static_cast<double>(highest) + 1) {
      throw Error(Fault::range, "an input of type " + std::string(name(type)) + " is " + to_string(round_half_away(value)) +
                                    ", outside [" + to_string(lowest) + ", " + to_string(highest) + "]");
    }
  }
  return quantize(value, scale);
}

std::vector<Int128> quantize_constant(std::span<const double> values, int scale) {
  std::vector<Int128> integers;
  integers.reserve(values.size());
  const double factor = std::ldexp(1.0, scale);
  for (const double value : values) {
    const double single = round_to(DType::f32, value), scaled = single * factor;
    // Most numbers are small: a product with a power of two is exact, and so is their way by 64 bits.
    const bool small = std::fabs(scaled) < 0x1p62;
    integers.push_back(small ? static_cast<Int128>(static_cast<std::int64_t>(std::round(scaled)))
                             : quantize(single, scale));
  }
  return integers;
}

Int128 divide_half_away(Int128 x, Int128 d) {
  EZKL_ENSURE(d > 0, "the divisor is positive");
  const Uint128 magnitude = x < 0 ? -static_cast<Uint128>(x) : static_cast<Uint128>(x);
  const Uint128 divisor = static_cast<Uint128>(d);
  Uint128 quotient = magnitude / divisor;
  const Uint128 rest = magnitude % divisor;
  if (rest >= divisor - rest) ++quotient;
  return x < 0 ? static_cast<Int128>(-quotient) : static_cast<Int128>(quotient);
}

}  // namespace ezkl
