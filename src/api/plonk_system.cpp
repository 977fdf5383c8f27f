// PLONK, as the published package has it.
#include <algorithm>
#include <functional>

#include "api/memory_limit.hpp"
#include "api/phase_costs.hpp"
#include "api/proof_system.hpp"
#include "api/setup_files.hpp"
#include "artifact/pk_file.hpp"
#include "artifact/vk_file.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/memory.hpp"
#include "base/parallel.hpp"
#include "base/session_state.hpp"
#include "circuit/lowering.hpp"
#include "circuit/rows.hpp"
#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"
#include "plonk/mock.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

using Path = std::filesystem::path;

/// What a proof is made of besides the model.
struct Parts {
  std::unique_ptr<CommitmentKey> setup;
  plonk::ProvingKey key;
  std::unique_ptr<CircuitWitness> cells;
};

bool is_made_with(const ProvingKeyHead& head, const CommitmentKey& setup) {
  const auto fingerprint = setup.fingerprint();
  return head.scheme == setup.scheme() && std::ranges::equal(head.setup, fingerprint);
}

/// Reads setup and key and fills the cells, all at once.
Parts load(const ProverFiles& files, const ModelRun& run, const ConfiguredCircuit& circuit) {
  const LoadedModel& model = run.model;
  const std::vector<std::uint8_t> bytes = read_regular_file(files.pk);
  const std::string what = files.pk.string();
  const ProvingKeyHead head = parse_proving_key_head(bytes, what);
  check_model_of_key(head.model, model, files.pk);
  if (head.layout != layout_version) {
    throw Error(Fault::format, what + ": another version of this program made this key: its cells are laid out as of " +
                                   std::to_string(head.layout) + ", here as of " + std::to_string(layout_version) +
                                   ". Run setup again with this version (the verifying key changes too)");
  }
  check_values_of_key(head.fixed, run, files.pk);
  Parts out;
  const std::function<void()> tasks[] = {
      [&] {
        out.setup = open_setup(files.srs, model.settings().run_args);
        if (!is_made_with(head, *out.setup)) throw key_of_other_setup(files.pk);
      },
      [&] { out.key = parse_proving_key(head, circuit.cs, model.logrows(), what); },
      [&] { out.cells = std::make_unique<CircuitWitness>(model.record, model.settings(), circuit, run.inputs); },
  };
  parallel_tasks(std::size(tasks), [&](std::size_t i) { tasks[i](); });
  return out;
}

/// Where the outputs' commitments stand among those at the front of the proof.
std::optional<ProofFile::Split> split_of(const Statement& statement, std::size_t rows) {
  ProofFile::Split split;
  bool outputs = false;
  for (const ShownCommitments& shown : statement.commitments) {
    const std::size_t points = shown.elements / rows + 1;
    split.end += points;
    if (shown.group == TensorGroup::outputs) {
      outputs = true;
    } else {
      split.start += points;
    }
  }
  return outputs ? std::optional(split) : std::nullopt;
}

/// How the proof is made so that the process stays within the limit: key, setup and witness are in memory already.
plonk::MemoryPlan memory_plan(const plonk::ProvingKey& key, std::size_t rows, std::uint64_t limit) {
  if (limit == 0) return plonk::MemoryPlan::keep_all;
  constexpr std::uint64_t mib = std::uint64_t{1} << 20;
  give_back_freed_memory();
  const std::uint64_t taken = process_memory().resident;
  return in_context("a limit of " + std::to_string(limit / mib) + " MiB, of which key, setup and witness take " +
                        std::to_string(taken / mib),
                    [&] {
                      const plonk::MemoryNeed need = plonk::plan_within(key, rows, limit - std::min(limit, taken));
                      log_info(std::string(plonk::name_of(need.plan)) + ": about " +
                               std::to_string((taken + need.bytes) / mib) + " MiB");
                      return need.plan;
                    });
}

std::unique_ptr<CommitmentVerifier> load_setup(const Path& path, bool reduced, const RunArgs& args) {
  if (args.commitment == Commitment::ipa) {
    if (reduced)
      throw Error(Fault::usage, "an IPA proof is checked with the whole setup", {{"reduced_srs", "leave {} out"}});
    return std::make_unique<IpaVerifier>(IpaVerifier::open(path, args.logrows));
  }
  const SrsVerifier srs = read_srs_verifier(path);
  if (!reduced && srs.k < args.logrows) {
    throw Error(Fault::range,
                path.string() + ": the file is for 2^" + std::to_string(srs.k) + " rows, the circuit has 2^" +
                    std::to_string(args.logrows),
                {{"reduced_srs", "a file of another size of the same ceremony is accepted with {}"}});
  }
  return std::make_unique<SrsVerifier>(srs);
}

