#include "artifact/json_writer.hpp"

namespace ezkl {

void JsonWriter::quote(std::string_view value) {
  static constexpr char digits[] = "0123456789abcdef";
  out_ += '"';
  for (const char c : value) {
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      case '\b':
        out_ += "\\b";
        break;
      case '\f':
        out_ += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out_ += "\\u00";
          out_ += digits[c >> 4 & 15];
          out_ += digits[c & 15];
        } else {
          out_ += c;
        }
    }
  }
  out_ += '"';
}

}  // namespace ezkl
