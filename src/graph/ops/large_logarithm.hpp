#pragma once

#include "graph/claims/claims.hpp"
#include "graph/op_table.hpp"

namespace ezkl::ops {

/// ln x of integers at the scale of operand 0, by `table`, that of Ln: x = m·2^e and a rest, m with two bits more than
/// the scale has, so that what the rest adds is less than half a step. Where x <= 0, what the table gives.
claims::Tensor large_logarithm(claims::Writer& w, const OpContext& ctx, claims::Tensor x, const claims::TableId& table);

/// Whether x may be larger than a mantissa, and a chosen lookup range holds those.
bool needs_large_logarithm(claims::Writer& w, const OpContext& ctx, claims::Tensor x);

}  // namespace ezkl::ops
