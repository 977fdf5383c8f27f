// Sums over hypercubes. source: docs/spec/sumcheck.md 1
#include <algorithm>

#include "api/memory_limit.hpp"
#include "api/proof_system.hpp"
#include "api/setup_files.hpp"
#include "artifact/sumcheck_key_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/ensure.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/session_state.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "graph/claims/evaluation.hpp"
#include "relations/protocol.hpp"

namespace ezkl {
namespace {

using Path = std::filesystem::path;
using relations::Plan;

Plan plan_of(const LoadedModel& model) {
  return in_context(model.path,
                    [&] { return relations::make_plan(model.record, plan_options(model.settings().run_args)); });
}

/// The values of a run, all kept. errors: as claims::Evaluation; Fault::unsupported for field elements.
claims::Evaluation evaluated(const ModelRun& run) {
  claims::Evaluation out(run.model.record, run.inputs, {true, true});
  out.run();
  return out;
}

/// `limit`: the call's; 0: the session's.
void refuse_memory_limit(std::uint64_t limit) {
  if (limit == 0 && session_options().max_memory == 0) return;
  throw Error(Fault::unsupported, "the sumcheck system does not bound its memory yet",
              {{"max_memory", "leave {} out"}, {"proof_system", "or use {} plonk"}});
}

/// Bytes of all values of a run.
std::uint64_t trace_bytes(const claims::Record& record) {
  std::uint64_t elements = 0;
  for (const claims::TensorInfo& tensor : record.tensors) elements += volume(tensor.shape);
  return elements * sizeof(Int128);
}

/// The statement that a witness shows, in the order of the plan.
std::vector<Fr> statement_elements(const Plan& plan, const relations::Witness& witness) {
  std::vector<Fr> out;
  for (const std::uint32_t tensor : plan.instances) {
    const std::vector<Fr> values = witness.expression({{{Fr::one(), tensor}}, {}}, tensor);
    out.insert(out.end(), values.begin(), values.end());
  }
  return out;
}

/// Whether the key's plan shows exactly what the settings say, tensor by tensor.
bool shows(const Plan& plan, const Statement& statement) {
  const auto same = [&](const ShownInstances& shown, std::uint32_t tensor) {
    const relations::PlanTensor& t = plan.tensors[tensor];
    return shown.manner == Manner::values && t.shape == shown.shape && t.cube.elements() == shown.count;
  };
  return statement.commitments.empty() && std::equal(statement.instances.begin(), statement.instances.end(),
                                                     plan.instances.begin(), plan.instances.end(), same);
}

bool same_options(const relations::PlanOptions& a, const relations::PlanOptions& b) {
  return a.row_bits == b.row_bits && a.limb_bits == b.limb_bits && a.tree_bits == b.tree_bits;
}

/// An SRS file that is named although the key holds its bases.
Error other_bases(Fault fault, const Path& srs, const Path& vk) {
  return Error(fault, srs.string() + ": another setup (SRS) than the one that " + vk.string() + " was made with");
}

class SumcheckBackend final : public ProofSystemBackend {
 public:
  bool claims_fixed_values() const override { return false; }

  void check_fits(const claims::Record& record, const GraphSettings& settings) const override {
    relations::make_plan(record, plan_options(settings.run_args));
  }

  plonk::ConstraintSystem committed_system(const LoadedModel&) const override { return {}; }

  MadeKeys make_keys(const LoadedModel& model, const ModelRun* run, const CommitmentKey& setup,
                     const KeyOptions& options, Phase& phase) const override {
    refuse_memory_limit(options.max_memory);
    if (!options.compress_selectors) {
      throw Error(Fault::usage, "keys of the sumcheck system have no selectors to give columns of their own",
                  {{"disable_selector_compression", "leave {} out"}});
    }
    const Srs& srs = srs_of(setup);
    phase.next("plan");
    SumcheckProvingKey file;
    file.model = model.compiled.digest;
    if (run != nullptr) file.fixed = run->fixed;
    file.key.settings = settings_digest(model.settings());
    file.key.plan = plan_of(model);
    phase.next("keys");
    claims::Trace trace(file.key.plan.of_record);
    if (run != nullptr) trace = evaluated(*run).trace();
    file.key.key.rows = relations::keyed_rows(file.key.plan, relations::Witness(file.key.plan, std::move(trace)), srs);
    file.key.key.bases = srs.verifier();
    const std::vector<std::uint8_t> vk = sumcheck_key_bytes(file.key);
    // Read by the rules that its verifiers read it by.
    try {
      parse_sumcheck_key(vk, "the new key");
    } catch (const Error& e) {
      throw e.as(Fault::internal);
    }
    return {vk, sumcheck_proving_key_bytes(file), sha256_text(vk)};
  }

