#include "api/verify.hpp"

#include <memory>
#include <string>

#include "api/run_args_check.hpp"
#include "api/setup_files.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/log.hpp"
#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "evm/vka.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

void warn_of_unbound_hashes(const RunArgs& run_args) {
  const Visibility* const all[] = {&run_args.input_visibility, &run_args.param_visibility, &run_args.output_visibility};
  bool any_private = false;
  for (const auto* visibility : all) {
    if (visibility->kind == Visibility::Kind::hashed_public) return;
    any_private = any_private || visibility->kind == Visibility::Kind::hashed_private;
  }
  if (!any_private) return;
  log_warn(run_args.input_visibility.kind == Visibility::Kind::hashed_private
               ? "the proof lists a private hash among its instances: the circuit does not bind it"
               : "the proof lists a private hash among its instances: keys of this program bind it, keys of the "
                 "published package do not");
}

std::unique_ptr<CommitmentVerifier> load_setup(const VerifyFiles& files, const RunArgs& args) {
  if (args.commitment == Commitment::ipa) {
    if (files.reduced_srs) throw Error(Fault::usage, "--reduced-srs: an IPA proof is checked with the whole setup");
    return std::make_unique<IpaVerifier>(IpaVerifier::open(files.srs, args.logrows));
  }
  const SrsVerifier srs = read_srs_verifier(files.srs);
  if (!files.reduced_srs && srs.k < args.logrows) {
    throw Error(Fault::range, files.srs.string() + ": the file is for 2^" + std::to_string(srs.k) +
                                  " rows, the circuit has 2^" + std::to_string(args.logrows) +
                                  " (a file of another size of the same ceremony is accepted with --reduced-srs)");
  }
  return std::make_unique<SrsVerifier>(srs);
}

void check_proof_scheme(const ProofFile& proof, Commitment scheme, const std::filesystem::path& path) {
  if (proof.commitment.value_or(scheme) == scheme) return;
  throw Error(Fault::format, path.string() + ": this is a proof with " + name_of(*proof.commitment) +
                                 " commitments, the settings say " + name_of(scheme));
}

/// A commitment to instances does not show how many zeros they end with. Empty when there are as many as there should
/// be.
std::string instance_count_refusal(const ProofFile& proof, const GraphSettings& settings) {
  std::size_t found = 0;
  for (const auto& column : proof.instances) found += column.size();
  const std::size_t expected = evm::proof_instances(settings);
  if (!commits_to_instances(settings.run_args.commitment) || found == expected) return {};
  return "Provided instances do not match the circuit: " + std::to_string(found) + " given, " +
         std::to_string(expected) + " expected";
}

}  // namespace

LoadedCircuit load_circuit(const std::filesystem::path& settings, const std::filesystem::path& vk) {
  LoadedCircuit out;
  out.settings = read_settings(settings);
  if (out.settings.version != GraphSettings{}.version) {
    log_warn(settings.string() + ": written by version " + out.settings.version + ", this is " +
             GraphSettings{}.version);
  }
  out.circuit = in_context(settings.string(), [&] { return configure(out.settings); });
  const unsigned logrows = out.settings.run_args.logrows;
  out.vk = in_context("failed to load vk from file",
                      [&] { return read_verifying_key(vk, out.circuit.cs, logrows, key_format()); });
  return out;
}

plonk::Verdict verify(const VerifyFiles& files) {
  const LoadedCircuit circuit = load_circuit(files.settings, files.vk);
  return verify(circuit, in_context("failed to load the proof", [&] { return read_proof(files.proof); }), files);
}

plonk::Verdict verify(const LoadedCircuit& circuit, const ProofFile& proof, const VerifyFiles& files) {
  const GraphSettings& settings = circuit.settings;
  const plonk::VerifyingKey& vk = circuit.vk;
  check_proof_scheme(proof, settings.run_args.commitment, files.proof);
  check_key_scheme(vk, settings.run_args.commitment, files.vk);
  const auto setup =
      in_context("failed to load srs from " + files.srs.string(), [&] { return load_setup(files, settings.run_args); });
  TrustReport trust;
  try {
    trust = check_manifest(files.manifest, {files.settings, files.vk, files.srs}, settings, vk, SetupIdentity(*setup));
  } catch (const Error& e) {
    if (e.fault() != Fault::unsatisfied) throw;
    return {false, e.what()};
  }
  const std::string miscounted = instance_count_refusal(proof, settings);
  if (!miscounted.empty()) return {false, miscounted};
  const auto verdict = plonk::verify_proof(*setup, vk, proof.instances, proof.proof);
  if (verdict.accepted) {
    in_context(files.proof.string(), [&] { check_pretty_inputs(proof, settings); });
    warn_of_unbound_hashes(settings.run_args);
    warn_of_unchecked_values(settings.run_args);
    warn_of_unbound_model(settings.run_args);
    warn_of_setup(setup->origin(), files.srs.string());
    const std::string said = trust_sentence(trust, files.vk);
    if (trust.trust != Trust::on_trust) {
      log_info(said);
    } else if (!files.known) {
      log_warn(said);
    }
  }
  return verdict;
}

}  // namespace ezkl
