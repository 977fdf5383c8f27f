#include <algorithm>
#include <bit>
#include <cstring>

#include "field/fq.hpp"
#include "field/fr.hpp"
#include "field/inverse.hpp"

namespace ezkl {
namespace {

template <class Bytes>
detail::Limbs load_le(const Bytes& bytes, std::size_t at = 0) {
  detail::Limbs out{};
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out.data(), bytes.data() + at, 32);
  } else {
    for (std::size_t i = 0; i < 32; ++i) out[i / 8] |= std::uint64_t(bytes[at + i]) << (8 * (i % 8));
  }
  return out;
}

std::array<std::uint8_t, 32> store_le(const std::uint64_t* limbs) {
  std::array<std::uint8_t, 32> out{};
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out.data(), limbs, 32);
  } else {
    for (std::size_t i = 0; i < 32; ++i) out[i] = std::uint8_t(limbs[i / 8] >> (8 * (i % 8)));
  }
  return out;
}

/// modulus - v
detail::Limbs complement(const detail::Limbs& modulus, const detail::Limbs& v) {
  detail::Limbs out{};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Uint128 d = Uint128(modulus[i]) - v[i] - borrow;
    out[i] = std::uint64_t(d);
    borrow = std::uint64_t(d >> 64) & 1;
  }
  return out;
}

}  // namespace

template <class M>
PrimeField<M> PrimeField<M>::inverse() const {
  // this = a R with R = 2^256, and R^2 / (a R) = R / a
  return from_limbs(detail::divide(r2, {limb[0], limb[1], limb[2], limb[3]}, modulus, neg_inv));
}

template <class M>
std::optional<PrimeField<M>> PrimeField<M>::sqrt() const requires((M::value[0] & 3) == 3) {
  // this^((modulus + 1) / 4)
  Limbs exponent = modulus;
  exponent[0] += 1;  // the low limb is odd and not all ones
  for (std::size_t i = 0; i < 4; ++i) exponent[i] = exponent[i] >> 2 | (i < 3 ? exponent[i + 1] << 62 : 0);
  const PrimeField root = pow(exponent);
  if (!(root.square() == *this)) return std::nullopt;
  return root;
}

template <class M>
std::array<std::uint8_t, 32> PrimeField<M>::to_bytes_le() const {
  return store_le(to_canonical().data());
}

template <class M>
std::array<std::uint8_t, 32> PrimeField<M>::to_bytes_be() const {
  auto out = to_bytes_le();
  std::reverse(out.begin(), out.end());
  return out;
}

template <class M>
std::optional<PrimeField<M>> PrimeField<M>::from_bytes_le(std::span<const std::uint8_t, 32> bytes) {
  return from_canonical(load_le(bytes));
}

template <class M>
std::optional<PrimeField<M>> PrimeField<M>::from_bytes_be(std::span<const std::uint8_t, 32> bytes) {
  std::array<std::uint8_t, 32> reversed{};
  std::reverse_copy(bytes.begin(), bytes.end(), reversed.begin());
  return from_canonical(load_le(reversed));
}

template <class M>
std::array<std::uint8_t, 32> PrimeField<M>::to_raw() const {
  return store_le(limb);
}

template <class M>
std::optional<PrimeField<M>> PrimeField<M>::from_raw(std::span<const std::uint8_t, 32> bytes) {
  const Limbs v = load_le(bytes);
  if (!detail::limbs_less(v.data(), modulus.data())) return std::nullopt;
  return from_limbs(v);
}

template <class M>
PrimeField<M> PrimeField<M>::from_uniform_bytes(std::span<const std::uint8_t, 64> bytes) {
  // Each half is below 2^256 < 6 times the modulus, more than a product takes: subtract until it is reduced.
  const auto reduced = [](Limbs v) {
    while (!detail::limbs_less(v.data(), modulus.data())) subtract_modulus(v.data());
    return from_limbs(v);
  };
  return reduced(load_le(bytes)) * from_limbs(r2) + reduced(load_le(bytes, 32)) * from_limbs(r3);
}

template <class M>
std::string PrimeField<M>::to_hex_be() const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "0x";
  for (const std::uint8_t byte : to_bytes_be()) {
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

template <class M>
std::optional<std::int64_t> PrimeField<M>::to_small() const {
  const auto fits = [](const Limbs& v) { return (v[1] | v[2] | v[3]) == 0 && v[0] >> 63 == 0; };
  const Limbs v = to_canonical();
  if (fits(v)) return std::int64_t(v[0]);
  const Limbs negated = complement(modulus, v);
  if (fits(negated)) return -std::int64_t(negated[0]);
  return std::nullopt;
}

template <class M>
Int128 PrimeField<M>::to_int128_lossy() const {
  const Limbs v = to_canonical();
  const auto low = [](const Limbs& x) { return Uint128(x[1]) << 64 | x[0]; };
  if ((v[2] | v[3]) == 0 && v[1] >> 63 == 0) return Int128(low(v));
  return Int128(~low(complement(modulus, v)) + 1);
}

template struct PrimeField<FrModulus>;
template struct PrimeField<FqModulus>;

}  // namespace ezkl
