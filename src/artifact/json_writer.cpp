#include "artifact/json_writer.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ezkl {

void JsonWriter::quote(std::string_view value) {
  std::string escaped;  // of a text that a terminal would not show as it is; most are plain
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  if (!std::all_of(value.begin(), value.end(), plain)) {
    for (const char c : value) {
      switch (c) {
        case '"':
          escaped += "\\\"";
          break;
        case '\\':
          escaped += "\\\\";
          break;
        case '\n':
          escaped += "\\n";
          break;
        case '\r':
          escaped += "\\r";
          break;
        case '\t':
          escaped += "\\t";
          break;
        case '\b':
          escaped += "\\b";
          break;
        case '\f':
          escaped += "\\f";
          break;
        default:
          escaped += c;
      }
    }
    value = escaped = unicode_escaped(escaped);
  }
  out_ += '"';
  out_ += value;
  out_ += '"';
}

}  // namespace ezkl
