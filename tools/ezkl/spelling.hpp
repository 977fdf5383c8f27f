#pragma once

#include <string>
#include <string_view>

namespace ezkl::cli {

/// How the command line writes a parameter of the library: "srs_path" as "--srs-path", an option of the session by the
/// variable that sets it.
std::string spelled(std::string_view parameter);

}  // namespace ezkl::cli
