#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "ezkl/run_args.hpp"

namespace ezkl {

/// 128 bits of XXH3: tells one file from another, not a defence against forgery.
using FileDigest = std::array<std::uint8_t, 16>;
FileDigest file_digest(std::span<const std::uint8_t> bytes);

/// Our own binary files: a line of ASCII that names the kind and the format ("EZKL-CPP compiled model, format 1\n"),
/// the payload's length (u64 little-endian), its XXH3 checksum (u64 little-endian), the payload. `kind` is the line up
/// to the number, "EZKL-CPP compiled model, format ".
std::vector<std::uint8_t> seal(std::string_view kind, unsigned format, std::span<const std::uint8_t> payload);

/// Whether the bytes open with `kind`, of whatever format.
bool is_sealed(std::string_view kind, std::span<const std::uint8_t> bytes);

/// The format that a file of that kind says it has. errors: Fault::format for another kind or no number.
unsigned sealed_format(std::string_view kind, std::span<const std::uint8_t> bytes, const std::string& what);

/// The payload of a file made by `seal` with the same kind and format.
/// errors: Fault::format, "<what>: ..." for another kind, a newer or older format, truncated, longer or damaged bytes.
std::span<const std::uint8_t> unseal(std::string_view kind, unsigned format, std::span<const std::uint8_t> bytes,
                                     const std::string& what);

/// Numbers of 7 bits a byte, least significant first; the signed ones with the sign in bit 0.
void write_varint(ByteWriter& writer, std::uint64_t value);
void write_signed(ByteWriter& writer, Int128 value);
/// errors: Fault::format for more bits than the result holds.
std::uint64_t read_varint(ByteReader& reader);
Int128 read_signed(ByteReader& reader);
/// A count of things that take at least `least_bytes` each in what remains: a forged count cannot ask for more memory
/// than the file's own size times a constant. errors: Fault::format.
std::size_t read_count(ByteReader& reader, std::size_t least_bytes = 1);

/// Fault::format, "<what>: byte <position>: <reason>".
[[noreturn]] void damaged(const ByteReader& reader, const std::string& reason);

void write_text(ByteWriter& writer, std::string_view text);
std::string read_text_field(ByteReader& reader);

}  // namespace ezkl
