#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ezkl {

/// Lower-case hexadecimal digits, two a byte, in order.
std::string hex_text(std::span<const std::uint8_t> bytes);
/// errors: Fault::format for an odd length or another character. An upper-case digit is fine.
std::vector<std::uint8_t> parse_hex(std::string_view text);

}  // namespace ezkl
