#pragma once

#include <string>
#include <string_view>

#include "base/int128.hpp"

namespace ezkl::evm {

/// An amount as people write it, "0.05" or "2" ETH, in wei. errors: Fault::usage for anything but a decimal number of
/// up to 12 digits before the point and up to 18 behind it.
Int128 parse_ether(std::string_view text);

/// The shortest decimal number of ETH for an amount of wei that is not negative.
std::string ether_text(Int128 wei);

}  // namespace ezkl::evm
