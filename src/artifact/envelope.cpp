#include "artifact/envelope.hpp"

#include <xxhash.h>

#include <charconv>
#include <cstring>

#include "base/int128.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

struct FirstLine {
  unsigned format = 0;
  std::size_t size = 0;  ///< with its end
};

FirstLine read_first_line(std::string_view kind, std::span<const std::uint8_t> bytes, const std::string& what) {
  if (!is_sealed(kind, bytes)) {
    throw Error(Fault::format, what + ": does not open with \"" + std::string(kind) + "...\"");
  }
  const char* const text = reinterpret_cast<const char*>(bytes.data());
  const char* const end = text + std::min(bytes.size(), kind.size() + 12);
  FirstLine out;
  const auto number = std::from_chars(text + kind.size(), end, out.format);
  if (number.ec != std::errc() || number.ptr == end || *number.ptr != '\n') {
    throw Error(Fault::format, what + ": the line that names its format is damaged");
  }
  out.size = static_cast<std::size_t>(number.ptr + 1 - text);
  return out;
}

}  // namespace

FileDigest file_digest(std::span<const std::uint8_t> bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  FileDigest out;
  std::memcpy(out.data(), canonical.digest, out.size());
  return out;
}

std::vector<std::uint8_t> seal(std::string_view kind, unsigned format, std::span<const std::uint8_t> payload) {
  const std::string line = std::string(kind) + std::to_string(format) + "\n";
  ByteWriter writer;
  writer.out.reserve(line.size() + 16 + payload.size());
  writer.bytes({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
  writer.u64le(payload.size());
  writer.u64le(XXH3_64bits(payload.data(), payload.size()));
  writer.bytes(payload);
  return std::move(writer.out);
}

bool is_sealed(std::string_view kind, std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kind.size() && std::memcmp(bytes.data(), kind.data(), kind.size()) == 0;
}

unsigned sealed_format(std::string_view kind, std::span<const std::uint8_t> bytes, const std::string& what) {
  return read_first_line(kind, bytes, what).format;
}

std::span<const std::uint8_t> unseal(std::string_view kind, unsigned format, std::span<const std::uint8_t> bytes,
                                     const std::string& what) {
  const FirstLine line = read_first_line(kind, bytes, what);
  if (line.format != format) {
    throw Error(Fault::format, what + ": is of format " + std::to_string(line.format) +
                                   ", this version of ezkl reads format " + std::to_string(format) +
                                   "; make the file again with this version");
  }
  ByteReader reader(bytes.subspan(line.size), what);
  const std::uint64_t length = reader.u64le();
  const std::uint64_t checksum = reader.u64le();
  if (reader.remaining() != length) {
    throw Error(Fault::format, what + ": holds " + std::to_string(reader.remaining()) + " bytes of content where " +
                                   std::to_string(length) + " were written: the file was cut or lengthened");
  }
  const auto payload = reader.bytes(length);
  if (XXH3_64bits(payload.data(), payload.size()) != checksum) {
    throw Error(Fault::format, what + ": the checksum does not fit: the file is damaged");
  }
  return payload;
}

void write_varint(ByteWriter& writer, std::uint64_t value) {
  while (value >= 128) {
    writer.u8(std::uint8_t(value | 128));
    value >>= 7;
  }
  writer.u8(std::uint8_t(value));
}

void write_signed(ByteWriter& writer, Int128 value) {
  Uint128 bits = Uint128(value) << 1;
  if (value < 0) bits = ~bits;
  while (bits >= 128) {
    writer.u8(std::uint8_t(std::uint8_t(bits) | 128));
    bits >>= 7;
  }
  writer.u8(std::uint8_t(bits));
}

std::uint64_t read_varint(ByteReader& reader) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint8_t byte = reader.u8();
    if (shift == 63 && byte > 1) throw Error(Fault::format, reader.what() + ": a number of more than 64 bits");
    value |= std::uint64_t(byte & 127) << shift;
    if (byte < 128) return value;
  }
}

Int128 read_signed(ByteReader& reader) {
  Uint128 bits = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint8_t byte = reader.u8();
    if (shift == 126 && byte > 3) throw Error(Fault::format, reader.what() + ": a number of more than 128 bits");
    bits |= Uint128(byte & 127) << shift;
    if (byte < 128) break;
  }
  return Int128(bits & 1 ? ~(bits >> 1) : bits >> 1);
}

std::size_t read_count(ByteReader& reader, std::size_t least_bytes) {
  const std::uint64_t count = read_varint(reader);
  if (count > reader.remaining() / least_bytes) {
    throw Error(Fault::format, reader.what() + ": a list of " + std::to_string(count) + " entries at byte " +
                                   std::to_string(reader.position()) + " does not fit the file");
  }
  return std::size_t(count);
}

void damaged(const ByteReader& reader, const std::string& reason) {
  throw Error(Fault::format, reader.what() + ": byte " + std::to_string(reader.position()) + ": " + reason);
}

void write_text(ByteWriter& writer, std::string_view text) {
  write_varint(writer, text.size());
  writer.bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string read_text_field(ByteReader& reader) {
  const auto bytes = reader.bytes(read_count(reader));
  return {bytes.begin(), bytes.end()};
}

}  // namespace ezkl
