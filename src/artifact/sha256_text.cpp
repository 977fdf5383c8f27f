#include "artifact/sha256_text.hpp"

#include "base/files.hpp"
#include "base/hex.hpp"
#include "base/session_state.hpp"
#include "base/text.hpp"
#include "ezkl/error.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {

void update_in_pieces(Sha256& hash, std::span<const std::uint8_t> bytes) {
  constexpr std::size_t piece = std::size_t{1} << 24;
  for (; bytes.size() > piece; bytes = bytes.subspan(piece)) {
    check_stop();
    hash.update(bytes.first(piece));
  }
  hash.update(bytes);
}

std::string sha256_text(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  update_in_pieces(hash, bytes);
  return hex_text(hash.finish());
}

std::string sha256_text(std::string_view text) {
  return sha256_text(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string sha256_of_file(const std::filesystem::path& path) {
  Sha256 hash;
  InputFile(path).read_pieces([&](std::span<const std::uint8_t> piece) { hash.update(piece); });
  return hex_text(hash.finish());
}

bool is_sha256_text(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void check_typed_sha256(const std::string& text) {
  if (is_sha256_text(text)) return;
  throw Error(Fault::usage, "'" + elided(text, 80) + "' is no digest: 64 hexadecimal digits, lower case");
}

}  // namespace ezkl
