#include "base/int128.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl {

std::string to_string(Int128 value) {
  Uint128 rest = value < 0 ? ~Uint128(value) + 1 : Uint128(value);
  std::string digits;
  do {
    digits.push_back(char('0' + int(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

Int128 parse_int128(std::string_view text) {
  const auto bad = [&](const char* why) {
    return Error(Fault::format, "'" + std::string(text.substr(0, 60)) + "' " + why);
  };
  std::string_view digits = text;
  const bool negative = !digits.empty() && digits[0] == '-';
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  if (digits.empty()) throw bad("is not an integer");
  const Uint128 limit = (Uint128(1) << 127) - (negative ? 0 : 1);
  Uint128 value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') throw bad("is not an integer");
    const unsigned digit = unsigned(c - '0');
    if (value > (limit - digit) / 10) throw bad("does not fit a signed 128-bit integer");
    value = value * 10 + digit;
  }
  return Int128(negative ? ~value + 1 : value);
}

}  // namespace ezkl
