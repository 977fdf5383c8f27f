#pragma once

#include <string>

namespace ezkl::cli {

/// "ezkl-cpp 1.0.0 (compatible with 23.0.5)" and the kernels and threads in use, a line each.
std::string version_text();

}  // namespace ezkl::cli
