#pragma once

#include <string>
#include <vector>

#include "ezkl/session.hpp"

namespace ezkl {

/// Says something to whoever listens to this thread's session. `file` is the source that says it, from which its module
/// follows. Safe from any thread. What is above the session's level costs a comparison.
void log(LogLevel level, const std::string& text, const std::vector<Hint>& hints = {},
         const char* file = __builtin_FILE());

inline void log_error(const std::string& text, const std::vector<Hint>& hints = {},
                      const char* file = __builtin_FILE()) {
  log(LogLevel::error, text, hints, file);
}
inline void log_warn(const std::string& text, const std::vector<Hint>& hints = {},
                     const char* file = __builtin_FILE()) {
  log(LogLevel::warn, text, hints, file);
}
inline void log_info(const std::string& text, const std::vector<Hint>& hints = {},
                     const char* file = __builtin_FILE()) {
  log(LogLevel::info, text, hints, file);
}
inline void log_debug(const std::string& text, const std::vector<Hint>& hints = {},
                      const char* file = __builtin_FILE()) {
  log(LogLevel::debug, text, hints, file);
}

}  // namespace ezkl
