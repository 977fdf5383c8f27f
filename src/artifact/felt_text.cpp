#include "artifact/felt_text.hpp"

#include "base/hex.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

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
