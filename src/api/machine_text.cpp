// What programs read of errors and progress.
#include <cstdio>
#include <string_view>

#include "artifact/json_writer.hpp"
#include "base/text.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

std::string four_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

/// Names in errors are from files and have any length.
std::string limited(std::string_view text) {
  constexpr std::size_t most = std::size_t{1} << 14;  // as messages for people
  return elided(text, most);
}

}  // namespace

std::string error_json(const Error& error) {
  JsonWriter json;
  json.open_object();
  json.member("fault", name_of(error.fault()));
  json.member("code", static_cast<int>(error.fault()));
  json.key("frames");
  json.list(error.frames(), [&](const std::string& frame) { json.text(limited(frame)); });
  json.member("text", limited(error.text()));
  json.key("hints");
  json.list(error.hints(), [&](const Hint& hint) {
    json.open_object();
    json.member("parameter", hint.parameter);
    json.member("advice", limited(hint.advice));
    json.close_object();
  });
  json.member("message", limited(error.what()));
  json.close_object();
  return json.take();
}

std::string progress_json(const ProgressReport& report) {
  JsonWriter json;
  json.open_object();
  json.member("phase", report.phase);
  json.member("done", report.done);
  json.member("total", report.total);
  json.key("weight");
  json.raw(four_digits(report.weight));
  json.key("part");
  json.raw(four_digits(report.part));
  json.close_object();
  return json.take();
}

}  // namespace ezkl
