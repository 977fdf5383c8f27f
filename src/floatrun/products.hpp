#pragma once

#include "floatrun/call.hpp"

namespace ezkl::floatrun {

/// numpy's matmul of operands of one type, vectors and batches included.
Tensor matmul(const Call& c, const Tensor& a, const Tensor& b);

}  // namespace ezkl::floatrun
