#include "api/verify.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "api/compare_values.hpp"
#include "api/links.hpp"
#include "api/proof_system.hpp"
#include "api/setup_files.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/settings_file.hpp"
#include "base/border.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"
#include "circuit/statement_of.hpp"
#include "ezkl/ezkl.hpp"

namespace ezkl {
namespace {

/// Inputs or outputs: one entry a tensor, filled with what the proof shows of it.
ReportedGroup report_values(TensorGroup group, const GraphSettings& settings) {
  const bool inputs = group == TensorGroup::inputs;
  ReportedGroup out{group, inputs ? settings.run_args.input_visibility : settings.run_args.output_visibility, {}, {}};
  const auto& scales = inputs ? settings.model_input_scales : settings.model_output_scales;
  const auto& types = inputs ? settings.input_types : settings.output_types;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    ReportedTensor& tensor = out.tensors.emplace_back();
    tensor.scale = scales[i];
    if (types && i < types->size()) tensor.type = (*types)[i];
  }
  return out;
}

/// What the proof shows, group by group.
std::vector<ReportedGroup> report_groups(const LoadedCircuit& circuit, const ProofFile& proof) {
  std::vector<ReportedGroup> out{report_values(TensorGroup::inputs, circuit.settings),
                                 {TensorGroup::params, circuit.settings.run_args.param_visibility, {}, {}},
                                 report_values(TensorGroup::outputs, circuit.settings)};
  const auto place = [&](TensorGroup group, std::size_t tensor) -> ReportedTensor& {
    auto& tensors = out[static_cast<std::size_t>(group)].tensors;
    if (tensors.size() <= tensor) tensors.resize(tensor + 1);
    return tensors[tensor];
  };
  const std::span<const Fr> instances = instance_column(proof);
  for (const ShownInstances& shown : circuit.statement.instances) {
    ReportedTensor& tensor = place(shown.group, shown.tensor);
    if (shown.manner == Manner::hash) {
      tensor.hash = instances[shown.first];
      continue;
    }
    const auto values = instances.subspan(shown.first, shown.count);
    tensor.shape = shown.shape;
    tensor.values.assign(values.begin(), values.end());
  }
  const auto& commitments = circuit.statement.commitments;
  for (std::size_t i = 0; i < commitments.size(); ++i) {
    place(commitments[i].group, commitments[i].tensor).commitments =
        commitment_points(proof, circuit.circuit.columns, i);
  }
  return out;
}

/// Whether a proof shows of its parameters what the manifest says that all proofs of the model show; nothing where it
/// does not say. A proof of other parameters is one of another model.
std::optional<bool> shows_params_of(const Manifest& manifest, const ReportedGroup& group) {
  if (!manifest.params_hash && manifest.params_commitments.empty()) return std::nullopt;
  if (group.tensors.size() != 1) return false;
  const ReportedTensor& shown = group.tensors.front();
  if (manifest.params_hash) return shown.hash && big_felt_text(*shown.hash) == *manifest.params_hash;
  std::vector<std::string> points;
  for (const G1Affine& point : shown.commitments) points.push_back(point_text(point));
  return points == manifest.params_commitments;
}

/// What the key's manifest adds to the report.
void take_over(const TrustReport& trust, VerifyReport& out) {
  out.trust = trust.trust;
  out.by_digest = trust.by_digest;
  if (!trust.with) return;
  const Manifest& manifest = trust.with->manifest;
  out.pinned_by = trust.file.string();
  out.digest = trust.with->digest;
  if (!manifest.model.empty()) {
    out.model_name = manifest.model.front().name;
    out.model_digest = manifest.model.front().sha256;
  }
  for (ReportedGroup& group : out.groups) {
    if (group.group == TensorGroup::params) {
      group.trees = manifest.trees;
      const auto known = shows_params_of(manifest, group);
      group.known_shown = known.value_or(false);
      if (known && !*known) {
        out.accepted = false;
        out.reason = "the proof is about other parameters, and so another model, than " + trust.file.string() +
                     " tells of: their " + (manifest.params_hash ? "hash is" : "commitments are") + " others";
      }
      continue;
    }
    const auto& tensors = group.group == TensorGroup::inputs ? manifest.inputs : manifest.outputs;
    for (std::size_t i = 0; i < std::min(tensors.size(), group.tensors.size()); ++i) {
      group.tensors[i].name = tensors[i].name;
    }
  }
}

/// Hashed parameters are those of a model only for who knows its hash.
void warn_of_unknown_params(const VerifyReport& report) {
  for (const ReportedGroup& group : report.groups) {
    if (group.group != TensorGroup::params || !is_to_be_compared(group)) continue;
    log_warn(
        "which parameters the proof is about is told by their hash or commitments alone, and nothing here says whose "
        "these are: compare them with those that the model's owner published",
        {{"manifest", "a manifest that setup wrote has them: {} names it"}});
  }
}

}  // namespace

