#include "transcript/blake2b.hpp"

#include <bit>

#include "base/ensure.hpp"

namespace ezkl {
namespace {

constexpr std::array<std::uint64_t, 8> iv = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                             0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                             0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

constexpr std::uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

constexpr std::uint8_t mixes[8][4] = {{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15},
                                      {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14}};

std::uint64_t load(const std::uint8_t* bytes) {
  std::uint64_t out = 0;
  for (int i = 7; i >= 0; --i) out = (out << 8) | bytes[i];
  return out;
}

void mix(std::uint64_t& a, std::uint64_t& b, std::uint64_t& c, std::uint64_t& d, std::uint64_t x, std::uint64_t y) {
  a += b + x;
  d = std::rotr(d ^ a, 32);
  c += d;
  b = std::rotr(b ^ c, 24);
  a += b + y;
  d = std::rotr(d ^ a, 16);
  c += d;
  b = std::rotr(b ^ c, 63);
}

}  // namespace

Blake2b512::Blake2b512(std::string_view personal) : state_(iv) {
  EZKL_ENSURE(personal.size() <= 16, "a Blake2b personalisation has at most 16 bytes");
  std::array<std::uint8_t, 16> padded{};
  for (std::size_t i = 0; i < personal.size(); ++i) padded[i] = static_cast<std::uint8_t>(personal[i]);
  constexpr std::uint64_t digest_size = 64;
  constexpr std::uint64_t sequential = 0x01010000;  // fanout 1, depth 1, no key
  state_[0] ^= sequential | digest_size;
  state_[6] ^= load(padded.data());
  state_[7] ^= load(padded.data() + 8);
}

void Blake2b512::compress(bool last) {
  std::array<std::uint64_t, 16> message;
  for (std::size_t i = 0; i < 16; ++i) message[i] = load(block_.data() + 8 * i);
  std::array<std::uint64_t, 16> v;
  for (std::size_t i = 0; i < 8; ++i) {
    v[i] = state_[i];
    v[i + 8] = iv[i];
  }
  v[12] ^= length_;
  if (last) v[14] = ~v[14];
  for (int round = 0; round < 12; ++round) {
    const auto& order = sigma[round % 10];
    for (std::size_t g = 0; g < 8; ++g) {
      const auto& m = mixes[g];
      mix(v[m[0]], v[m[1]], v[m[2]], v[m[3]], message[order[2 * g]], message[order[2 * g + 1]]);
    }
  }
  for (std::size_t i = 0; i < 8; ++i) state_[i] ^= v[i] ^ v[i + 8];
}

void Blake2b512::update(std::span<const std::uint8_t> data) {
  for (const std::uint8_t byte : data) {
    // A full block waits until more arrives: the last one is compressed differently.
    if (fill_ == block_.size()) {
      compress(false);
      fill_ = 0;
    }
    block_[fill_++] = byte;
    ++length_;
  }
}

std::array<std::uint8_t, 64> Blake2b512::finish() {
  for (std::size_t i = fill_; i < block_.size(); ++i) block_[i] = 0;
  compress(true);
  std::array<std::uint8_t, 64> out;
  for (std::size_t i = 0; i < 64; ++i) out[i] = static_cast<std::uint8_t>(state_[i / 8] >> (8 * (i % 8)));
  return out;
}

std::array<std::uint8_t, 64> blake2b_512(std::span<const std::uint8_t> data, std::string_view personal) {
  Blake2b512 hash(personal);
  hash.update(data);
  return hash.finish();
}

}  // namespace ezkl