  std::vector<std::uint8_t> verifying_key_of(const Path& pk, const GraphSettings& settings) const override {
    const SumcheckProvingKey file = parse_sumcheck_proving_key(read_regular_file(pk), pk.string());
    if (file.key.settings != settings_digest(settings)) {
      throw Error(Fault::format, pk.string() + ": this key was made under other settings");
    }
    return sumcheck_key_bytes(file.key);
  }

  MadeProof prove(const ModelRun& run, const ProverFiles& files, const ProveOptions& options,
                  Phase& phase) const override {
    const LoadedModel& model = run.model;
    refuse_memory_limit(options.max_memory);
    const Srs srs = Srs::open(files.srs, model.logrows());
    const SumcheckProvingKey key = parse_sumcheck_proving_key(read_regular_file(files.pk), files.pk.string());
    check_key(key, run, srs, files.pk);
    warn_of_setup(srs.origin(), files.srs.string());
    if (files.manifest) check_against(files, model, sha256_text(sumcheck_key_bytes(key.key)), SetupIdentity(srs));
    const claims::Evaluation evaluation = evaluated(run);
    MadeProof out;
    out.outputs = evaluation.output_felts();
    check_outputs(run.witness, out.outputs, model, run.what);
    const Plan plan = checked_plan(model, key, files.pk);
    const relations::Witness witness(plan, evaluation.trace());
    const std::vector<Fr> instances = statement_elements(plan, witness);
    out.file.system = ProofSystem::sumcheck;
    out.file.zero_knowledge = hides();
    out.file.instances = {instances};
    check_instances(statement_of_model(model), out.file.instances, model);
    phase.next("proof");
    sumcheck::ClearWriter writer;
    relations::prove(writer, plan, key.key.key, srs, instances, witness);
    out.file.proof = writer.proof();
    phase.next("check and write");
    if (options.check_mode == CheckMode::safe) {
      if (const auto refusal = relations::verify(out.file.proof, key.key.plan, key.key.key, instances)) {
        throw unverified(files, *refusal);
      }
    }
    return out;
  }

  void mock(const ModelRun& run, std::uint64_t max_memory) const override {
    const LoadedModel& model = run.model;
    refuse_above_limit(max_memory, trace_bytes(model.record), model.path + ": its values take");
    const claims::Evaluation evaluation = evaluated(run);
    check_outputs(run.witness, evaluation.output_felts(), model, run.what);
    const Plan plan = plan_of(model);
    const relations::Witness witness(plan, evaluation.trace());
    check_instances(statement_of_model(model), {statement_elements(plan, witness)}, model);
    const auto violations = claims::check_trace(model.record, evaluation.trace());
    if (violations.empty()) return;
    std::string text = run.what + ": the model's claims do not hold:";
    for (const claims::Violation& violation : violations) text += "\n  " + violation.message;
    throw Error(Fault::unsatisfied, text);
  }

  std::vector<PhaseCost> setup_phases(const GraphSettings&) const override { return {}; }
  std::vector<PhaseCost> proving_phases(const GraphSettings&) const override { return {}; }

