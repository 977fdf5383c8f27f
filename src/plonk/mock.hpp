#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "plonk/keys.hpp"

namespace ezkl::plonk {

/// One broken constraint: which one, on which row, with the values it read.
struct MockFailure {
  std::string constraint;  ///< "gate ADD", "lookup fixed[3][0]", "copy"
  std::string text;        ///< what was found and what was expected, with the name of the place from `where`
  std::uint32_t row = 0;
};

/// About what a mock run takes at its peak, the circuit's assembly and its cells included.
std::uint64_t mock_bytes(const ConstraintSystem& cs, unsigned k);

/// Checks a filled circuit directly, row by row: every gate, lookup and copy. At most `limit` failures are returned.
/// `where(cell)` names what stands in a cell (a node of the model) and may be empty.
std::vector<MockFailure> mock_check(const ConstraintSystem& cs, unsigned k, const Assembly& assembly,
                                    std::span<const ColumnValues> advice, std::span<const std::vector<Fr>> instances,
                                    std::span<const Fr> challenges,
                                    const std::function<std::string(const Cell&)>& where, std::size_t limit = 20);

}  // namespace ezkl::plonk
