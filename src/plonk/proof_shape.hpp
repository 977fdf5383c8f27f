#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ezkl/commitment.hpp"
#include "plonk/constraint_system.hpp"

namespace ezkl::plonk {

/// A committed polynomial of a proof or a key. Polynomials are told apart by this name, never by their commitment: two
/// columns of equal contents stay two polynomials.
struct PolynomialId {
  enum class Kind : std::uint8_t {
    advice,               ///< index: advice column
    permutation_product,  ///< z of a permutation set
    lookup_sum,           ///< phi of a lookup argument
    lookup_count,         ///< m of a lookup argument
    shuffle_product,      ///< z of a shuffle
    fixed,                ///< index: fixed column, those of selectors included
    sigma,                ///< index: position in the permutation
    quotient,             ///< h, one virtual polynomial of all its pieces
    random,
    instance,  ///< index: instance column; opened only where the scheme commits to instances
  };
  Kind kind = Kind::advice;
  std::uint32_t index = 0;

  auto operator<=>(const PolynomialId&) const = default;
};

/// "advice[3]", "lookup[0].phi": for messages.
std::string to_string(const PolynomialId& id);

/// A polynomial's value at x * omega^rotation.
struct Opening {
  PolynomialId polynomial;
  std::int32_t rotation = 0;

  auto operator<=>(const Opening&) const = default;
};

/// What a proof of one circuit consists of, in order: the single place that a prover and a verifier take it from.
/// source: docs/spec/proof-protocol.md 8, 10, 11 and 13.2.
struct ProofShape {
  /// errors: Fault::unsupported when two rotations of a query coincide modulo 2^k, because the proof would then hold two
  /// evaluations for one value.
  ProofShape(const FinalSystem& system, unsigned k, Commitment scheme = Commitment::kzg);

  /// Polynomials of one set are opened at the same points.
  struct RotationSet {
    std::vector<std::int32_t> rotations;  ///< ascending
    std::vector<PolynomialId> polynomials;
  };

  std::vector<Opening> evaluations;       ///< scalars of the proof, in order
  std::vector<Opening> openings;          ///< what is opened, in order; h at x is the only one without a scalar
  std::vector<RotationSet> sets;          ///< by first appearance in `openings`
  std::vector<std::int32_t> rotations;    ///< of all openings, ascending
  std::int32_t last_rotation = 0;         ///< -(blinding factors + 1): the last usable row as seen from row 0
  std::size_t phases = 1;                 ///< advice phases
  std::size_t num_points = 0;             ///< points of the proof
  std::size_t proof_size = 0;             ///< bytes

  /// Position in `evaluations`. errors: Fault::internal when the proof holds no such value.
  std::size_t evaluation_index(const PolynomialId& polynomial, std::int32_t rotation) const;

 private:
  std::map<Opening, std::size_t> positions_;
};

}  // namespace ezkl::plonk
