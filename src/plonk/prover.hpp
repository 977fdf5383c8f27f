#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "commit/commitment_key.hpp"
#include "plonk/keys.hpp"
#include "plonk/memory_plan.hpp"

namespace ezkl::plonk {

/// Gives the prover its advice columns, phase by phase.
class AdviceSource {
 public:
  virtual ~AdviceSource() = default;
  /// Fills the columns of `phase` (rows below the usable rows; the prover blinds the rest). `columns` has one entry for
  /// every advice column, each of n rows, zero at first; entries of other phases must be left alone.
  /// `challenges` holds every challenge drawn after earlier phases.
  virtual void fill(unsigned phase, std::span<const Fr> challenges, std::span<ColumnValues> columns) = 0;
};

/// A prover that lies, for tests of verifiers: it writes a proof of a witness that does not hold too, and of other counts.
struct Forging {
  /// Changes the multiplicities of lookup argument `argument` before they are committed to; may be empty.
  std::function<void(std::size_t argument, ColumnValues& multiplicity)> recount;
};

struct ProverOptions {
  MemoryPlan plan = MemoryPlan::keep_all;
  std::function<void(const char* phase)> on_phase;  ///< progress; may be empty
  const Forging* forging = nullptr;                 ///< null: an honest prover, which refuses what does not hold
};

/// Proof bytes (Keccak "EVM" transcript, openings of the setup's scheme): docs/spec/proof-protocol.md 8 and 13.2.
/// The same bytes for any thread count, any kernel and any memory plan, given the same `random`.
/// errors: Fault::unsatisfied when a lookup input is missing from its table, a grand product does not close or a gate
/// does not hold; Fault::range when the setup is of another size; Fault::format when `instances` do not fit the
/// circuit.
std::vector<std::uint8_t> create_proof(const CommitmentKey& setup, const ProvingKey& pk, AdviceSource& advice,
                                       std::span<const std::vector<Fr>> instances, Random& random,
                                       const ProverOptions& options = {});

}  // namespace ezkl::plonk
