#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runner/sandbox.hpp"

namespace ezkl::service {

/// One run of a program under limits.
struct ProgramRun {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::filesystem::path folder;  ///< to work in
  Reach reach;
  std::uint64_t memory = 0;      ///< bytes that it may have resident
  std::uint64_t file_bytes = 0;  ///< the longest file that it may write
  std::chrono::steady_clock::time_point deadline;
  std::filesystem::path log;        ///< gets its standard error
  std::function<bool()> cancelled;  ///< asked some times a second
  /// Gets the lines that it writes to descriptor `report_descriptor`.
  std::function<void(const std::string&)> report;
};
inline constexpr int report_descriptor = 3;

struct ProgramEnd {
  enum class Cause : std::uint8_t { itself, memory, deadline, cancelled } cause = Cause::itself;
  int status = 0;          ///< as wait gives it
  std::string out;         ///< the first mebibyte of standard output
  std::string last_error;  ///< the last line of standard error
  std::uint64_t peak_bytes = 0;
  double cpu_s = 0;
};

/// Runs it to its end. It dies with this process. errors: Fault::io when it cannot be started.
ProgramEnd run_program(const ProgramRun& run);

}  // namespace ezkl::service
