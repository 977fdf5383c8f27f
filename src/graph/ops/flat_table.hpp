#pragma once

#include "graph/claims/claims.hpp"

namespace ezkl::ops {

/// w.table, but where a chosen lookup range reaches to where the function starts to be constant at its scale (Exp
/// below, Sigmoid, Tanh and Erf on both sides), keys beyond are first brought there: the entries are the same for every
/// key, and no key lies outside of the table. ONNX semantics only.
claims::Tensor flat_table(claims::Writer& w, claims::Tensor key, const claims::TableId& id);

}  // namespace ezkl::ops
