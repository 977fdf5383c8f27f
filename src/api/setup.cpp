#include "api/fixed_values.hpp"
#include "api/loaded_model.hpp"
#include "api/make_witness.hpp"
#include "api/manifest.hpp"
#include "api/proof_system.hpp"
#include "api/setup_files.hpp"
#include "artifact/settings_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"
#include "base/same_file.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/claims/evaluation.hpp"

namespace ezkl {
namespace {

/// A key that goes into a pipe or a device has nothing beside it.
bool is_file_or_new(const Path& path) {
  std::error_code ignored;
  return !std::filesystem::exists(path, ignored) || std::filesystem::is_regular_file(path, ignored);
}

}  // namespace

std::string setup(const Path& model_path, const Path& vk_path, const Path& pk_path, const std::optional<Path>& srs_path,
                  const std::optional<Path>& witness_path, bool disable_selector_compression, std::uint64_t max_memory,
                  std::uint64_t max_model_size) try {
  Phase phase("read model");
  LoadedModel model(model_path, false, max_model_size);
  const RunArgs& args = model.settings().run_args;
  const ProofSystemBackend& backend = backend_of(args);
  const PhasePlan plan(reports_progress() ? backend.setup_phases(model.settings()) : std::vector<PhaseCost>());
  std::optional<Witness> witness;
  std::optional<ModelRun> run;
  if (witness_path) {
    witness = read_witness(*witness_path);
    const std::string what = witness_path->string();
    auto inputs = witness_inputs(*witness, model.compiled.graph, what);
    if (has_fixed_values(args)) {
      // No proof could ever satisfy a circuit that holds values of no run.
      claims::Evaluation evaluation(model.record, inputs);
      evaluation.run();
      check_outputs(*witness, evaluation.output_felts(), model, what);
      run.emplace(ModelRun{model, *witness, std::move(inputs), what});
      run->fixed = fix_values_of(*witness, model, what);
    }
  } else if (has_fixed_values(args)) {
    throw Error(Fault::usage, model.path + ": inputs or outputs of visibility fixed are part of the circuit",
                {{"witness_path", "say which values with {}, of a witness that gen-witness makes before"}});
  }
  const std::optional<Path> manifest_file =
      is_file_or_new(vk_path) ? std::optional(manifest_path(vk_path)) : std::nullopt;
  refuse_same_file(
      {vk_path, pk_path, manifest_file},
      {model_path, setup_path(srs_path, model.logrows(), model.settings().run_args.commitment), witness_path});
  if (manifest_file) refuse_manifest_of_other_key(vk_path);
  phase.next("read setup");
  const auto srs = open_checked_setup(srs_path, args);
  const KeyOptions options{!disable_selector_compression, max_memory};
  const MadeKeys keys = backend.make_keys(model, run ? &*run : nullptr, *srs, options, phase);
  phase.next("write");
  Manifest manifest = manifest_of(model.settings(), keys.vk_sha256, SetupIdentity(*srs));
  add_model(manifest, model.compiled);
  add_params(manifest, model, *srs);
  const std::string manifest_bytes = manifest_text(manifest);
  AtomicWriter vk(vk_path), pk(pk_path, Access::owner);
  std::optional<AtomicWriter> beside;
  if (manifest_file) beside.emplace(*manifest_file);
  vk.write(keys.vk);
  pk.write(keys.pk);
  if (beside) beside->write({reinterpret_cast<const std::uint8_t*>(manifest_bytes.data()), manifest_bytes.size()});
  commit_all({&vk, &pk, beside ? &*beside : nullptr});
  if (const std::string shown = ShownParams{manifest.params_hash, manifest.params_commitments}.text(); !shown.empty()) {
    log_info("every proof of this model shows of its parameters: " + shown);
  }
  log_info(vk_path.string() + " and " + pk_path.string() + " (" + std::to_string(keys.pk.size()) + " bytes) saved");
  return sha256_text(std::string_view(manifest_bytes));
} catch (...) {
  rethrow_as_error();
}

void gen_vk_from_pk_single(const Path& path_to_pk, const Path& circuit_settings_path, const Path& vk_output_path) try {
  refuse_same_file({vk_output_path}, {path_to_pk, circuit_settings_path});
  const GraphSettings settings = read_settings(circuit_settings_path);
  write_file_atomically(vk_output_path, backend_of(settings.run_args).verifying_key_of(path_to_pk, settings));
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
