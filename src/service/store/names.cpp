#include "store/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/hex.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes;
  Random::from_os().fill(bytes);
  bytes[6] = static_cast<std::uint8_t>(0x40 | (bytes[6] & 0x0f));
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
  std::string out = hex_text(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) out.insert(at, 1, '-');
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !digit) return false;
  }
  return true;
}

bool is_plain_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

void check_inner_path(std::string_view path) {
  const auto refuse = [&](const char* why) {
    throw Error(Fault::usage, "'" + printable_line(elided(path, 80)) + "' " + why);
  };
  if (path.empty()) refuse("is no name of a file");
  if (path[0] == '/') refuse("is an absolute path; names are those of files inside the recipe's folder");
  if (path[0] == '-') refuse("starts like an option");
  std::size_t pieces = 0;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view piece = path.substr(begin, end - begin);
    if (piece.empty() || piece == "." || piece == "..") refuse("leads elsewhere than into the recipe's folder");
    if (piece.size() > 255) refuse("has a piece of more than 255 bytes");
    for (const char c : piece) {
      if (static_cast<unsigned char>(c) < 32 || c == 127 || c == '\\')
        refuse("has a character that names must not have");
    }
    if (++pieces > 8) refuse("lies more than 8 folders deep");
    begin = end + 1;
  }
}

}  // namespace ezkl::service
