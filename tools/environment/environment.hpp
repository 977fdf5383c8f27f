#pragma once

#include "ezkl/session.hpp"

namespace ezkl {

/// The options that variables of the environment ask for (docs/environment.md): what programs do for the library, which
/// reads none. Empty variables count as absent. errors: Fault::usage naming the variable, for a value that makes no
/// sense.
SessionOptions options_from_environment();

/// The variable behind an option of a session ("srs_folder": EZKL_REPO_PATH), null where there is none.
const char* variable_of(std::string_view option);

}  // namespace ezkl
