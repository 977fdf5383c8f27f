#pragma once

#include "ezkl/run_args.hpp"

namespace ezkl::circuit {

/// Sums and products of constants, which a circuit works out beforehand.
/// errors: Fault::range beyond 127 bits: integers stay below, but a constant beside field elements has no bounds.
Int128 constant_sum(Int128 a, Int128 b);
Int128 constant_product(Int128 a, Int128 b);

}  // namespace ezkl::circuit
