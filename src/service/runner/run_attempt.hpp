#pragma once

#include <filesystem>

namespace ezkl::service {

/// What a runner needs besides the attempt's folder.
struct RunnerPlaces {
  std::filesystem::path program;  ///< ezkl
  std::filesystem::path blobs;
  std::filesystem::path setups;  ///< EZKL_REPO_PATH of the program: setups that no path names lie in its folder srs
  std::filesystem::path wake;    ///< the pipe of the service that waits for the end; empty: none
};

/// Runs an attempt unless somebody else claimed it: files into the working folder, the commands one after the other
/// under the attempt's limits, written files into the store, a report. Goes on without a service. errors: Fault::io
/// where not even a report can be written.
void run_attempt(const std::filesystem::path& folder, const RunnerPlaces& places);

}  // namespace ezkl::service
