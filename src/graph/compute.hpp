#pragma once

#include <vector>

#include "graph/op_table.hpp"

namespace ezkl {

/// The operator on real numbers, as a tensor of type `result`. Whole numbers are taken in the result's type from the
/// start: 200 - 128 of two uint8 as an int32 is 72, and -3 times 0.25 as a float -0.75.
FloatTensor compute(const OpEntry& entry, const OpContext& ctx, std::vector<FloatTensor> operands, DType result);

}  // namespace ezkl
