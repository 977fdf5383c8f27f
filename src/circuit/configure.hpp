#pragma once

#include "circuit/columns.hpp"
#include "circuit/settings.hpp"
#include "plonk/constraint_system.hpp"

namespace ezkl {

struct ConfiguredCircuit {
  plonk::ConstraintSystem cs;
  CircuitColumns columns;
};

/// The constraint system of a circuit. It follows from the settings alone, so that a verifier can rebuild it; the order
/// of every step is part of the key digest.
/// errors  Fault::range for sizes that make no circuit (logrows, widths, table sizes), Fault::format for settings that
///         contradict themselves, Fault::unsupported for an unknown lookup.
/// source  docs/spec/constraint-system.md
ConfiguredCircuit configure(const GraphSettings& settings);

/// Number of column blocks for `capacity` cells at `block_size` cells a block. No block is ever planned completely full.
std::size_t blocks_for(std::size_t capacity, std::size_t block_size);

/// Rows of a static table column: two less than the usable rows.
std::size_t table_rows(const plonk::ConstraintSystem& cs, unsigned logrows);

}  // namespace ezkl
