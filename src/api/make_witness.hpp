#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/pretty_elements.hpp"
#include "artifact/witness_file.hpp"
#include "commit/commitment_key.hpp"
#include "graph/claims/claims.hpp"
#include "graph/graph.hpp"
#include "plonk/constraint_system.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// The commitments of one message of the polycommit visibility: columns of 2^k - blinding - 1 elements and ones in the
/// last blinding + 1 rows, in the Lagrange basis; a message that fills its columns exactly gets one more.
/// source: docs/spec/artifacts.md 4
std::vector<G1Affine> commit_message(std::span<const Fr> message, const plonk::ConstraintSystem& cs,
                                     const CommitmentKey& setup);

/// A run's outputs as its witness holds them: where an output is hashed/private, the hash stands in its place, as in
/// the published package's.
std::vector<std::vector<Fr>> witness_outputs(std::vector<claims::Felts> outputs, const RunArgs& args);

/// A witness from a model's evaluated inputs and outputs: hashes where the visibility asks for them, commitments where
/// it does and `setup` is given, and the values for people.
Witness make_witness(const Graph& graph, const claims::Record& record, const RunArgs& args,
                     const std::vector<claims::Felts>& inputs, const std::vector<claims::Felts>& outputs,
                     const plonk::ConstraintSystem& cs, const CommitmentKey* setup);

/// What every proof of a model shows of its parameters: their hash, or with `setup` their commitments; nothing where
/// they are of another visibility.
std::optional<ModuleResult> processed_params(const claims::Record& record, const plonk::ConstraintSystem& cs,
                                             const CommitmentKey* setup);

/// What proofs show of parameters in the one form in which verify's page, manifests and messages write it, so that
/// people can compare it by eye.
struct ShownParams {
  std::optional<std::string> hash;       ///< big_felt_text
  std::vector<std::string> commitments;  ///< point_text
  /// "hash 0x…" or "commitment …, …", as on the page; empty where nothing is shown.
  std::string text() const;
};
ShownParams shown_params(const std::optional<ModuleResult>& params);

/// Of a witness's values for people, those that a proof shows.
PrettyElements public_elements(const Witness& witness, const Statement& statement);

}  // namespace ezkl
