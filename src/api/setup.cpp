#include "api/fixed_values.hpp"
#include "api/loaded_model.hpp"
#include "api/manifest.hpp"
#include "api/memory_limit.hpp"
#include "api/phase_costs.hpp"
#include "api/setup_files.hpp"
#include "artifact/pk_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"
#include "base/same_file.hpp"
#include "base/session_state.hpp"
#include "circuit/lowering.hpp"
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
  const PhasePlan plan(reports_progress() ? setup_phases(model.settings()) : std::vector<PhaseCost>());
  ProvingKeyFile file;
  if (witness_path) {
    const Witness witness = read_witness(*witness_path);
    const std::string what = witness_path->string();
    const auto inputs = witness_inputs(witness, model.compiled.graph, what);
    if (has_fixed_values(model.settings().run_args)) {
      // No proof could ever satisfy a circuit that holds values of no run.
      claims::Evaluation evaluation(model.record, inputs);
      evaluation.run();
      check_outputs(witness, evaluation.output_felts(), model, what);
    }
    fix_values_of(witness, model, what, file.fixed);
  } else if (has_fixed_values(model.settings().run_args)) {
    throw Error(Fault::usage, model.path + ": inputs or outputs of visibility fixed are part of the circuit",
                {{"witness_path", "say which values with {}"}});
  }
  const std::optional<Path> manifest_file =
      is_file_or_new(vk_path) ? std::optional(manifest_path(vk_path)) : std::nullopt;
  refuse_same_file(
      {vk_path, pk_path, manifest_file},
      {model_path, setup_path(srs_path, model.logrows(), model.settings().run_args.commitment), witness_path});
  if (manifest_file) refuse_manifest_of_other_key(vk_path);
  phase.next("read setup");
  const auto srs = open_checked_setup(srs_path, model.settings().run_args);
  refuse_above_limit(max_memory, plonk::keygen_bytes(model.circuit.cs, model.logrows()), model.path + ": the keys take",
                     {{"target", "or make the circuit smaller: gen-settings, {} memory"}});
  file.layout = layout_version;
  file.model = model.compiled.digest;
  file.scheme = srs->scheme();
  file.setup = srs->fingerprint();
  in_context(model.path, [&] {
    phase.next("assemble");
    plonk::Assembly assembly = assemble(model.record, model.settings(), model.circuit);
    phase.next("keys");
    file.key =
        plonk::keygen(model.circuit.cs, model.logrows(), std::move(assembly), *srs, !disable_selector_compression);
  });
  phase.next("write");
  Manifest manifest = manifest_of(model.settings(), file.key.vk, SetupIdentity(*srs));
  add_model(manifest, model.compiled);
  add_params(manifest, model.record, model.circuit.cs, *srs);
  const std::string manifest_bytes = manifest_text(manifest);
  AtomicWriter vk(vk_path), pk(pk_path, Access::owner);
  std::optional<AtomicWriter> beside;
  if (manifest_file) beside.emplace(*manifest_file);
  vk.write(verifying_key_bytes(file.key.vk, key_format()));
  const auto pk_bytes = proving_key_bytes(file);
  pk.write(pk_bytes);
  if (beside) beside->write({reinterpret_cast<const std::uint8_t*>(manifest_bytes.data()), manifest_bytes.size()});
  commit_all({&vk, &pk, beside ? &*beside : nullptr});
  log_info(vk_path.string() + " and " + pk_path.string() + " (" + std::to_string(pk_bytes.size()) + " bytes) saved");
  return sha256_text(std::string_view(manifest_bytes));
} catch (...) {
  rethrow_as_error();
}

void gen_vk_from_pk_single(const Path& path_to_pk, const Path& circuit_settings_path, const Path& vk_output_path) try {
  refuse_same_file({vk_output_path}, {path_to_pk, circuit_settings_path});
  const GraphSettings settings = read_settings(circuit_settings_path);
  const auto cs = in_context(circuit_settings_path.string(), [&] { return configure(settings).cs; });
  const std::vector<std::uint8_t> bytes = read_regular_file(path_to_pk);
  const ProvingKeyHead head = parse_proving_key_head(bytes, path_to_pk.string());
  ByteReader reader(head.vk, path_to_pk.string());
  const auto vk = parse_verifying_key(reader, cs, settings.run_args.logrows, KeyFormat::raw);
  write_file_atomically(vk_output_path, verifying_key_bytes(vk, key_format()));
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
