#pragma once

#include <cstdint>
#include <vector>

#include "plonk/keys.hpp"

namespace ezkl::plonk {

/// Which coefficients a proof keeps; the others it makes from the values by row every time they are read, which takes
/// another transform each. The proof's bytes do not depend on it.
enum class MemoryPlan : std::uint8_t {
  keep_all,
  rebuild_columns,  ///< not those of the circuit's columns, the multiplicities (small integers by row) and sigma
  rebuild_all       ///< nor those of running products and sums
};

/// The plan's name for a log.
const char* name_of(MemoryPlan plan);

/// How many columns of the quotient's constraints a pass over the rows brings into memory if it can: more keep all
/// threads busy.
std::size_t pass_columns(MemoryPlan plan);

struct MemoryNeed {
  MemoryPlan plan = MemoryPlan::keep_all;
  std::uint64_t bytes = 0;  ///< about what create_proof takes at its peak, besides key, SRS and the advice columns
};

/// Every plan, the fastest first. Later ones mostly take less, but not where most columns are lines below the rows
/// that are used, nor the last one where many tables stand against few running sums. `rows`: how many the advice
/// columns use at most.
std::vector<MemoryNeed> memory_needs(const ProvingKey& key, std::size_t rows);

/// The fastest plan within `budget` bytes. errors: Fault::limit, saying what the smallest takes, when there is none.
MemoryNeed plan_within(const ProvingKey& key, std::size_t rows, std::uint64_t budget);

}  // namespace ezkl::plonk
