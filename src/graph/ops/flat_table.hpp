#pragma once

#include "ezkl/run_args.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl::ops {

/// w.table, but where a chosen lookup range reaches to where the function starts to be constant at its scale (Exp
/// below, Sigmoid, Tanh and Erf on both sides) or a straight line (HardSwish), keys beyond are first brought there: the
/// values are the same for every key, and no key lies outside of the table. ONNX semantics only.
claims::Tensor flat_table(claims::Writer& w, claims::Tensor key, const claims::TableId& id);

/// Whether tables may be laid out otherwise than key by key: ONNX semantics, and not the range that stands in settings
/// that nobody chose, where keys are looked up as they are.
bool has_chosen_range(const RunArgs& args);

}  // namespace ezkl::ops
