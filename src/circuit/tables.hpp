#pragma once

#include "circuit/columns.hpp"
#include "plonk/keys.hpp"

namespace ezkl::circuit {

/// Writes static lookup tables and range checks into their fixed columns. Rows past a table's end repeat its first row,
/// which every row with the selector off looks up. source: docs/spec/constraint-system.md 5.4
void fill_tables(const CircuitColumns& columns, plonk::Assembly& assembly);

/// By fixed column up to the last one of a table: its multiplier, which all its values have as a factor; 1 for columns
/// of no table.
std::vector<Fr> table_factors(const CircuitColumns& columns);

}  // namespace ezkl::circuit
