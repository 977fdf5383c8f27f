#include "artifact/number_text.hpp"

#include <charconv>
#include <cmath>

#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

/// Shortest decimal form: value = 0.d1d2d3... times 10^point.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

template <class Float>
Decimal shortest(Float value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  Decimal out;
  const char* p = buffer;
  if (*p == '-') {
    out.negative = true;
    ++p;
  }
  for (; p != end && *p != 'e'; ++p) {
    if (*p != '.') out.digits += *p;
  }
  int exponent = 0;
  if (p != end) {
    ++p;
    if (*p == '+') ++p;
    std::from_chars(p, end, exponent);
  }
  out.point = exponent + 1;
  while (out.digits.size() > 1 && out.digits.back() == '0') out.digits.pop_back();
  return out;
}

/// Without exponent; "1" has no point.
std::string plain(const Decimal& d) {
  const int count = int(d.digits.size());
  std::string out = d.negative ? "-" : "";
  if (d.point <= 0) return out + "0." + std::string(std::size_t(-d.point), '0') + d.digits;
  if (d.point >= count) return out + d.digits + std::string(std::size_t(d.point - count), '0');
  return out + d.digits.substr(0, std::size_t(d.point)) + "." + d.digits.substr(std::size_t(d.point));
}

/// Outside 10^lowest .. 10^highest the published package switches to an exponent.
template <class Float>
std::string json_text(Float value, int lowest, int highest) {
  if (!std::isfinite(value)) return "null";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  const Decimal d = shortest(value);
  if (d.point > lowest && d.point <= highest) {
    return plain(d) + (d.point >= int(d.digits.size()) ? ".0" : "");
  }
  std::string out = d.negative ? "-" : "";
  out += d.digits[0];
  if (d.digits.size() > 1) out += "." + d.digits.substr(1);
  return out + "e" + std::to_string(d.point - 1);
}

}  // namespace

std::string json_number(double value) { return json_text(value, -5, 16); }
std::string json_number(float value) { return json_text(value, -6, 13); }

std::string plain_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  return plain(shortest(value));
}

std::string rescaled_text(const Fr& value, int scale) {
  return plain_number(dequantize(value.to_int128_lossy(), scale));
}

}  // namespace ezkl
