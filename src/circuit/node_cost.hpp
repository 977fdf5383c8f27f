#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "circuit/cost.hpp"
#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl {

/// What one node of the model takes up in a circuit.
struct NodeCost {
  std::string name;
  std::uint64_t rows = 0;
  std::size_t columns = 0;    ///< advice columns that hold its rows
  std::uint64_t lookups = 0;  ///< values looked up in a function table or checked in a range
  double seconds = 0;         ///< its share of the predicted time
};

/// The nodes of a record in the circuit of `settings`, in the order of their rows; nodes without rows or lookups are left
/// out, those of one name are joined. What is spent on lookups is shared by lookups, all else by rows; the last entry, named "(unused rows)", has what
/// the rows that nobody needs cost. errors: Fault::range when the settings leave no room.
std::vector<NodeCost> node_costs(const claims::Record& record, const GraphSettings& settings, const ProvingCost& whole);

}  // namespace ezkl
