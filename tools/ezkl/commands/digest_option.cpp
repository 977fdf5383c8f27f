#include "commands/digest_option.hpp"

#include <algorithm>
#include <cctype>

#include "artifact/sha256_text.hpp"

namespace ezkl::cli {
namespace {

std::string plain_digest(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  text.erase(0, std::min(text.size(), text.find_first_not_of(" \t\n")));
  if (text.starts_with("0x") || text.starts_with("0X")) text.erase(0, 2);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return text;
}

}  // namespace

void declare_digest(Options& options, const char* name, std::optional<std::string>& into, const std::string& help) {
  options.parsed(
      name, "HEX", "",
      [&into](const std::string& text) {
        into = plain_digest(text);
        check_typed_sha256(*into);
      },
      help);
}

}  // namespace ezkl::cli
