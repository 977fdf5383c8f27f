#include "field/fq2.hpp"

namespace ezkl {

Fq2 Fq2::mul_xi() const {
  const auto times_nine = [](const Fq& v) { return v.dbl().dbl().dbl() + v; };
  return {times_nine(c0) - c1, times_nine(c1) + c0};
}

Fq2 Fq2::inverse() const {
  const Fq scale = (c0.square() + c1.square()).inverse();
  return {c0 * scale, -(c1 * scale)};
}

Fq2 Fq2::pow(std::span<const std::uint64_t> exponent) const {
  Fq2 out = one();
  for (std::size_t i = exponent.size(); i-- > 0;) {
    for (int bit = 63; bit >= 0; --bit) {
      out = out.square();
      if (exponent[i] >> bit & 1) out = out * *this;
    }
  }
  return out;
}

}  // namespace ezkl
