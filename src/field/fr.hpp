#pragma once

#include <span>

#include "field/prime_field.hpp"

namespace ezkl {

struct FrModulus {
  static constexpr detail::Limbs value =
      detail::limbs_from_hex("0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001");
  static constexpr bool scalar_field = true;
};

/// The scalar field of BN254: what circuits compute in.
using Fr = PrimeField<FrModulus>;
extern template struct PrimeField<FrModulus>;

/// Replaces every element by its inverse; zeros stay zero. Parallel; about three products an element.
void batch_invert(std::span<Fr> values);

}  // namespace ezkl
