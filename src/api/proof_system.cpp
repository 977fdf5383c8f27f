#include "api/proof_system.hpp"

namespace ezkl {

const ProofSystemBackend& backend_of(const RunArgs& args) {
  return args.proof_system == ProofSystem::sumcheck ? sumcheck_backend() : plonk_backend();
}

ModelRun run_of(const Witness& witness, LoadedModel& model, const std::filesystem::path& witness_path) {
  ModelRun out{model, witness, {}, witness_path.string()};
  out.inputs = witness_inputs(witness, model.compiled.graph, out.what);
  out.fixed = fix_values_of(witness, model, out.what);
  return out;
}

void check_model_of_key(const FileDigest& of_key, const LoadedModel& model, const std::filesystem::path& pk) {
  if (of_key == model.compiled.digest) return;
  throw Error(Fault::format, pk.string() + ": this key was made for another compiled model than " + model.path +
                                 ": run setup with this model, or prove with the model of the key");
}

void check_values_of_key(const FileDigest& of_key, const ModelRun& run, const std::filesystem::path& pk) {
  if (of_key == run.fixed) return;
  throw Error(Fault::unsatisfied, pk.string() +
                                      ": this key was made for other values of the fixed inputs or outputs than the "
                                      "witness's: run setup with this witness");
}

Error key_of_other_setup(const std::filesystem::path& pk) {
  return Error(Fault::format, pk.string() +
                                  ": this key was made with another setup (SRS) than the one given: two setups never "
                                  "fit together, even of the same size");
}

void check_against(const ProverFiles& files, const LoadedModel& model, const std::string& key_sha256,
                   const SetupIdentity& setup) {
  const TrustReport report = check_manifest({files.manifest, std::nullopt}, {model.path, files.pk, files.srs},
                                            model.settings(), key_sha256, setup);
  const std::optional<std::string>& compiled = report.with->manifest.compiled;
  const std::string& found = model.compiled.sha256;
  if (!compiled || *compiled == found) return;
  throw Error(Fault::unsatisfied, files.manifest->string() + ": " + model.path +
                                      " is not the compiled model that the key was made from (SHA-256 " + found +
                                      ", in the manifest: " + *compiled + ")");
}

Error unverified(const ProverFiles& files, const std::string& reason) {
  return Error(Fault::format,
               files.pk.string() + ": the proof made with this key and " + files.srs.string() +
                   " does not verify and was not written: one of the two is damaged or not what setup wrote; run setup "
                   "again with a setup (SRS) that is known to be good (if that does not help, this is a fault of the "
                   "program): " +
                   reason);
}

}  // namespace ezkl
