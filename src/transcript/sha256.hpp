#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace ezkl {

/// SHA-256 of bytes that come in pieces. source: FIPS 180-4
class Sha256 {
 public:
  void update(std::span<const std::uint8_t> bytes);
  /// The digest; the object is used up.
  std::array<std::uint8_t, 32> finish();

 private:
  void absorb(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t length_ = 0;
};

/// A digest that only who has the key can make. `key`: at most 64 bytes. source: RFC 2104, RFC 4231
std::array<std::uint8_t, 32> hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> bytes);

}  // namespace ezkl
