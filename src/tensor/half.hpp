#pragma once

#include <cstdint>

namespace ezkl {

/// A number that binary16 holds, as its bits; NaN is quiet and keeps its sign.
std::uint16_t half_bits(double value);
/// The number that these bits stand for.
double half_value(std::uint16_t bits);

}  // namespace ezkl
