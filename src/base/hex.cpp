#include "base/hex.hpp"

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string hex_text(std::span<const std::uint8_t> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

std::vector<std::uint8_t> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) throw Error(Fault::format, "an odd number of hexadecimal digits");
  std::vector<std::uint8_t> out(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int d = digit(text[i]);
    if (d < 0) {
      throw Error(Fault::format, "character " + std::to_string(i) + " ('" + text[i] + "') is not a hexadecimal digit");
    }
    out[i / 2] = std::uint8_t(out[i / 2] << 4 | d);
  }
  return out;
}

}  // namespace ezkl
