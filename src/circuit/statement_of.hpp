#pragma once

#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// The statement that proofs under these settings make. errors: Fault::format as describe_statement.
Statement statement_of(const GraphSettings& settings);

/// The same order, from the model itself: what its circuit places. errors: Fault::usage as statement_order.
StatementOrder statement_order_of(const claims::Record& record);

/// The bindings of a message of it: one tensor's, or of parameters all. Refers into `record`.
std::vector<const claims::Binding*> bindings_of(const claims::Record& record, const ShownTensor& shown);

}  // namespace ezkl
