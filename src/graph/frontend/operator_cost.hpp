#pragma once

#include <cstdint>

#include "graph/op_table.hpp"

namespace ezkl {

/// What an operator takes besides its result, where that is not a small number of steps an element. Numbers too large
/// for 64 bits are the largest one.
struct OperatorCost {
  std::uint64_t elements = 0;  ///< that it reads beyond those it gives, or that lie between the two
  std::uint64_t products = 0;  ///< multiply-accumulates of a contraction
  std::uint64_t claims = 0;    ///< beyond a few: what grows with an extent, not with the elements
};

/// A multiply-accumulate on real numbers takes a 32nd of the time of an element that is made otherwise.
inline constexpr std::uint64_t products_as_element = 32;

/// `volume`: elements of the result. The operands have passed the operator's shape function.
OperatorCost operator_cost(const OpContext& op, std::uint64_t volume);

}  // namespace ezkl