/// The session bounds columns times rows, for machines that must not start on more.
void check_area(const GraphSettings& settings) {
  const std::uint64_t limit = session_options().max_circuit_area;
  if (limit == 0) return;
  const auto cs = configure(settings).cs;
  const std::uint64_t columns = cs.num_advice + cs.num_fixed + cs.num_instance;
  const std::uint64_t area = columns << settings.run_args.logrows;
  if (area >= limit) {
    throw Error(Fault::limit,
                "the circuit has " + std::to_string(columns) + " columns of 2^" +
                    std::to_string(settings.run_args.logrows) + " rows, that is " + std::to_string(area) + " cells",
                {{"max_circuit_area", "{} allows fewer than " + std::to_string(limit)}});
  }
}

void check_proof_scheme(const ProofFile& proof, Commitment scheme, const Path& path) {
  if (proof.commitment.value_or(scheme) == scheme) return;
  throw Error(Fault::format, path.string() + ": this is a proof with " + name_of(*proof.commitment) +
                                 " commitments, the settings say " + name_of(scheme));
}

class PlonkBackend final : public ProofSystemBackend {
 public:
  bool claims_fixed_values() const override { return true; }

  void check_fits(const claims::Record& record, const GraphSettings& settings) const override {
    check_room(record, settings);
    check_area(settings);
  }

  plonk::ConstraintSystem committed_system(const LoadedModel& model) const override { return circuit_of(model).cs; }

  MadeKeys make_keys(const LoadedModel& model, const ModelRun* run, const CommitmentKey& setup,
                     const KeyOptions& options, Phase& phase) const override {
    const ConfiguredCircuit circuit = circuit_of(model);
    refuse_above_limit(options.max_memory, plonk::keygen_bytes(circuit.cs, model.logrows()),
                       model.path + ": the keys take",
                       {{"target", "or make the circuit smaller: gen-settings, {} memory"}});
    ProvingKeyFile file;
    if (run != nullptr) file.fixed = run->fixed;
    file.layout = layout_version;
    file.model = model.compiled.digest;
    file.scheme = setup.scheme();
    file.setup = setup.fingerprint();
    in_context(model.path, [&] {
      phase.next("assemble");
      plonk::Assembly assembly = assemble(model.record, model.settings(), circuit);
      phase.next("keys");
      file.key = plonk::keygen(circuit.cs, model.logrows(), std::move(assembly), setup, options.compress_selectors);
    });
    return {verifying_key_bytes(file.key.vk, key_format()), proving_key_bytes(file), ezkl::key_sha256(file.key.vk)};
  }

  std::vector<std::uint8_t> verifying_key_of(const Path& pk, const GraphSettings& settings) const override {
    const auto cs = configure(settings).cs;
    const std::vector<std::uint8_t> bytes = read_regular_file(pk);
    const ProvingKeyHead head = parse_proving_key_head(bytes, pk.string());
    ByteReader reader(head.vk, pk.string());
    const auto vk = parse_verifying_key(reader, cs, settings.run_args.logrows, KeyFormat::raw);
    return verifying_key_bytes(vk, key_format());
  }

  MadeProof prove(const ModelRun& run, const ProverFiles& files, const ProveOptions& options,
                  Phase& phase) const override {
    const LoadedModel& model = run.model;
    const ConfiguredCircuit circuit = circuit_of(model);
    const Parts parts = load(files, run, circuit);
    const CommitmentKey& setup = *parts.setup;
    CircuitWitness& cells = *parts.cells;
    warn_of_setup(setup.origin(), files.srs.string());
    if (files.manifest) check_against(files, model, ezkl::key_sha256(parts.key.vk), SetupIdentity(setup));
    MadeProof out;
    out.outputs = cells.output_felts();
    check_outputs(run.witness, out.outputs, model, run.what);
    out.file.instances = cells.instances();
    const Statement statement = statement_of_model(model);
    check_instances(statement, out.file.instances, model);
    if (options.seed) {
      log_warn(
          "a proof with a seed can be made again by whoever knows the seed and does not hide the witness: for tests "
          "only");
    }
    Random random = options.seed ? Random::from_seed(*options.seed) : Random::from_os();
    plonk::ProverOptions prover;
    prover.plan = memory_plan(parts.key, rows_of(model.settings()), options.max_memory);
    prover.on_phase = [](const char* name) { log_debug(std::string("prove: ") + name); };
    phase.next("proof");
    out.file.proof = plonk::create_proof(setup, parts.key, cells, out.file.instances, random, prover);
    out.file.names_transcript = true;
    if (setup.scheme() != Commitment::kzg) out.file.commitment = setup.scheme();
    out.file.split = split_of(statement, circuit.cs.usable_rows(model.logrows()));
    phase.next("check and write");
    if (options.check_mode == CheckMode::safe) {
      const auto verdict = plonk::verify_proof(*setup.make_verifier(), parts.key.vk, {statement.num_instances},
                                               out.file.instances, out.file.proof);
      if (!verdict.accepted) {
        throw unverified(files, verdict.reason);
      }
    }
    return out;
  }

