#include "commit/hash_to_g1.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/ensure.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

constexpr std::string_view domain = "Halo2-ParametersBN254G1_XMD:SHA-256_SVDW_RO_";
constexpr std::size_t element_bytes = 48;

using Digest = std::array<std::uint8_t, 32>;

/// The end of everything that is hashed: the domain and its length.
void update_domain(Sha256& hash) {
  hash.update({reinterpret_cast<const std::uint8_t*>(domain.data()), domain.size()});
  const std::uint8_t length = domain.size();
  hash.update({&length, 1});
}

/// 96 uniform bytes of a message. source: RFC 9380, section 5.3.1
std::array<std::uint8_t, 2 * element_bytes> expand(std::span<const std::uint8_t> message) {
  std::array<std::uint8_t, 2 * element_bytes> out;
  Sha256 first;
  const std::array<std::uint8_t, 64> padding{};
  const std::uint8_t tail[] = {0, out.size(), 0};
  first.update(padding);
  first.update(message);
  first.update(tail);
  update_domain(first);
  const Digest b0 = first.finish();
  Digest block{};
  for (std::size_t i = 0; i < out.size() / block.size(); ++i) {
    for (std::size_t j = 0; j < block.size(); ++j) block[j] ^= b0[j];
    Sha256 next;
    const auto number = static_cast<std::uint8_t>(i + 1);
    next.update(block);
    next.update({&number, 1});
    update_domain(next);
    block = next.finish();
    std::copy(block.begin(), block.end(), out.begin() + static_cast<std::ptrdiff_t>(i * block.size()));
  }
  return out;
}

Fq reduce(std::span<const std::uint8_t, element_bytes> big_endian) {
  std::array<std::uint8_t, 64> little{};
  std::reverse_copy(big_endian.begin(), big_endian.end(), little.begin());
  return Fq::from_uniform_bytes(little);
}

bool is_odd(const Fq& v) { return v.to_canonical()[0] & 1; }

/// x^3 + 3
Fq curve_side(const Fq& x) { return x.square() * x + Fq::from_u64(3); }

struct MapConstants {
  Fq z, c1, c2, c3, c4;

  MapConstants() {
    z = Fq::one();
    c1 = curve_side(z);
    c2 = -(z * Fq::from_u64(2).inverse());
    const Fq three_z2 = Fq::from_u64(3) * z.square();
    c3 = (-(c1 * three_z2)).sqrt().value();
    if (is_odd(c3)) c3 = -c3;
    c4 = -(Fq::from_u64(4) * c1 * three_z2.inverse());
  }
};

/// source: RFC 9380, section 6.6.1
G1Affine map_to_curve(const Fq& u) {
  static const MapConstants c;
  const Fq u2c1 = u.square() * c.c1;
  const Fq plus = Fq::one() + u2c1, minus = Fq::one() - u2c1;
  const Fq inverse = (plus * minus).inverse();  // 0 for 0, as the map wants it
  const Fq t = u * minus * inverse * c.c3;
  Fq x = c.c2 - t;
  auto y = curve_side(x).sqrt();
  if (!y) {
    x = c.c2 + t;
    y = curve_side(x).sqrt();
  }
  if (!y) {
    x = (plus.square() * inverse).square() * c.c4 + c.z;
    y = curve_side(x).sqrt();
  }
  EZKL_ENSURE(y.has_value(), "one of the three candidates lies on the curve");
  return {x, is_odd(*y) == is_odd(u) ? *y : -*y};
}

}  // namespace

G1Affine hash_to_g1(std::span<const std::uint8_t> message) {
  const auto uniform = expand(message);
  const std::span<const std::uint8_t, 2 * element_bytes> bytes(uniform);
  return (G1(map_to_curve(reduce(bytes.first<element_bytes>()))) + map_to_curve(reduce(bytes.last<element_bytes>())))
      .to_affine();
}

}  // namespace ezkl
