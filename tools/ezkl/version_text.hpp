#pragma once

#include <string>

namespace ezkl::cli {

/// "ezkl 23.0.5" and the kernels and threads in use, a line each.
std::string version_text();

}  // namespace ezkl::cli
