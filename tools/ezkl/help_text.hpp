#pragma once

#include <span>
#include <string>
#include <vector>

#include "options.hpp"

namespace ezkl::cli {

/// A command as help, completions and the manual page show it.
struct CommandInfo {
  std::string group, name, help, examples;
  std::vector<OptionInfo> options;
};

/// What `ezkl --help` prints, `general` being the options that every command has. Lines of at most 80 columns.
std::string program_help(std::span<const CommandInfo> commands, std::span<const OptionInfo> general);
/// What `ezkl COMMAND --help` prints.
std::string command_help(const CommandInfo& command);
/// ezkl(1), in the macros of man.
std::string manual_page(std::span<const CommandInfo> commands, std::span<const OptionInfo> general);

}  // namespace ezkl::cli
