#include "terminal.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "spelling.hpp"

namespace ezkl::cli {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::trace:
      break;
  }
  return spdlog::level::trace;
}

/// The letter that opens a line.
class LetterFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    switch (message.level) {
      case spdlog::level::err:
      case spdlog::level::critical:
        out.push_back('E');
        break;
      case spdlog::level::warn:
        out.push_back('W');
        break;
      case spdlog::level::debug:
        out.push_back('D');
        break;
      case spdlog::level::trace:
        out.push_back('T');
        break;
      default:
        out.push_back('*');
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LetterFlag>(); }
};

}  // namespace

Terminal::Terminal()
    : logger_(std::make_unique<spdlog::logger>("ezkl", std::make_shared<spdlog::sinks::stderr_sink_mt>())),
      terminal_(::isatty(STDERR_FILENO) != 0) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<LetterFlag>('*').set_pattern("[%*] [%Y-%m-%d %H:%M:%S:%e, ezkl] - %v");
  logger_->set_formatter(std::move(formatter));
  logger_->set_level(spdlog::level::trace);  // the session has chosen already
}

Terminal::~Terminal() { clear_line(); }

void Terminal::clear() {
  const std::lock_guard lock(mutex_);
  clear_line();
}

void Terminal::clear_line() {
  if (line_.empty()) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  line_.clear();
}

void Terminal::log(const LogRecord& record) {
  const std::lock_guard lock(mutex_);
  clear_line();
  logger_->log(to_spdlog(record.level), spdlog::string_view_t(record.message(spelled)));
}

void Terminal::show(const ProgressReport& report) {
  double part = report.part;
  if (part == 0 && report.total > 0) part = double(report.done) / double(report.total);
  if (part <= 0 || part >= 1) return clear();
  constexpr int width = 40;
  const int percent = int(part * 100), filled = percent * width / 100;
  const std::string line = std::string(report.phase) + " [" + std::string(std::size_t(filled), '#') +
                           std::string(std::size_t(width - filled), '.') + "] " + std::to_string(percent) + "%";
  const std::lock_guard lock(mutex_);
  if (line == line_) return;
  std::fputs(("\r\033[K" + line).c_str(), stderr);
  std::fflush(stderr);
  line_ = line;
}

}  // namespace ezkl::cli
