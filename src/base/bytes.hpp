#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ezkl {

/// Reads numbers and byte ranges from the front of a buffer, which must outlive the reader.
/// errors: Fault::format, "<what>: truncated at byte N, needs M more".
class ByteReader {
 public:
  ByteReader(std::span<const std::uint8_t> data, std::string what) : data_(data), what_(std::move(what)) {}
  std::uint8_t u8();
  std::uint32_t u32le();
  std::uint32_t u32be();
  std::uint64_t u64le();
  std::span<const std::uint8_t> bytes(std::size_t n);
  std::size_t remaining() const { return data_.size() - position_; }
  std::size_t position() const { return position_; }
  const std::string& what() const { return what_; }

 private:
  std::span<const std::uint8_t> data_;
  std::size_t position_ = 0;
  std::string what_;
};

/// Appends numbers and byte ranges to `out`.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { out.push_back(value); }
  void u32le(std::uint32_t value);
  void u32be(std::uint32_t value);
  void u64le(std::uint64_t value);
  void bytes(std::span<const std::uint8_t> data) { out.insert(out.end(), data.begin(), data.end()); }

  std::vector<std::uint8_t> out;
};

}  // namespace ezkl
