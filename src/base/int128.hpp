#pragma once

#include <string>
#include <string_view>

#include "ezkl/run_args.hpp"

namespace ezkl {

__extension__ using Uint128 = unsigned __int128;

/// Decimal digits, with a minus sign for negative values.
std::string to_string(Int128 value);

/// Reads an optional sign and decimal digits, nothing else.
/// errors: Fault::format for any other text and for values outside -2^127 .. 2^127-1.
Int128 parse_int128(std::string_view text);

}  // namespace ezkl
