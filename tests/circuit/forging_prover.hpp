#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cell_forgery.hpp"
#include "commit/commitment_key.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl::test {

using Columns = std::vector<plonk::ColumnValues>;
using Instances = std::vector<std::vector<Fr>>;

/// A circuit that holds one claim.
struct ClaimCircuit {
  std::string claim;
  Shape shape;
  claims::Values input;
  Build build;
};
std::vector<ClaimCircuit> claim_circuits();

/// Public inputs and outputs.
RunArgs shown_args();

/// One whose secret is known, or the one of IPA.
const CommitmentKey& setup_of(unsigned logrows, Commitment scheme = Commitment::kzg);

plonk::ProvingKey key_of(const Bench& bench, Commitment scheme = Commitment::kzg);

/// A proof by the real prover with its refusals taken out.
std::vector<std::uint8_t> proof_of(const plonk::ProvingKey& key, plonk::AdviceSource& cells, const Instances& shown,
                                   const plonk::Forging& forging = {}, Commitment scheme = Commitment::kzg);
std::vector<std::uint8_t> proof_of(const plonk::ProvingKey& key, const Columns& columns, const Instances& shown,
                                   const plonk::Forging& forging = {}, Commitment scheme = Commitment::kzg);

/// `honest`: instances of the number that the statement has, which a verifier knows from the settings.
plonk::Verdict verdict_on(const plonk::VerifyingKey& vk, const Instances& honest, const Instances& shown,
                          const std::vector<std::uint8_t>& proof, Commitment scheme = Commitment::kzg);

/// A circuit, an honest run of it on an input that everybody knows, and its cells. `circuit` outlives it.
struct Forger {
  Forger(const ClaimCircuit& circuit, bool published);
  claims::Record record() const { return model(args, circuit.shape, 20, circuit.build); }
  std::size_t outputs() const { return witness.instances()[0].size() - circuit.input.size(); }

  const ClaimCircuit& circuit;
  RunArgs args = shown_args();
  Bench bench;
  CircuitWitness witness;
  CellForgery cells;
};

}  // namespace ezkl::test
