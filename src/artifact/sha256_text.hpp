#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ezkl {

class Sha256;

/// hash.update(bytes) in pieces, between which the session may stop.
void update_in_pieces(Sha256& hash, std::span<const std::uint8_t> bytes);

/// SHA-256 as people compare it: 64 lower-case hexadecimal digits.
std::string sha256_text(std::span<const std::uint8_t> bytes);
std::string sha256_text(std::string_view text);
/// Of a file that is not read otherwise: what was read is hashed as it was read, since the file may have changed by
/// now. errors: Fault::io.
std::string sha256_of_file(const std::filesystem::path& path);

/// Whether the text has the form of a digest.
bool is_sha256_text(std::string_view text);
/// errors: Fault::usage for a digest that somebody typed and that is none.
void check_typed_sha256(const std::string& text);

/// A file by the name that people know it by, without the folder it lay in, and the SHA-256 of its bytes.
struct NamedDigest {
  std::string name, sha256;
  bool operator==(const NamedDigest&) const = default;
};

}  // namespace ezkl
