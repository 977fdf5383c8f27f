#pragma once

#include "graph/op_table.hpp"

namespace ezkl::ops {

/// Scale of a reciprocal: max(base_scale, the operand's).
int reciprocal_scale(const OpContext& ctx);

/// 2^out / (x / 2^in) for in = scale of operand 0 and out = reciprocal_scale; at 0 what the run argument epsilon gives.
/// Where that is beyond the decomposition limit: the limit in ONNX semantics, a Fault::range at evaluation in published.
claims::Tensor reciprocal_of(claims::Writer& w, const OpContext& ctx, claims::Tensor x);

}  // namespace ezkl::ops
