#include "base/bytes.hpp"

#include "ezkl/error.hpp"

namespace ezkl {

std::span<const std::uint8_t> ByteReader::bytes(std::size_t n) {
  if (n > remaining()) {
    throw Error(Fault::format, what_ + ": truncated at byte " + std::to_string(data_.size()) + ", needs " +
                                   std::to_string(n - remaining()) + " more");
  }
  const auto out = data_.subspan(position_, n);
  position_ += n;
  return out;
}

std::uint8_t ByteReader::u8() { return bytes(1)[0]; }

std::uint32_t ByteReader::u32le() {
  const auto b = bytes(4);
  return std::uint32_t(b[0]) | std::uint32_t(b[1]) << 8 | std::uint32_t(b[2]) << 16 | std::uint32_t(b[3]) << 24;
}

std::uint32_t ByteReader::u32be() {
  const auto b = bytes(4);
  return std::uint32_t(b[3]) | std::uint32_t(b[2]) << 8 | std::uint32_t(b[1]) << 16 | std::uint32_t(b[0]) << 24;
}

std::uint64_t ByteReader::u64le() {
  const auto b = bytes(8);
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;) out = out << 8 | b[i];
  return out;
}

void ByteWriter::u32le(std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out.push_back(std::uint8_t(value >> (8 * i)));
}

void ByteWriter::u32be(std::uint32_t value) {
  for (int i = 3; i >= 0; --i) out.push_back(std::uint8_t(value >> (8 * i)));
}

void ByteWriter::u64le(std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out.push_back(std::uint8_t(value >> (8 * i)));
}

}  // namespace ezkl
