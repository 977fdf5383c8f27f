#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "commit/commitment_key.hpp"
#include "plonk/keys.hpp"

namespace ezkl::plonk {

/// The verdict on a proof. A proof that does not verify is an ordinary result, not an exception.
struct Verdict {
  bool accepted = false;
  std::string reason;  ///< empty when accepted; else what did not hold, and where in the proof
};

/// Checks proof bytes against a key: canonical elements, points on the curve, no trailing bytes, the quotient identity
/// and the openings of the setup's scheme. source: docs/spec/proof-protocol.md 8 to 11 and 13.2.
///
/// `instance_counts`: how many values of each instance column the statement consists of. A key does not tell: a value
/// more is one that no constraint reads, and one less is a zero that the proof does not show.
Verdict verify_proof(const CommitmentVerifier& setup, const VerifyingKey& vk,
                     const std::vector<std::size_t>& instance_counts, std::span<const std::vector<Fr>> instances,
                     std::span<const std::uint8_t> proof);

}  // namespace ezkl::plonk
