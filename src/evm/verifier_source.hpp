#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "commit/srs.hpp"
#include "evm/yul_cost.hpp"
#include "plonk/keys.hpp"

namespace ezkl::evm {

struct VerifierContract {
  std::string source;  ///< the Solidity file
  /// What its parts cost, in the order in which they run, read off the text.
  std::vector<std::pair<std::string, YulCost>> sections;
  std::size_t proof_bytes = 0, instances = 0;
  std::size_t code_bytes = 0;  ///< of the compiled contract, about
};

/// A Solidity contract `Halo2Verifier` that accepts exactly the valid proofs of one key:
/// verifyProof(bytes,uint256[]), no storage. Written for solc 0.8.20 and later, any optimizer setting.
/// `instances` is the number of instance values of a proof. `fixed_factors` are factors that the values of the first
/// fixed columns have in common, see circuit::table_factors; they only help to find commitments that others stand for.
/// `notes` stand in the comment above the contract, a line each: what the instances are, where key and setup come from.
/// errors: Fault::unsupported for circuits that on-chain verifiers do not cover; Fault::format for more instances than
/// rows. source: docs/spec/evm.md 4 and 8
VerifierContract verifier_contract(const plonk::VerifyingKey& vk, const SrsVerifier& srs, std::size_t instances,
                                   std::span<const Fr> fixed_factors = {}, const std::vector<std::string>& notes = {});

}  // namespace ezkl::evm
