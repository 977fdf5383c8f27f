#include "base/text.hpp"

#include <algorithm>
#include <cstdio>

#include "base/hidden_characters.hpp"

namespace ezkl {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Bytes of the UTF-8 sequence that the text opens with; 0 when it opens with none. source: Unicode 15, table 3-7
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues_character(text[i])) return 0;
  }
  const bool overlong = (first == 0xe0 && at(1) < 0xa0) || (first == 0xf0 && at(1) < 0x90);
  const bool surrogate = first == 0xed && at(1) > 0x9f, beyond = first == 0xf4 && at(1) > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

/// The character that the sequence stands for.
char32_t character_of(std::string_view sequence) {
  if (sequence.size() == 1) return static_cast<unsigned char>(sequence[0]);
  char32_t out = static_cast<unsigned char>(sequence[0]) & (0x7fu >> sequence.size());
  for (const char c : sequence.substr(1)) out = out << 6 | (static_cast<unsigned char>(c) & 0x3f);
  return out;
}

/// The text with `form` of each character that changes the page.
template <class Form>
std::string replaced(std::string_view text, const Form& form) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
    const std::string_view sequence = text.substr(i, std::max<std::size_t>(length, 1));
    i += sequence.size();
    const bool hidden = length != 0 && is_hidden_character(character_of(sequence));
    if (hidden) {
      out += form(character_of(sequence));
    } else {
      out += sequence;
    }
  }
  return out;
}

/// The text with a question mark for each byte that belongs to no UTF-8 sequence and for each sequence not kept.
template <class Keep>
std::string with_question_marks(std::string_view text, const Keep& keep) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
    const std::string_view sequence = text.substr(i, std::max<std::size_t>(length, 1));
    out += length != 0 && keep(sequence) ? sequence : "?";
    i += sequence.size();
  }
  return out;
}

std::string printable(std::string_view text, std::string_view kept) {
  return with_question_marks(text, [&](std::string_view sequence) {
    return !is_hidden_character(character_of(sequence)) || kept.find(sequence) != kept.npos;
  });
}

}  // namespace

std::string short_number(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string markup_escaped(std::string_view text) {
  std::string out;
  for (const char c : replaced(text, [](char32_t) { return " "; })) {
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
        out += c;
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

std::string shown_name(std::string_view name) {
  constexpr std::size_t most = 64, head = 40, tail = most - head;
  const std::size_t count = character_count(name);
  if (count <= most) return std::string(name);
  const auto start_of = [&](std::size_t character) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < name.size(); ++at) {
      if (!continues_character(name[at]) && seen++ == character) break;
    }
    return at;
  };
  return std::string(name.substr(0, start_of(head))) + "…(" + std::to_string(count) + " characters)…" +
         std::string(name.substr(start_of(count - tail)));
}

std::string valid_utf8(std::string_view text) {
  return with_question_marks(text, [](std::string_view) { return true; });
}

std::string printable(std::string_view text) { return printable(text, "\n\t"); }

std::string unicode_escaped(std::string_view text) {
  return replaced(text, [](char32_t c) {
    char form[16];
    if (c < 0x10000) {
      std::snprintf(form, sizeof form, "\\u%04x", static_cast<unsigned>(c));
    } else {  // a surrogate pair
      const unsigned above = c - 0x10000u;
      std::snprintf(form, sizeof form, "\\u%04x\\u%04x", 0xd800u + (above >> 10), 0xdc00u + (above & 0x3ffu));
    }
    return std::string(form);
  });
}

std::string printable_line(std::string_view text) { return printable(text, ""); }

std::string printable_message(std::string_view text) {
  constexpr std::size_t longest = std::size_t{1} << 14;
  std::string out;
  for (const char c : elided(printable(text), longest)) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace ezkl
