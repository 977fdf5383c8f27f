#pragma once

#include <string>
#include <vector>

#include "help_text.hpp"

namespace ezkl::cli {

/// A script that makes `shell` complete ezkl's commands and options: bash, zsh, fish, elvish or powershell.
/// errors: Fault::usage for another shell.
std::string completion_script(const std::string& shell, const std::vector<CommandInfo>& commands);

}  // namespace ezkl::cli
