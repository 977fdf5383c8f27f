#pragma once

#include <cstdint>
#include <vector>

#include "circuit/settings.hpp"
#include "graph/claims/claims.hpp"

namespace ezkl {

/// Rows that a part of a model takes: in the model's own columns and in those of products checked by random
/// combinations, which stand side by side.
struct RowCount {
  std::uint64_t model = 0, products = 0;
};

/// The rows of each node of a record, by its index in Record::node_names, with digits of decomp_base and products
/// checked as the run arguments allow: an estimate of what the nodes would take in a circuit of their own.
std::vector<RowCount> rows_by_node(const claims::Record& record, const RunArgs& args);

/// Rows of the cells that hashing so many elements as one message takes.
std::uint64_t hash_rows(std::uint64_t elements);

/// The rows that the settings of a whole circuit ask for: the longest of its columns, if nothing were cut into blocks.
std::uint64_t rows_of(const GraphSettings& settings);

}  // namespace ezkl
