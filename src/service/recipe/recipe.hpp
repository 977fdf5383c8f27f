#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/attempt_folder.hpp"

namespace ezkl::service {

/// A recipe as it is sent: commands that run in order in one folder.
struct Recipe {
  std::optional<std::string> artifact;       ///< whose files are in the folder
  std::optional<std::int64_t> version;       ///< of the artifact; without one the newest
  std::map<std::string, std::string> files;  ///< further files: name -> SHA-256
  std::map<std::string, std::string> texts;  ///< further files that came with it: name -> content
  std::vector<Step> steps;
  std::vector<std::string> commands;  ///< as they were sent, JSON
  std::vector<std::string> keep;      ///< files that come back
  std::optional<std::uint64_t> memory, limit_s;
  std::optional<unsigned> cores;
  int priority = 0;  ///< -1 low, 0 normal, 1 high
};

/// Reads a recipe: an object, or the list of commands alone that older clients send. A command is one of
///
///     {"ezkl_command": {"Prove": {"witness": "witness.json", ...}}, "working_dir": "ARTIFACT"}
///     {"Prove": {...}}
///     {"artifact": "ARTIFACT", "binary": "ezkl", "command": ["prove", "OPTION VALUE", ...], "output_path":
///     [...]}
///
/// A null field of a command counts as absent. errors: Fault::format for what is no recipe; Fault::usage for a command,
/// an option or a name that is not allowed, naming it: a typo is never a default.
Recipe parse_recipe(std::string_view text);

/// What the ledger keeps of it: `files` are all files of the folder.
std::string recipe_body(const Recipe& recipe, const std::map<std::string, std::string>& files);

/// What a runner gets, from what the ledger keeps. Setup and prove are told to stay within nine tenths of `memory`.
AttemptSpec spec_of(std::string_view body, const std::string& uuid, std::uint64_t memory, unsigned cores,
                    std::uint64_t limit_s);
/// The commands as they were sent, JSON each.
std::vector<std::string> commands_of(std::string_view body);

}  // namespace ezkl::service
