#include "transcript/keccak.hpp"

#include <bit>

namespace ezkl {
namespace {

constexpr int rounds = 24;

struct Tables {
  std::array<std::uint64_t, rounds> round_constant{};
  std::array<int, 25> rotation{};     // of lane x + 5y
  std::array<int, 25> destination{};  // where pi moves lane x + 5y

  constexpr Tables() {
    unsigned lfsr = 1;
    for (auto& constant : round_constant) {
      for (unsigned j = 0; j < 7; ++j) {
        if (lfsr & 1) constant ^= std::uint64_t{1} << ((1u << j) - 1);
        lfsr = (lfsr << 1) ^ ((lfsr & 0x80) ? 0x171u : 0u);
      }
    }
    int x = 1;
    int y = 0;
    for (int t = 0; t < rounds; ++t) {
      rotation[static_cast<std::size_t>(x + 5 * y)] = ((t + 1) * (t + 2) / 2) % 64;
      const int next_y = (2 * x + 3 * y) % 5;
      x = y;
      y = next_y;
    }
    for (int i = 0; i < 25; ++i) {
      destination[static_cast<std::size_t>(i)] = i / 5 + 5 * ((2 * (i % 5) + 3 * (i / 5)) % 5);
    }
  }
};

constexpr Tables tables;

void permute(std::array<std::uint64_t, 25>& a) {
  for (const std::uint64_t constant : tables.round_constant) {
    std::array<std::uint64_t, 5> column{};
    for (std::size_t i = 0; i < 25; ++i) column[i % 5] ^= a[i];
    std::array<std::uint64_t, 25> moved;
    for (std::size_t i = 0; i < 25; ++i) {
      const std::uint64_t theta = column[(i + 4) % 5] ^ std::rotl(column[(i + 1) % 5], 1);
      moved[static_cast<std::size_t>(tables.destination[i])] = std::rotl(a[i] ^ theta, tables.rotation[i]);
    }
    for (std::size_t y = 0; y < 25; y += 5) {
      for (std::size_t x = 0; x < 5; ++x) {
        a[y + x] = moved[y + x] ^ (~moved[y + (x + 1) % 5] & moved[y + (x + 2) % 5]);
      }
    }
    a[0] ^= constant;
  }
}

}  // namespace

void Keccak256::update(std::span<const std::uint8_t> data) {
  for (const std::uint8_t byte : data) {
    absorb_byte(byte);
    if (fill_ == rate) {
      permute(state_);
      fill_ = 0;
    }
  }
}

std::array<std::uint8_t, 32> Keccak256::finish() {
  state_[fill_ / 8] ^= std::uint64_t{0x01} << (8 * (fill_ % 8));
  state_[rate / 8 - 1] ^= std::uint64_t{0x80} << 56;
  permute(state_);
  std::array<std::uint8_t, 32> out;
  for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<std::uint8_t>(state_[i / 8] >> (8 * (i % 8)));
  return out;
}

std::array<std::uint8_t, 32> keccak256(std::span<const std::uint8_t> data) {
  Keccak256 hash;
  hash.update(data);
  return hash.finish();
}

}  // namespace ezkl
