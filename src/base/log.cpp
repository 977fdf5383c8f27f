#include "base/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "base/text.hpp"

namespace ezkl {
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

spdlog::logger& logger() {
  // Never destroyed: destructors of other static objects may still log.
  static spdlog::logger* const instance = [] {
    auto* out = new spdlog::logger("ezkl", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LetterFlag>('*').set_pattern("[%*] [%Y-%m-%d %H:%M:%S:%e, ezkl] - %v");
    out->set_formatter(std::move(formatter));
    out->set_level(spdlog::level::info);
    return out;
  }();
  return *instance;
}

}  // namespace

void log(LogLevel level, const std::string& text) {
  if (!logger().should_log(to_spdlog(level))) return;
  logger().log(to_spdlog(level), spdlog::string_view_t(printable_message(text)));
}

void set_log_level(LogLevel level) { logger().set_level(to_spdlog(level)); }

LogLevel log_level() {
  for (const LogLevel level : {LogLevel::error, LogLevel::warn, LogLevel::info, LogLevel::debug}) {
    if (to_spdlog(level) == logger().level()) return level;
  }
  return LogLevel::trace;
}

}  // namespace ezkl
