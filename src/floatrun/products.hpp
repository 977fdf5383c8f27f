#pragma once

#include "floatrun/call.hpp"

namespace ezkl::floatrun {

/// numpy's matmul of operands of one type, vectors and batches included.
Tensor matmul(const Call& c, const Tensor& a, const Tensor& b);
/// x as a float of 64 bits, shape kept: what products of small integers are computed in, exact below 2^53.
Tensor widened(const Call& c, const Tensor& x);

}  // namespace ezkl::floatrun
