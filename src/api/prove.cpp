#include <chrono>

#include "api/loaded_model.hpp"
#include "api/make_witness.hpp"
#include "api/proof_system.hpp"
#include "api/run_args_check.hpp"
#include "api/setup_files.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/proof_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/profile.hpp"
#include "base/same_file.hpp"
#include "base/session_state.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/record.hpp"

namespace ezkl {

ProofResult prove(const Path& witness_path, const Path& model_path, const Path& pk_path,
                  const std::optional<Path>& proof_path, const std::optional<Path>& srs_path,
                  const ProveOptions& options) try {
  Phase phase("read model");
  LoadedModel model(model_path, false, options.max_model_size);
  const GraphSettings& settings = model.settings();
  const ProofSystemBackend& backend = backend_of(settings.run_args);
  const PhasePlan plan(reports_progress() ? backend.proving_phases(settings) : std::vector<PhaseCost>());
  warn_of_unchecked_values(settings.run_args);
  warn_of_unbound_model(settings.run_args);
  warn_of_private_trees(settings.run_args, has_trees(model.compiled.graph));
  const Witness witness = read_witness(witness_path);
  const ModelRun run = run_of(witness, model, witness_path);
  const Path srs = setup_path(srs_path, model.logrows(), settings.run_args.commitment);
  refuse_same_file({proof_path}, {witness_path, model_path, pk_path, srs, options.manifest});
  phase.next("read setup and key, fill cells");
  ProveOptions bounded = options;
  if (bounded.max_memory == 0) bounded.max_memory = session_options().max_memory;
  MadeProof made = backend.prove(run, {pk_path, srs, options.manifest}, bounded, phase);
  ProofFile& file = made.file;
  if (witness.pretty) {
    const Witness shown = make_witness(model.compiled.graph, model.record, settings.run_args, witness.inputs,
                                       made.outputs, plonk::ConstraintSystem(), nullptr);
    file.pretty = public_elements(shown, statement_of_model(model));
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  file.timestamp = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  file.version = version();
  if (proof_path) write_file_atomically(*proof_path, std::string_view(proof_text(file)));

  ProofResult out;
  for (const auto& column : file.instances) {
    auto& list = out.instances.emplace_back();
    for (const Fr& f : column) list.push_back(felt_text(f));
  }
  out.proof = std::move(file.proof);
  return out;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
