#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plonk/keys.hpp"
#include "plonk/proof_shape.hpp"

namespace ezkl::evm {

using Address = std::uint64_t;

/// Where the parts of a proof lie in calldata, and after which of its points challenges are drawn.
struct ProofLayout {
  /// `proof` is the address of the first proof byte.
  /// errors: Fault::unsupported for systems that the on-chain verifiers do not cover (shuffle arguments, more than one
  /// instance column, instance queries off the row).
  ProofLayout(const plonk::VerifyingKey& vk, Address proof);

  Address commitment(const plonk::PolynomialId& polynomial) const;
  Address evaluation(const plonk::PolynomialId& polynomial, std::int32_t rotation) const {
    return evaluations + 32 * shape.evaluation_index(polynomial, rotation);
  }
  Address evaluation(const plonk::Expression::Node& query) const;

  plonk::ProofShape shape;
  std::vector<std::size_t> points;        ///< per round of the transcript: points read
  std::vector<std::size_t> squeezed;      ///< and challenges drawn after them, up to x
  std::vector<std::size_t> challenge_slot;  ///< by user challenge: its place in the order of drawing
  std::vector<std::size_t> advice_place;    ///< by advice column: place of its commitment
  std::size_t arguments = 0, sets = 0;
  Address advice = 0, lookup_counts = 0, products = 0, lookup_sums = 0, random = 0, quotient = 0;
  Address evaluations = 0;
  Address opening = 0;          ///< W, then W'
  std::size_t proof_size = 0;   ///< bytes
};

/// errors: Fault::format for a statement of more instances than the key's rows can hold, as instance_room_refusal
void refuse_more_than_rows(const plonk::VerifyingKey& vk, std::size_t instances);

}  // namespace ezkl::evm
