#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace ezkl {

/// Cryptographic random bytes: the ChaCha20 stream of a 256-bit key (RFC 8439 rounds, 64-bit counter and stream).
class Random {
 public:
  /// Key from the operating system. errors: Fault::io when it has none to give.
  static Random from_os();
  /// A fixed stream, for reproducible runs: it hides nothing from whoever knows the seed.
  static Random from_seed(std::uint64_t seed);

  void fill(std::span<std::uint8_t> out);
  std::uint64_t next_u64();
  /// An independent generator that depends on this one's key and on `stream` alone, not on what was drawn before:
  /// work items numbered by `stream` get the same bytes in whatever order they run.
  Random fork(std::uint64_t stream) const;

 private:
  explicit Random(const std::array<std::uint32_t, 8>& key) : key_(key) {}
  void refill();

  std::array<std::uint32_t, 8> key_;
  std::uint64_t counter_ = 0;
  std::array<std::uint8_t, 64> block_{};
  std::size_t used_ = 64;
};

}  // namespace ezkl
