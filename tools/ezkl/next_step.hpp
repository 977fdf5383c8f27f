#pragma once

#include <span>
#include <string>

#include "options.hpp"

namespace ezkl::cli {

/// `error` of `command`, and where a file of `files` is not there that it wanted to read, with the command that makes
/// it.
Error with_next_step(const Error& error, const std::string& command, std::span<const NamedFile> files);

}  // namespace ezkl::cli
