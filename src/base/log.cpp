#include "base/log.hpp"

#include <string_view>

#include "base/session_state.hpp"
#include "base/text.hpp"

namespace ezkl {
namespace {

/// The folder of a source below src, else the one it lies in.
std::string_view module_of(std::string_view file) {
  constexpr std::string_view own = __FILE__, own_end = "base/log.cpp";
  constexpr std::string_view root = own.substr(0, own.size() - own_end.size());
  if (file.substr(0, root.size()) == root) {
    file.remove_prefix(root.size());
    return file.substr(0, file.find('/'));
  }
  file = file.substr(0, file.rfind('/'));
  return file.substr(file.rfind('/') + 1);
}

}  // namespace

void log(LogLevel level, const std::string& text, const std::vector<Hint>& hints, const char* file) {
  const SessionOptions& options = session_options();
  if (level > options.log_level || !options.log) return;
  // Names come from files of others, and a log is looked at on a terminal.
  const std::string shown = printable_message(text);
  std::vector<Hint> advice = hints;
  for (Hint& hint : advice) hint.advice = printable_line(hint.advice);
  options.log({level, module_of(file), shown, advice});
}

}  // namespace ezkl
