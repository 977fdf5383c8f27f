#pragma once

#include <cstdint>

namespace ezkl {

/// Memory of the process, in bytes; 0 where the system does not say.
struct ProcessMemory {
  std::uint64_t resident = 0;
  std::uint64_t peak = 0;  ///< the most that was resident since the start or restart_peak
};

ProcessMemory process_memory();

/// Lets the peak begin anew from what is resident now. False where that is not allowed.
bool restart_peak();

/// The allocator keeps much of what it is handed back; this gives it on to the system.
void give_back_freed_memory();

/// From now on blocks from a quarter of a mebibyte up go back to the system when they are freed: the peak is then what
/// is in use, at the price of page faults.
void give_back_large_blocks_at_once();

}  // namespace ezkl
