#include "artifact/sha256_text.hpp"

#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {

std::string sha256_text(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hex_text(hash.finish());
}

std::string sha256_text(std::string_view text) {
  return sha256_text(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string sha256_of_file(const std::filesystem::path& path) { return sha256_text(MappedFile(path).bytes()); }

bool is_sha256_text(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_typed_sha256(const std::string& text) {
  if (is_sha256_text(text)) return;
  throw Error(Fault::usage, "'" + elided(text, 80) + "' is no digest: 64 hexadecimal digits, lower case");
}

}  // namespace ezkl
