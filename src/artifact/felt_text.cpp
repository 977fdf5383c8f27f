#include "artifact/felt_text.hpp"

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::array<std::uint8_t, 32> parse_32_bytes(std::string_view text, const char* what) {
  if (text.size() != 64) {
    throw Error(Fault::format, std::string("expected ") + what + " of 64 hexadecimal digits, found " +
                                   std::to_string(text.size()) + " characters" +
                                   (text.substr(0, 2) == "0x" ? " (no 0x in front)" : ""));
  }
  std::array<std::uint8_t, 32> bytes{};
  const std::vector<std::uint8_t> read = parse_hex(text);
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = read[i];
  return bytes;
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

std::string felt_text(const Fr& value) { return hex_text(value.to_bytes_le()); }

Fr parse_felt(std::string_view text) {
  const auto value = Fr::from_bytes_le(parse_32_bytes(text, "a field element"));
  if (!value) throw Error(Fault::format, "the field element " + std::string(text) + " is not below the modulus");
  return *value;
}

std::string big_felt_text(const Fr& value) { return value.to_hex_be(); }

std::string point_text(const G1Affine& point) { return hex_text(g1_compress(point)); }

G1Affine parse_point(std::string_view text) {
  const auto point = g1_decompress(parse_32_bytes(text, "a compressed point"));
  if (!point) throw Error(Fault::format, "the commitment " + std::string(text) + " is not a point of the curve");
  return *point;
}

}  // namespace ezkl
