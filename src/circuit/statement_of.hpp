#pragma once

#include <array>
#include <span>
#include <vector>

#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// The statement that proofs under these settings make. errors: Fault::format as describe_statement.
Statement statement_of(const GraphSettings& settings);

/// The same order, from the model itself: what its circuit places. errors: Fault::usage as statement_order.
StatementOrder statement_order_of(const claims::Record& record);

/// The shapes of public inputs, then of public outputs, as settings list them.
std::vector<Shape> instance_shapes(const claims::Record& record);

/// The bindings behind the messages of a statement. Refers into the record.
class BoundTensors {
 public:
  explicit BoundTensors(const claims::Record& record);
  /// One tensor's, or of parameters all.
  std::span<const claims::Binding* const> of(const ShownTensor& shown) const;

 private:
  std::array<std::vector<const claims::Binding*>, 3> groups_;
};

}  // namespace ezkl
