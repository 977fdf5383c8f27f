#include "base/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Key = std::array<std::uint32_t, 8>;
using Block = std::array<std::uint32_t, 16>;

void quarter_round(Block& s, int a, int b, int c, int d) {
  s[a] += s[b];
  s[d] = std::rotl(s[d] ^ s[a], 16);
  s[c] += s[d];
  s[b] = std::rotl(s[b] ^ s[c], 12);
  s[a] += s[b];
  s[d] = std::rotl(s[d] ^ s[a], 8);
  s[c] += s[d];
  s[b] = std::rotl(s[b] ^ s[c], 7);
}

Block chacha20(const Key& key, std::uint64_t counter, std::uint64_t stream) {
  Block start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  std::copy(key.begin(), key.end(), start.begin() + 4);
  start[12] = std::uint32_t(counter);
  start[13] = std::uint32_t(counter >> 32);
  start[14] = std::uint32_t(stream);
  start[15] = std::uint32_t(stream >> 32);
  Block s = start;
  for (int i = 0; i < 10; ++i) {
    quarter_round(s, 0, 4, 8, 12);
    quarter_round(s, 1, 5, 9, 13);
    quarter_round(s, 2, 6, 10, 14);
    quarter_round(s, 3, 7, 11, 15);
    quarter_round(s, 0, 5, 10, 15);
    quarter_round(s, 1, 6, 11, 12);
    quarter_round(s, 2, 7, 8, 13);
    quarter_round(s, 3, 4, 9, 14);
  }
  for (int i = 0; i < 16; ++i) s[i] += start[i];
  return s;
}

/// Output is drawn from stream 0; keys of forks come from stream 1, which output never touches.
constexpr std::uint64_t output_stream = 0, fork_stream = 1;

}  // namespace

Random Random::from_os() {
  Key key{};
  auto* const out = reinterpret_cast<std::uint8_t*>(key.data());
  std::size_t filled = 0;
  while (filled < sizeof key) {
    const ssize_t got = ::getrandom(out + filled, sizeof key - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Error(Fault::io, "the operating system gives no random bytes");
    filled += std::size_t(got);
  }
  return Random(key);
}

Random Random::from_seed(std::uint64_t seed) {
  return Random(Key{std::uint32_t(seed), std::uint32_t(seed >> 32), 0, 0, 0, 0, 0, 0});
}

void Random::refill() {
  const Block words = chacha20(key_, counter_++, output_stream);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t j = 0; j < 4; ++j) block_[4 * i + j] = std::uint8_t(words[i] >> (8 * j));
  }
  used_ = 0;
}

void Random::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    if (used_ == block_.size()) refill();
    const std::size_t part = std::min(out.size(), block_.size() - used_);
    std::memcpy(out.data(), block_.data() + used_, part);
    used_ += part;
    out = out.subspan(part);
  }
}

std::uint64_t Random::next_u64() {
  std::array<std::uint8_t, 8> bytes{};
  fill(bytes);
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;) out = out << 8 | bytes[i];
  return out;
}

Random Random::fork(std::uint64_t stream) const {
  const Block words = chacha20(key_, stream, fork_stream);
  Key key{};
  std::copy(words.begin(), words.begin() + 8, key.begin());
  return Random(key);
}

}  // namespace ezkl
