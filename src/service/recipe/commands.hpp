#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/attempt_folder.hpp"

namespace ezkl::service {

/// What an option of a command takes.
enum class Takes : std::uint8_t {
  reads,   ///< a file that must be there
  writes,  ///< a file that is made
  edits,   ///< a file that must be there and is made anew
  data,    ///< a file that must be there, or JSON text
  value,
  nothing,  ///< a flag
};

struct OptionDescription {
  const char* name;  ///< of the command line without dashes; with _ for - the field of a command object
  Takes takes = Takes::value;
  const char* usual = nullptr;  ///< the file without the option; null: none
  char short_name = 0;
};

/// A command that a recipe may have: none that reaches out of the machine.
struct CommandDescription {
  const char* name;     ///< "gen-witness"
  const char* variant;  ///< "GenWitness", its key in a command object
  std::span<const OptionDescription> options;
  const char* also_reads = nullptr;  ///< a file of the working folder, where it is there and no option names another
};

/// Null for a name or a variant that is none.
const CommandDescription* find_command(std::string_view name_or_variant);
std::span<const CommandDescription> all_commands();

/// One option of a command as it is given.
struct GivenOption {
  const OptionDescription* option = nullptr;
  std::string value;  ///< empty for a flag
};

struct GivenCommand {
  const CommandDescription* command = nullptr;
  std::vector<GivenOption> options;

  const std::string* value_of(std::string_view option) const;
  /// Files that it reads and writes, usual ones among them.
  std::vector<std::string> reads() const;
  std::vector<std::string> writes() const;
};

/// As on a command line: an option and its value in one word or in two, with its short name or its long one.
/// errors: Fault::usage for an option that the command does not have, naming it.
GivenCommand parse_arguments(std::span<const std::string> arguments);

/// Checks that every file is one inside the recipe's folder. errors: Fault::usage.
void check_paths(const GivenCommand& command);

/// The arguments that the program gets. A value is in the same argument as its option, so that none reads as an option.
Step step_of(const GivenCommand& command);

}  // namespace ezkl::service
