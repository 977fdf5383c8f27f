#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ezkl {

/// Blake2b with a 64-byte digest (RFC 7693) and a personalisation of up to 16 bytes, fed piece by piece. A copy taken in
/// the middle may be finished on its own.
class Blake2b512 {
 public:
  /// errors: Fault::internal when `personal` is longer than 16 bytes.
  explicit Blake2b512(std::string_view personal = {});
  void update(std::span<const std::uint8_t> data);
  std::array<std::uint8_t, 64> finish();

 private:
  void compress(bool last);

  std::array<std::uint64_t, 8> state_;
  std::array<std::uint8_t, 128> block_{};
  std::size_t fill_ = 0;
  std::uint64_t length_ = 0;  // below 2^64 bytes: the upper half of the counter stays 0
};

std::array<std::uint8_t, 64> blake2b_512(std::span<const std::uint8_t> data, std::string_view personal = {});

}  // namespace ezkl