  void read_key(LoadedCircuit& circuit, const Path& settings, const Path& vk) const override {
    const SumcheckKey& key = circuit.sumcheck.emplace(
        in_context("failed to load vk from file", [&] { return parse_sumcheck_key(read_file(vk), vk.string()); }));
    if (key.settings != settings_digest(circuit.settings)) {
      throw Error(Fault::format, vk.string() + ": this key was made under other settings than " + settings.string() +
                                     " says (a key of the sumcheck system is for one settings file): take the files "
                                     "that were made together");
    }
    if (!shows(key.plan, circuit.statement) ||
        !same_options(key.plan.options, plan_options(circuit.settings.run_args))) {
      throw Error(Fault::format, vk.string() + ": its proofs show other tensors than " + settings.string() + " says");
    }
  }

  std::string key_sha256(const LoadedCircuit& circuit) const override {
    return sha256_text(sumcheck_key_bytes(*circuit.sumcheck));
  }

  /// Its bases are in the key. An SRS file that is named all the same has to be the key's.
  SetupIdentity identity_of(const LoadedCircuit& circuit, const std::optional<Path>& srs,
                            const Path& vk) const override {
    const SrsVerifier& bases = circuit.sumcheck->key.bases;
    if (srs && read_srs_verifier(*srs).fingerprint() != bases.fingerprint()) {
      throw other_bases(Fault::unsatisfied, *srs, vk);
    }
    return SetupIdentity(bases);
  }

  /// As for identity_of.
  UsedSetup setup_of(const LoadedCircuit& circuit, const ProofFile& proof, const VerifyFiles& files) const override {
    if (proof.zero_knowledge != hides()) {
      throw Error(Fault::format, files.proof.string() + ": says that it is zero-knowledge, proofs of this key are not");
    }
    if (files.reduced_srs) {
      log_warn("the verifying key holds all of the setup that a check takes: there is nothing to reduce",
               {{"reduced_srs", "leave {} out"}});
    }
    const SrsVerifier& bases = circuit.sumcheck->key.bases;
    if (files.srs) {
      const SrsVerifier given =
          in_context("failed to load srs from " + files.srs->string(), [&] { return read_srs_verifier(*files.srs); });
      if (given.fingerprint() != bases.fingerprint()) throw other_bases(Fault::format, *files.srs, files.vk);
    }
    return {std::make_unique<SrsVerifier>(bases), files.srs.value_or(files.vk)};
  }

  std::optional<std::string> refusal(const LoadedCircuit& circuit, const ProofFile& proof,
                                     const CommitmentVerifier&) const override {
    const std::span<const Fr> instances = instance_column(proof);
    if (auto refused = instance_count_refusal(circuit.statement, instances.size())) return refused;
    try {
      return relations::verify(proof.proof, circuit.sumcheck->plan, circuit.sumcheck->key, instances);
    } catch (const Error& e) {
      if (e.fault() != Fault::format) throw;
      return e.what();
    }
  }

  bool hides() const override { return false; }

 private:
  static const Srs& srs_of(const CommitmentKey& setup) {
    const auto* const srs = dynamic_cast<const Srs*>(&setup);
    EZKL_ENSURE(srs != nullptr, "the sumcheck system commits over KZG setups");
    return *srs;
  }

  static void check_key(const SumcheckProvingKey& key, const ModelRun& run, const Srs& srs, const Path& pk) {
    check_model_of_key(key.model, run.model, pk);
    check_values_of_key(key.fixed, run, pk);
    if (key.key.key.bases.fingerprint() != srs.fingerprint()) throw key_of_other_setup(pk);
  }

  /// The plan as the model makes it now, which has to be the key's.
  static Plan checked_plan(const LoadedModel& model, const SumcheckProvingKey& key, const Path& pk) {
    SumcheckKey made{settings_digest(model.settings()), plan_of(model), key.key.key};
    const bool rows_fit = made.plan.keyed == key.key.plan.keyed;
    if (!rows_fit || sumcheck_key_digest(sumcheck_key_payload(made)) != key.key.key.digest) {
      throw Error(Fault::format, pk.string() +
                                     ": another version of this program made this key: it plans proofs of this model "
                                     "in another way. Run setup again with this version (the verifying key changes "
                                     "too)");
    }
    return std::move(made.plan);
  }
};

}  // namespace

const ProofSystemBackend& sumcheck_backend() {
  static const SumcheckBackend backend;
  return backend;
}

}  // namespace ezkl
