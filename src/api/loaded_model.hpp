#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "artifact/compiled_file.hpp"
#include "artifact/input_file.hpp"
#include "artifact/witness_file.hpp"
#include "circuit/lowering.hpp"
#include "graph/claims/claims.hpp"
#include "statement/statement.hpp"

namespace ezkl {

/// A compiled model with what follows from it for every proof system: its claims. Does not move: what runs it refers
/// into it.
struct LoadedModel {
  /// `with_float`: with the float model that it was made of. `max_model_size`: what its claims may become; 0 stands for
  /// the default.
  /// errors: as read_compiled and record, with the path in front.
  explicit LoadedModel(const std::filesystem::path& path, bool with_float = false, std::uint64_t max_model_size = 0);
  LoadedModel(const LoadedModel&) = delete;

  std::string path;
  CompiledModel compiled;
  claims::Record record;

  const GraphSettings& settings() const { return compiled.settings; }
  unsigned logrows() const { return compiled.settings.run_args.logrows; }
};

/// PLONK's constraint system for the model. errors: as configure, with the path in front.
ConfiguredCircuit circuit_of(const LoadedModel& model);

/// What the model takes, in its order.
std::vector<InputSpec> input_specs(const Graph& graph);

/// The inputs of a witness. `what` names the witness. errors: Fault::format when it has other inputs than the model.
claims::Inputs witness_inputs(const Witness& witness, const Graph& graph, const std::string& what);

/// Makes a witness's fixed inputs and outputs part of the model's claims, where the proof system has them there, and
/// gives what tells them from others: zeros for models without any. errors: as witness_inputs.
FileDigest fix_values_of(const Witness& witness, LoadedModel& model, const std::string& what);

/// errors: Fault::unsatisfied naming the first output that is not what the model computes.
void check_outputs(const Witness& witness, const std::vector<claims::Felts>& outputs, const LoadedModel& model,
                   const std::string& what);

/// What the model's settings say that its proofs show. errors: as statement_of, with the model's path.
Statement statement_of_model(const LoadedModel& model);

/// errors: Fault::format when the circuit shows more or less than the model's settings call for: a proof of it would not
/// be taken by any verifier.
void check_instances(const Statement& statement, const std::vector<std::vector<Fr>>& instances,
                     const LoadedModel& model);

}  // namespace ezkl
