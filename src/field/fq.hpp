#pragma once

#include <span>

#include "field/prime_field.hpp"

namespace ezkl {

struct FqModulus {
  static constexpr detail::Limbs value =
      detail::limbs_from_hex("0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47");
  static constexpr bool scalar_field = false;
};

/// The base field of BN254: coordinates of points.
using Fq = PrimeField<FqModulus>;
extern template struct PrimeField<FqModulus>;

/// Replaces every element by its inverse; zeros stay zero. Parallel; about three products an element.
void batch_invert(std::span<Fq> values);

}  // namespace ezkl
