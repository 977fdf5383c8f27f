#pragma once

#include <cstdint>
#include <string>

namespace ezkl {

enum class LogLevel : std::uint8_t { error, warn, info, debug, trace };

/// Writes one line to stderr: "[*] [2026-01-02 03:04:05:678, ezkl] - text"; the first letter is E, W, * (info), D or T.
/// Safe from any thread. Messages above the level in force cost a comparison.
void log(LogLevel level, const std::string& text);
/// The level in force is LogLevel::info until this is called.
void set_log_level(LogLevel level);
LogLevel log_level();

inline void log_error(const std::string& text) { log(LogLevel::error, text); }
inline void log_warn(const std::string& text) { log(LogLevel::warn, text); }
inline void log_info(const std::string& text) { log(LogLevel::info, text); }
inline void log_debug(const std::string& text) { log(LogLevel::debug, text); }

}  // namespace ezkl
