#pragma once

#include "graph/op_table.hpp"

namespace ezkl::ops {

/// Scale of a reciprocal: the attribute `scale`, else max(base_scale, the operand's).
int reciprocal_scale(const OpContext& ctx);

/// 2^out / (x / 2^in) for in = scale of operand 0 and out = reciprocal_scale. At 0, 1 / epsilon where the run argument
/// epsilon is given (2^-52 in published semantics), else the largest reciprocal there is, that of x = 2^-in; where that
/// is beyond the decomposition limit, 0 is refused (Fault::range at evaluation).
claims::Tensor reciprocal_of(claims::Writer& w, const OpContext& ctx, claims::Tensor x);

}  // namespace ezkl::ops
