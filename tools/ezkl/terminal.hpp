#pragma once

#include <memory>
#include <mutex>

#include "ezkl/session.hpp"

namespace spdlog {
class logger;
}

namespace ezkl::cli {

/// Standard error as people read it: the log, a line a message, "[*] [2026-01-02 03:04:05:678, ezkl] - text", whose
/// first letter is E, W, * (info), D or T; and below it, where it is a terminal, a line of progress.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// From any thread.
  void log(const LogRecord& record);
  void show(const ProgressReport& report);
  bool shows_progress() const { return terminal_; }
  void clear();

 private:
  void clear_line();

  std::unique_ptr<spdlog::logger> logger_;
  const bool terminal_;
  std::mutex mutex_;  ///< of standard error
  std::string line_;  ///< as it stands there; empty: none does
};

}  // namespace ezkl::cli