  void mock(const ModelRun& run, std::uint64_t max_memory) const override {
    const LoadedModel& model = run.model;
    const ConfiguredCircuit circuit = circuit_of(model);
    refuse_above_limit(max_memory, plonk::mock_bytes(circuit.cs, model.logrows()), model.path + ": its circuit takes");
    CircuitWitness cells(model.record, model.settings(), circuit, run.inputs);
    check_outputs(run.witness, cells.output_felts(), model, run.what);
    check_instances(statement_of_model(model), cells.instances(), model);
    const auto assembly = assemble(model.record, model.settings(), circuit);
    const std::vector<Fr> challenges = cells.complete_for_mock();
    const auto failures = plonk::mock_check(circuit.cs, model.logrows(), assembly, cells.columns(), cells.instances(),
                                            challenges, [&](const plonk::Cell& cell) { return cells.where(cell); });
    if (failures.empty()) return;
    std::string text = run.what + ": The constraint system is not satisfied:";
    for (const plonk::MockFailure& failure : failures) {
      text += "\n  row " + std::to_string(failure.row) + ", " + failure.constraint + ": " + failure.text;
    }
    throw Error(Fault::unsatisfied, text);
  }

  std::vector<PhaseCost> setup_phases(const GraphSettings& settings) const override {
    return ezkl::setup_phases(settings);
  }
  std::vector<PhaseCost> proving_phases(const GraphSettings& settings) const override {
    return ezkl::proving_phases(settings);
  }

  void read_key(LoadedCircuit& circuit, const Path& settings, const Path& vk) const override {
    in_context(settings.string(), [&] { circuit.circuit = configure(circuit.settings); });
    circuit.vk = in_context("failed to load vk from file", [&] {
      return read_verifying_key(vk, circuit.circuit.cs, circuit.settings.run_args.logrows, key_format());
    });
  }

  std::string key_sha256(const LoadedCircuit& circuit) const override { return ezkl::key_sha256(circuit.vk); }

  SetupIdentity identity_of(const LoadedCircuit& circuit, const std::optional<Path>& srs,
                            const Path& vk) const override {
    const RunArgs& args = circuit.settings.run_args;
    check_key_scheme(circuit.vk, args.commitment, vk);
    const Path path = setup_path(srs, args.logrows, args.commitment);
    if (args.commitment == Commitment::ipa) return SetupIdentity(IpaVerifier::open(path, args.logrows));
    return SetupIdentity(read_srs_verifier(path));
  }

  UsedSetup setup_of(const LoadedCircuit& circuit, const ProofFile& proof, const VerifyFiles& files) const override {
    const RunArgs& args = circuit.settings.run_args;
    check_proof_scheme(proof, args.commitment, files.proof);
    check_key_scheme(circuit.vk, args.commitment, files.vk);
    const Path from = setup_path(files.srs, files.reduced_srs ? 1 : args.logrows, args.commitment);
    auto setup = in_context("failed to load srs from " + from.string(),
                            [&] { return load_setup(from, files.reduced_srs, args); });
    return {std::move(setup), from};
  }

  std::optional<std::string> refusal(const LoadedCircuit& circuit, const ProofFile& proof,
                                     const CommitmentVerifier& setup) const override {
    const auto verdict =
        plonk::verify_proof(setup, circuit.vk, {circuit.statement.num_instances}, proof.instances, proof.proof);
    if (verdict.accepted) return std::nullopt;
    // The published package's words say what, not why.
    std::size_t found = 0;
    for (const std::vector<Fr>& column : proof.instances) found += column.size();
    const bool other = found != circuit.statement.num_instances;
    return verdict.reason + (other ? ": the proof is of another model, or of other visibilities" : "");
  }

  bool hides() const override { return true; }
};

}  // namespace

const ProofSystemBackend& plonk_backend() {
  static const PlonkBackend backend;
  return backend;
}

}  // namespace ezkl
