#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ezkl::cli {

/// The service that `given` names, else the one of EZKL_REMOTE_URL or ARCHON_SERVER_URL; empty: none.
std::string remote_url(const std::string& given);

/// What runs a command there: its name and what stands behind it, general options among it. The key is that of
/// EZKL_API_KEY or of the file EZKL_API_KEY_FILE. errors of what it gives: Fault::usage without a key; as run_remotely.
std::function<void()> remote_run(const std::string& url, const std::vector<std::string>& arguments);

}  // namespace ezkl::cli
