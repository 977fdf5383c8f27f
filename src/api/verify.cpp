#include "api/verify.hpp"

#include <string>

#include "artifact/proof_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/log.hpp"
#include "circuit/configure.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

void warn_of_unbound_hashes(const RunArgs& run_args) {
  const Visibility* const all[] = {&run_args.input_visibility, &run_args.param_visibility,
                                   &run_args.output_visibility};
  bool any_private = false;
  for (const auto* visibility : all) {
    if (visibility->kind == Visibility::Kind::hashed_public) return;
    any_private = any_private || visibility->kind == Visibility::Kind::hashed_private;
  }
  if (any_private) log_warn("the proof lists a private hash among its instances: the circuit does not bind it");
}

}  // namespace

plonk::Verdict verify(const VerifyFiles& files) {
  const GraphSettings settings = read_settings(files.settings);
  if (settings.version != GraphSettings{}.version) {
    log_warn(files.settings.string() + ": written by version " + settings.version + ", this is " +
             GraphSettings{}.version);
  }
  const auto cs = in_context(files.settings.string(), [&] { return configure(settings).cs; });
  const unsigned logrows = settings.run_args.logrows;
  const auto vk = in_context("failed to load vk from file",
                             [&] { return read_verifying_key(files.vk, cs, logrows, key_format()); });
  const auto proof = in_context("failed to load the proof", [&] { return read_proof(files.proof); });
  const auto srs = in_context("failed to load srs from " + files.srs.string(),
                              [&] { return read_srs_verifier(files.srs); });
  if (!files.reduced_srs && srs.k < logrows) {
    throw Error(Fault::range, files.srs.string() + ": the file is for 2^" + std::to_string(srs.k) +
                                  " rows, the circuit has 2^" + std::to_string(logrows) +
                                  " (a file of another size of the same ceremony is accepted with --reduced-srs)");
  }
  const auto verdict = plonk::verify_proof(srs, vk, proof.instances, proof.proof);
  if (verdict.accepted) {
    in_context(files.proof.string(), [&] { check_pretty_inputs(proof, settings); });
    warn_of_unbound_hashes(settings.run_args);
  }
  return verdict;
}

}  // namespace ezkl
