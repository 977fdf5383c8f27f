#include "base/text.hpp"

#include <algorithm>
#include <cstdio>

namespace ezkl {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::string short_number(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string markup_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::size_t character_count(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

std::string elided(std::string_view text, std::size_t most) {
  if (character_count(text) <= most) return std::string(text);
  std::size_t characters = 0, cut = 0;
  for (; cut < text.size(); ++cut) {
    if (!continues_character(text[cut]) && ++characters == most) break;
  }
  return std::string(text.substr(0, cut)) + "…";
}

}  // namespace ezkl
