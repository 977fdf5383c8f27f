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

}  // namespace ezkl
