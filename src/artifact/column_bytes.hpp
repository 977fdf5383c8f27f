#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "plonk/column.hpp"

namespace ezkl {

/// One column of a key: the differences from row to row, runs of one difference in three bytes or so (constants, empty
/// rows and counting tables are such runs), then the rows that hold whole field elements.
void write_column(ByteWriter& writer, const plonk::ColumnValues& column);
/// errors: Fault::format for bytes that do not make exactly `n` rows.
plonk::ColumnValues read_column(ByteReader& reader, std::size_t n);

/// A permutation of cells: only what does not map to itself, as runs of cells with one distance to their successor.
void write_successors(ByteWriter& writer, std::span<const std::uint32_t> next);
/// errors: Fault::format for a cell outside 0 .. cells-1.
std::vector<std::uint32_t> read_successors(ByteReader& reader, std::size_t cells);

}  // namespace ezkl
