#pragma once

#include <filesystem>
#include <vector>

namespace ezkl::service {

/// What a process may reach of the file system.
struct Reach {
  std::vector<std::filesystem::path> reads;  ///< and runs
  std::filesystem::path writes;              ///< one folder
};

/// Version of Landlock that the kernel has; 0: none. From 4 on it also keeps from the network.
int sandbox_version();

/// Confines this process and its children to `reach` by Landlock, for good. Safe between fork and exec: makes no
/// memory. Gives whether it did: false where the kernel has none.
bool confine(const Reach& reach);

}  // namespace ezkl::service
