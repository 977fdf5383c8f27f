#include "api/proof_system.hpp"

#include "api/manifest.hpp"
#include "ezkl/error.hpp"

namespace ezkl {

const ProofSystemBackend& backend_of(const RunArgs& args) {
  return args.proof_system == ProofSystem::sumcheck ? sumcheck_backend() : plonk_backend();
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
