#pragma once

#include <cstdint>
#include <string>

#include "circuit/settings.hpp"

namespace ezkl::cli {

/// What a proof of a circuit is predicted to take.
struct Forecast {
  std::string text;     ///< one line
  std::string warning;  ///< and what to do where this machine has less memory, or takes longer than ten minutes; or ""
};

/// Of this machine: its kernels, as many threads as a session has, memory_of_this_process.
Forecast forecast(const GraphSettings& settings);

/// Of the machine, the process (ulimit -v) and its group (a container's limit) the least; 0 when none is known.
std::uint64_t memory_of_this_process();

}  // namespace ezkl::cli
