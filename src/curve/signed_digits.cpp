#include "curve/signed_digits.hpp"

namespace ezkl {

SignedDigits::SignedDigits(std::size_t n_in, unsigned window_bits, unsigned magnitude_bits)
    : bits(window_bits),
      windows((magnitude_bits + window_bits - 1) / window_bits),
      n(n_in),
      values(std::make_unique_for_overwrite<std::int32_t[]>(windows * n)) {}

void SignedDigits::clear(std::size_t i) {
  for (unsigned w = 0; w < windows; ++w) values[w * n + i] = 0;
}

void SignedDigits::set(std::size_t i, std::span<const std::uint64_t> magnitude, bool negative) {
  const std::int32_t half = std::int32_t(1) << (bits - 1);
  std::int32_t carry = 0;
  for (unsigned w = 0; w < windows; ++w) {
    const unsigned limb = w * bits / 64, shift = w * bits % 64;
    std::uint64_t raw = limb < magnitude.size() ? magnitude[limb] >> shift : 0;
    if (shift != 0 && limb + 1 < magnitude.size()) raw |= magnitude[limb + 1] << (64 - shift);
    std::int32_t digit = std::int32_t(raw & ((std::uint64_t{1} << bits) - 1)) + carry;
    carry = digit > half ? 1 : 0;
    digit -= carry << bits;
    values[w * n + i] = negative ? -digit : digit;
  }
}

void SignedDigits::set(std::size_t i, const Fr& scalar) {
  auto value = scalar.to_canonical();
  // (r - 1) / 2
  static constexpr detail::Limbs half = [] {
    detail::Limbs out{};
    for (std::size_t j = 0; j < 4; ++j) out[j] = Fr::modulus[j] >> 1 | (j < 3 ? Fr::modulus[j + 1] << 63 : 0);
    return out;
  }();
  const bool negative = detail::limbs_less(half.data(), value.data());
  if (negative) {
    std::uint64_t borrow = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const Uint128 d = Uint128(Fr::modulus[j]) - value[j] - borrow;
      value[j] = std::uint64_t(d);
      borrow = std::uint64_t(d >> 64) & 1;
    }
  }
  set(i, value, negative);
}

}  // namespace ezkl
