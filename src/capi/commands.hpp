#pragma once

#include <string>
#include <string_view>

#include "capi/arguments.hpp"

namespace ezkl::capi {

/// Runs one function of ezkl.hpp and gives what it gives, as JSON. errors: Fault::usage for an unknown command and for
/// arguments that it does not have; as the function.
std::string run_command(std::string_view command, const Arguments& arguments);

}  // namespace ezkl::capi
