// Points as bytes: raw (files) and compressed.
#include <algorithm>

#include "curve/g1.hpp"
#include "curve/g2.hpp"

namespace ezkl {
namespace {

constexpr std::uint8_t sign_bit = 0x80, identity_bit = 0x40;

std::array<std::uint8_t, 32> slice(std::span<const std::uint8_t> bytes, std::size_t index) {
  std::array<std::uint8_t, 32> out{};
  std::copy_n(bytes.begin() + std::ptrdiff_t(32 * index), 32, out.begin());
  return out;
}

}  // namespace

std::array<std::uint8_t, 64> to_raw(const G1Affine& p) {
  std::array<std::uint8_t, 64> out{};
  const auto x = p.x.to_raw(), y = p.y.to_raw();
  std::copy(x.begin(), x.end(), out.begin());
  std::copy(y.begin(), y.end(), out.begin() + 32);
  return out;
}

std::optional<G1Affine> g1_from_raw(std::span<const std::uint8_t, 64> bytes) {
  const auto x = Fq::from_raw(slice(bytes, 0)), y = Fq::from_raw(slice(bytes, 1));
  if (!x || !y) return std::nullopt;
  const G1Affine p{*x, *y};
  if (!p.on_curve()) return std::nullopt;
  return p;
}

std::array<std::uint8_t, 32> g1_compress(const G1Affine& p) {
  if (p.is_identity()) {
    std::array<std::uint8_t, 32> out{};
    out[31] = identity_bit;
    return out;
  }
  auto out = p.x.to_bytes_le();
  if (p.y.to_canonical()[0] & 1) out[31] |= sign_bit;
  return out;
}

std::optional<G1Affine> g1_decompress(std::span<const std::uint8_t, 32> bytes) {
  auto plain = slice(bytes, 0);
  const bool odd = (plain[31] & sign_bit) != 0, identity = (plain[31] & identity_bit) != 0;
  plain[31] &= std::uint8_t(~(sign_bit | identity_bit));
  const auto x = Fq::from_bytes_le(plain);
  if (!x) return std::nullopt;
  if (identity) {
    if (odd || !x->is_zero()) return std::nullopt;
    return G1Affine::identity();
  }
  const auto root = (x->square() * *x + Fq::from_u64(3)).sqrt();
  if (!root) return std::nullopt;
  return G1Affine{*x, ((root->to_canonical()[0] & 1) != 0) == odd ? *root : -*root};
}

std::array<std::uint8_t, 128> to_raw(const G2Affine& p) {
  std::array<std::uint8_t, 128> out{};
  const Fq* const parts[] = {&p.x.c0, &p.x.c1, &p.y.c0, &p.y.c1};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto raw = parts[i]->to_raw();
    std::copy(raw.begin(), raw.end(), out.begin() + std::ptrdiff_t(32 * i));
  }
  return out;
}

std::optional<G2Affine> g2_from_raw(std::span<const std::uint8_t, 128> bytes) {
  Fq parts[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const auto v = Fq::from_raw(slice(bytes, i));
    if (!v) return std::nullopt;
    parts[i] = *v;
  }
  const G2Affine p{{parts[0], parts[1]}, {parts[2], parts[3]}};
  if (!p.on_curve()) return std::nullopt;
  return p;
}

}  // namespace ezkl
