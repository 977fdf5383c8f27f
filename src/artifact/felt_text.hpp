#pragma once

#include <string>
#include <string_view>

#include "curve/g1.hpp"
#include "field/fr.hpp"

namespace ezkl {

/// A field element in JSON: 64 hexadecimal digits of its 32 bytes, least significant byte first, no 0x.
std::string felt_text(const Fr& value);
/// errors: Fault::format for another length, another character, or a value that is not below the modulus.
Fr parse_felt(std::string_view text);

/// For people: "0x" and 64 digits, most significant first.
std::string big_felt_text(const Fr& value);

/// A commitment in JSON: 64 hexadecimal digits of its compressed form.
std::string point_text(const G1Affine& point);
/// errors: Fault::format when the text is no point of the curve.
G1Affine parse_point(std::string_view text);

}  // namespace ezkl
