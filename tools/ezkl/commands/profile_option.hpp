#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "options.hpp"

namespace ezkl::cli {

/// --profile [PATH] of a command.
struct ProfileOption {
  std::optional<std::filesystem::path> trace;  ///< where the trace goes; none: no profile is taken
};

void declare_profile(Options& o, ProfileOption& option);

/// Runs `work`. With a profile, prints its phases to stderr afterwards and writes the trace; `command` (a literal) is
/// the name of the outermost phase.
void run_profiled(const ProfileOption& option, const char* command, const std::function<void()>& work);

}  // namespace ezkl::cli
