#pragma once

#include <string>

#include "field/fr.hpp"

namespace ezkl {

/// A finite number as the published package writes it in JSON: the shortest digits that read back to the same value,
/// with a point or an exponent ("128.0", "2.220446049250313e-16"); null for infinities and NaN.
std::string json_number(double value);
std::string json_number(float value);

/// The shortest digits that read back to the same value, never an exponent and no trailing ".0": "0.5", "1", "-0.25",
/// "30438340832785806000000000000000000000"; "NaN", "inf", "-inf".
std::string plain_number(double value);

/// What the `rescaled_*` fields say of a field element: its signed integer divided by 2^scale, as plain_number.
std::string rescaled_text(const Fr& value, int scale);

}  // namespace ezkl
