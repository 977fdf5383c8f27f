#include "log_level.hpp"

#include <optional>
#include <string>

#include "options.hpp"

namespace ezkl::cli {
namespace {

std::optional<LogLevel> level_named(const std::string& name) {
  if (name == "off" || name == "error") return LogLevel::error;
  if (name == "warn") return LogLevel::warn;
  if (name == "info") return LogLevel::info;
  if (name == "debug") return LogLevel::debug;
  if (name == "trace") return LogLevel::trace;
  return std::nullopt;
}

std::optional<LogLevel> level_in(const char* filter) {
  std::optional<LogLevel> general, own;
  for (const std::string& part : split_commas(filter ? filter : "")) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos) {
      if (const auto level = level_named(part)) general = level;
    } else if (part.substr(0, equals) == "ezkl") {
      own = level_named(part.substr(equals + 1));
    }
  }
  return own ? own : general;
}

}  // namespace

LogLevel log_level_from(const char* ezkl_log, const char* rust_log, std::int64_t verbose, bool quiet) {
  if (verbose > 0) return verbose == 1 ? LogLevel::debug : LogLevel::trace;
  if (quiet) return LogLevel::warn;
  if (const auto level = level_in(ezkl_log)) return *level;
  return level_in(rust_log).value_or(LogLevel::info);
}

}  // namespace ezkl::cli
