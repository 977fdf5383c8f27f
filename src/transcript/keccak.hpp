#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ezkl {

/// Keccak-256 as Ethereum uses it (padding byte 0x01, not SHA-3's 0x06), fed piece by piece.
class Keccak256 {
 public:
  void update(std::span<const std::uint8_t> data);
  /// The hash of everything fed so far; the object may not be used afterwards except to be assigned anew.
  std::array<std::uint8_t, 32> finish();

 private:
  static constexpr std::size_t rate = 136;

  void absorb_byte(std::uint8_t byte) {
    state_[fill_ / 8] ^= std::uint64_t{byte} << (8 * (fill_ % 8));
    ++fill_;
  }

  std::array<std::uint64_t, 25> state_{};
  std::size_t fill_ = 0;
};

std::array<std::uint8_t, 32> keccak256(std::span<const std::uint8_t> data);

}  // namespace ezkl
