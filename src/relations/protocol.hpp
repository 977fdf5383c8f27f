#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commit/srs.hpp"
#include "relations/plan.hpp"
#include "relations/witness.hpp"
#include "sumcheck/channel.hpp"

namespace ezkl::relations {

/// What a verifier has beside the plan.
struct VerifyingKey {
  Fr digest;                                ///< binds plan, rows and bases
  SrsVerifier bases;                        ///< [1]_1, [1]_2, [tau]_2: no point of a setup file is used beside them
  std::vector<std::vector<G1Affine>> rows;  ///< of Plan::keyed, in that order
};

/// The rows of keyed tensors, in the order of Plan::keyed. `srs` has 2^(row_bits + 1) powers at least.
std::vector<std::vector<G1Affine>> keyed_rows(const Plan& plan, const Witness& witness, const Srs& srs);

/// The prover's side, in the clear. `instances` are the statement, in the order of Plan::instances, element by element.
///
/// errors   Fault::unsatisfied for a witness that the claims do not hold of; Fault::internal for another number of
///          instances, and for a setup of fewer powers
/// threads  the same bytes for any number of threads and any kernel
void prove(sumcheck::Channel& channel, const Plan& plan, const VerifyingKey& key, const Srs& srs,
           std::span<const Fr> instances, const Witness& witness);

/// What does not hold, or nothing when the proof is one of the statement. The proof is read item by item, and nothing
/// is reserved that it has not paid for; what the plan asks for is as large as the model. errors: Fault::format for
/// bytes that are no proof of this plan, and for instances of another number
std::optional<std::string> verify(std::span<const std::uint8_t> proof, const Plan& plan, const VerifyingKey& key,
                                  std::span<const Fr> instances);

}  // namespace ezkl::relations
