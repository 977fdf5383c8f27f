#pragma once

// The parts of configure(), one file each. Every part appends to the constraint system in a fixed order.

#include <cstddef>
#include <optional>
#include <vector>

#include "circuit/columns.hpp"
#include "circuit/configure.hpp"

namespace ezkl::detail {

/// errors: Fault::range when `more` columns beside the ones present, for so many cells, are beyond any sensible number.
void require_columns(std::size_t present, std::size_t more, std::size_t cells, unsigned logrows);

/// Factors of a circuit's expressions. What a key is a digest of spells out every expression, a factor of a table in a
/// kilobyte.
constexpr std::size_t max_factors = std::size_t{1} << 18;

/// The same of selectors.
void require_selectors(const plonk::ConstraintSystem& cs, std::size_t more);

/// blocks_for(capacity, usable * width) blocks of `width` advice columns, each under equality.
/// errors: Fault::range beyond any sensible number of columns.
ColumnBlocks add_advice_blocks(plonk::ConstraintSystem& cs, unsigned logrows, std::size_t width, std::size_t capacity,
                               std::uint8_t phase = 0, bool unblinded = false);

/// The cells of block `block` on the row `rotation` rows away.
std::vector<plonk::Expression> block_row(plonk::ConstraintSystem& cs, const ColumnBlocks& blocks, std::size_t block);

plonk::Expression constant(std::int64_t value);

/// Stores selector * p for every p.
void add_gate(plonk::ConstraintSystem& cs, const char* name, const plonk::Expression& selector,
              const std::vector<plonk::Expression>& polynomials);

bool reads_previous_output(BaseOp op);
const char* base_op_name(BaseOp op);

/// `previous` combined with the fold of the operands, as the accumulating operation `op` does it. One-operand operations
/// read `b` only.
plonk::Expression accumulate(BaseOp op, const plonk::Expression& previous, const std::vector<plonk::Expression>& a,
                             const std::vector<plonk::Expression>& b);

void configure_base(plonk::ConstraintSystem& cs, CircuitColumns& columns);
void configure_tables(plonk::ConstraintSystem& cs, CircuitColumns& columns, const GraphSettings& settings);
DynamicSelectors configure_dynamic(plonk::ConstraintSystem& cs, const CircuitColumns& columns);
/// Allocates the instance column as well when the hash is public.
PoseidonColumns configure_poseidon(plonk::ConstraintSystem& cs, bool public_hash,
                                   std::optional<plonk::Column>& instance);
FreivaldsColumns configure_freivalds(plonk::ConstraintSystem& cs, const GraphSettings& settings);

}  // namespace ezkl::detail
