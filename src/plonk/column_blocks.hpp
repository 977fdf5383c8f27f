#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "plonk/column.hpp"
#include "plonk/program.hpp"

namespace ezkl::plonk {

/// Small signed integers as field elements. out.size() == values.size().
void to_field(std::span<const std::int64_t> values, std::span<Fr> out);

/// Rows begin .. begin+count-1 of a column as field elements; rows count modulo the length of the column.
void column_block(const ColumnValues& column, std::size_t begin, std::size_t count, Fr* out);

/// A whole column as field elements, in parallel. out.size() == column.size().
void expand_column(const ColumnValues& column, std::span<Fr> out);

/// One bit a row as 0 and 1, like column_block.
void selector_block(const SelectorBits& bits, std::size_t begin, std::size_t count, Fr* out);

/// A Fetch for programs that run over the rows of the circuit itself. `column` gives the values of a slot; null for
/// slots that `selector` knows. Rotations wrap around, as in the polynomial they stand for.
Program::Fetch fetch_rows(std::size_t n, std::function<const ColumnValues*(std::uint32_t slot)> column,
                          std::function<const SelectorBits*(std::uint32_t slot)> selector = {});

}  // namespace ezkl::plonk
