#pragma once

#include <optional>
#include <string>

#include "options.hpp"

namespace ezkl::cli {

/// An option for a digest, as it is pasted: with 0x, capitals or blanks around it. errors of parsing: Fault::usage for
/// what is none.
void declare_digest(Options& options, const char* name, std::optional<std::string>& into, const std::string& help);

}  // namespace ezkl::cli
