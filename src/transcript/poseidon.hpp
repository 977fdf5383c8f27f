#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "field/fr.hpp"

namespace ezkl {

/// Constants of one Poseidon permutation with S-box x^5. Row-major: round_constants[r * width + i] is added to word i
/// before round r, mds[i * width + j] is the weight of word j in the new word i.
struct PoseidonParams {
  std::size_t width = 0, full_rounds = 0, partial_rounds = 0;
  std::vector<Fr> round_constants;
  std::vector<Fr> mds;
  std::vector<Fr> mds_inverse;
};

/// Draws the constants from the Grain register of the Poseidon paper (prime field, power S-box, 254 bits): round
/// constants by rejection, then the first Cauchy matrix of numbers reduced modulo r.
PoseidonParams generate_poseidon_params(std::size_t width, std::size_t full_rounds, std::size_t partial_rounds);

/// Width 2, 8 full and 56 partial rounds: the hash of the `hashed` visibility. Made once.
const PoseidonParams& poseidon_hash_params();

/// Width 5, 8 full and 60 partial rounds: the Poseidon transcript. Made once.
const PoseidonParams& poseidon_transcript_params();

/// errors: Fault::internal when state.size() != params.width.
void poseidon_permute(const PoseidonParams& params, std::span<Fr> state);

/// Hash of a message of at least one element: rate 1, capacity word 2^64, one permutation per element, no padding.
/// errors: Fault::range for an empty message, which has no hash.
Fr poseidon_hash(std::span<const Fr> message);

}  // namespace ezkl