LoadedCircuit load_circuit(const std::filesystem::path& settings, const std::filesystem::path& vk) {
  LoadedCircuit out;
  out.settings = read_settings(settings);
  if (out.settings.version != GraphSettings{}.version) {
    log_warn(settings.string() + ": written by version " + out.settings.version + ", this is " +
             GraphSettings{}.version);
  }
  in_context(settings.string(), [&] { out.statement = statement_of(out.settings); });
  backend_of(out.settings.run_args).read_key(out, settings, vk);
  return out;
}

VerifyReport verify(const VerifyFiles& files) try {
  const Phase phase("verify");
  const LoadedCircuit circuit = load_circuit(files.settings, files.vk);
  const ProofSystem system = circuit.settings.run_args.proof_system;
  return verify(circuit, in_context("failed to load the proof", [&] { return read_proof(files.proof, system); }),
                files);
} catch (...) {
  rethrow_as_error();
}

VerifyReport verify(const LoadedCircuit& circuit, const ProofFile& proof, const VerifyFiles& files) try {
  const RunArgs& args = circuit.settings.run_args;
  const ProofSystemBackend& backend = backend_of(args);
  const auto [setup, srs] = backend.setup_of(circuit, proof, files);
  TrustReport trust;
  try {
    trust = check_manifest(files.manifest, {files.settings, files.vk, srs}, circuit.settings,
                           backend.key_sha256(circuit), SetupIdentity(*setup));
  } catch (const Error& e) {
    if (e.fault() != Fault::unsatisfied) throw;
    VerifyReport refused;
    refused.proof = files.proof.string();
    refused.reason = e.what();
    refused.system = args.proof_system;
    refused.hides = backend.hides();
    return refused;
  }
  const std::optional<std::string> refusal = backend.refusal(circuit, proof, *setup);
  VerifyReport out;
  out.accepted = !refusal;
  out.reason = refusal.value_or("");
  out.proof = files.proof.string();
  out.system = args.proof_system;
  out.hides = backend.hides();
  out.scheme = args.commitment;
  out.setups = {{srs.string(), setup->origin()}};
  if (!out.accepted) return out;
  in_context(files.proof.string(), [&] { check_pretty_inputs(proof, circuit.statement); });
  out.groups = report_groups(circuit, proof);
  take_over(trust, out);
  if (!out.accepted) return out;
  if (args.ignore_range_check_inputs_outputs) {
    out.waived.emplace_back(
        "ranges of inputs and outputs (ignore_range_check_inputs_outputs): a prover may take field elements there that "
        "stand for no number of the model");
  }
  if (files.input) compare_values(circuit, files, TensorGroup::inputs, *files.input, out);
  if (files.output && out.accepted) compare_values(circuit, files, TensorGroup::outputs, *files.output, out);
  if (!out.hides) log_warn(files.proof.string() + ": zero-knowledge: no. " + hides_nothing());
  warn_of_what_is_open(args, trust.manifest());
  warn_of_setup(setup->origin(), srs.string());
  warn_of_unknown_params(out);
  if (!files.known) log_trust(trust, files.vk);
  return out;
} catch (...) {
  rethrow_as_error();
}

bool verify(const Path& proof_path, const Path& settings_path, const Path& vk_path, const std::optional<Path>& srs_path,
            bool reduced_srs, const std::optional<Path>& manifest, const std::optional<std::string>& digest) try {
  const VerifyReport report =
      verify(VerifyFiles{proof_path, settings_path, vk_path, srs_path, reduced_srs, {manifest, digest}});
  if (!report.accepted) throw Error(Fault::unsatisfied, report.proof + ": " + report.reason);
  return true;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
