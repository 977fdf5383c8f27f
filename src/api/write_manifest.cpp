// The manifest of a verifying key that is there already.
#include "api/compile.hpp"
#include "api/fixed_values.hpp"
#include "api/loaded_model.hpp"
#include "api/manifest.hpp"
#include "api/proof_system.hpp"
#include "api/setup_files.hpp"
#include "api/verify.hpp"
#include "artifact/graph_bytes.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

std::vector<std::uint8_t> bytes_of(const Graph& graph) {
  ByteWriter out;
  write_graph(out, graph);
  return out.out;
}

/// Compiles the ONNX file again and compares: what model.compiled says of where it is from is what somebody wrote
/// there. Gives the digests of what was read. errors: Fault::unsatisfied when it gives another circuit.
std::vector<NamedDigest> check_model_of_compiled(const LoadedModel& compiled, const Path& model,
                                                 const Path& settings_path, std::uint64_t max_model_size) {
  CompiledModel made = compiled_model(model, settings_path, max_model_size);
  if (bytes_of(made.graph) == bytes_of(compiled.compiled.graph)) return std::move(made.source);
  throw Error(Fault::unsatisfied, compiled.path + ": not what this program makes of " + model.string() + " with " +
                                      settings_path.string() + ": it was compiled from another model");
}

/// Makes the key of a compiled model again and compares, and adds what its proofs show of parameters.
/// errors: Fault::unsatisfied when it is another; Fault::unsupported where keys hold values of a witness.
void check_key_of_model(const LoadedModel& model, const LoadedCircuit& circuit, const std::optional<Path>& srs_path,
                        const Path& vk_path, Manifest& manifest) {
  if (has_fixed_values(model.settings().run_args)) {
    throw Error(Fault::unsupported,
                model.path +
                    ": its key holds the values of fixed inputs or outputs, so that it cannot be made "
                    "again for comparison: the manifest that setup writes is the one to use");
  }
  const auto srs = open_checked_setup(srs_path, model.settings().run_args);
  const ProofSystemBackend& backend = backend_of(model.settings().run_args);
  Phase phase("key of the model");
  const MadeKeys made = in_context(model.path, [&] {
    return backend.make_keys(model, nullptr, *srs, {circuit.vk.compressed_selectors, 0}, phase);
  });
  if (made.vk_sha256 == backend.key_sha256(circuit)) return add_params(manifest, model, *srs);
  throw Error(Fault::unsatisfied, vk_path.string() + ": not the key that this program makes of " + model.path +
                                      " with this setup: it belongs to another model, or another program laid out its "
                                      "circuit (then leave the compiled model out)");
}

}  // namespace

std::string write_manifest(const Path& settings_path, const Path& vk_path, const std::optional<Path>& srs_path,
                           const std::optional<Path>& compiled_circuit, const std::optional<Path>& model,
                           const std::optional<Path>& output, std::uint64_t max_model_size) try {
  const LoadedCircuit circuit = load_circuit(settings_path, vk_path);
  const GraphSettings& settings = circuit.settings;
  const Path manifest_file = output.value_or(manifest_path(vk_path));
  refuse_same_file({manifest_file}, {settings_path, vk_path,
                                     setup_path(srs_path, settings.run_args.logrows, settings.run_args.commitment),
                                     compiled_circuit, model});
  if (!output) refuse_manifest_of_other_key(vk_path);
  const ProofSystemBackend& backend = backend_of(settings.run_args);
  const SetupIdentity setup = backend.identity_of(circuit, srs_path, vk_path);
  Manifest manifest = manifest_of(settings, backend.key_sha256(circuit), setup);
  if (compiled_circuit) {
    const LoadedModel loaded(*compiled_circuit, false, max_model_size);
    if (settings_sha256(loaded.settings()) != manifest.settings) {
      throw Error(Fault::unsatisfied, loaded.path + ": compiled with other settings than " + settings_path.string());
    }
    if (model) {
      manifest.model = check_model_of_compiled(loaded, *model, settings_path, max_model_size);
    } else if (!loaded.compiled.source.empty()) {
      log_warn(
          "the manifest names the ONNX file that " + loaded.path + " says it was compiled from, which was not checked",
          {{"model", "{} compiles that file again and compares"}});
    }
    check_key_of_model(loaded, circuit, srs_path, vk_path, manifest);
    const std::vector<NamedDigest> named = manifest.model;
    add_model(manifest, loaded.compiled);
    if (model) manifest.model = named;
  } else if (model) {
    manifest.model = model_digests(*model);
    log_warn("the manifest will name " + model->string() + " as the key's model, which was not checked",
             {{"compiled_circuit", "{} makes the key again and compares"}});
  }
  const std::string text = manifest_text(manifest);
  write_file_atomically(manifest_file, std::string_view(text));
  return sha256_text(std::string_view(text));
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
