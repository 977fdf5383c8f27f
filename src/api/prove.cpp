#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "api/loaded_model.hpp"
#include "api/make_witness.hpp"
#include "api/manifest.hpp"
#include "api/phase_costs.hpp"
#include "api/run_args_check.hpp"
#include "api/setup_files.hpp"
#include "artifact/felt_text.hpp"
#include "artifact/pk_file.hpp"
#include "artifact/proof_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/memory.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "base/same_file.hpp"
#include "base/session_state.hpp"
#include "circuit/lowering.hpp"
#include "circuit/rows.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/record.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

/// What a proof is made of besides the model.
struct Parts {
  std::unique_ptr<CommitmentKey> setup;
  plonk::ProvingKey key;
  std::unique_ptr<CircuitWitness> cells;
};

void check_setup(const ProvingKeyHead& head, const CommitmentKey& setup, const std::string& what) {
  const auto fingerprint = setup.fingerprint();
  if (head.scheme != setup.scheme() ||
      !std::equal(head.setup.begin(), head.setup.end(), fingerprint.begin(), fingerprint.end())) {
    throw Error(Fault::format, what +
                                   ": this key was made with another setup (SRS) than the one given: two setups never "
                                   "fit together, even of the same size");
  }
}

/// Reads setup and key and fills the cells, all at once.
Parts load(const Path& pk_path, const std::optional<Path>& srs_path, const LoadedModel& model, const FileDigest& fixed,
           const claims::Inputs& inputs) {
  const std::vector<std::uint8_t> bytes = read_regular_file(pk_path);
  const std::string what = pk_path.string();
  const ProvingKeyHead head = parse_proving_key_head(bytes, what);
  if (head.model != model.compiled.digest) {
    throw Error(Fault::format, what + ": this key was made for another compiled model than " + model.path +
                                   ": run setup with this model, or prove with the model of the key");
  }
  if (head.layout != layout_version) {
    throw Error(Fault::format, what + ": another version of this program made this key: its cells are laid out as of " +
                                   std::to_string(head.layout) + ", here as of " + std::to_string(layout_version) +
                                   ". Run setup again with this version (the verifying key changes too)");
  }
  if (head.fixed != fixed) {
    throw Error(Fault::unsatisfied, what +
                                        ": this key was made for other values of the fixed inputs or outputs than the "
                                        "witness's: run setup with this witness");
  }
  Parts out;
  const std::function<void()> tasks[] = {
      [&] {
        out.setup = open_setup(srs_path, model.settings().run_args);
        check_setup(head, *out.setup, what);
      },
      [&] { out.key = parse_proving_key(head, model.circuit.cs, model.logrows(), what); },
      [&] { out.cells = std::make_unique<CircuitWitness>(model.record, model.settings(), model.circuit, inputs); },
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

/// Whether model, key and setup are those that a manifest tells of.
void check_against(const Path& manifest_file, const LoadedModel& model, const Path& pk_path, const Parts& parts,
                   const Path& srs) {
  const ComparedFiles files{model.path, pk_path, srs};
  const TrustReport report =
      check_manifest({manifest_file, std::nullopt}, files, model.settings(), parts.key.vk, SetupIdentity(*parts.setup));
  const std::optional<std::string>& compiled = report.with->manifest.compiled;
  const std::string& found = model.compiled.sha256;
  if (!compiled || *compiled == found) return;
  throw Error(Fault::unsatisfied, manifest_file.string() + ": " + model.path +
                                      " is not the compiled model that the key was made from (SHA-256 " + found +
                                      ", in the manifest: " + *compiled + ")");
}

}  // namespace

ProofResult prove(const Path& witness_path, const Path& model_path, const Path& pk_path,
                  const std::optional<Path>& proof_path, const std::optional<Path>& srs_path,
                  const ProveOptions& options) try {
  Phase phase("read model");
  LoadedModel model(model_path, false, options.max_model_size);
  const GraphSettings& settings = model.settings();
  const PhasePlan plan(reports_progress() ? proving_phases(settings) : std::vector<PhaseCost>());
  warn_of_unchecked_values(settings.run_args);
  warn_of_unbound_model(settings.run_args);
  warn_of_private_trees(settings.run_args, has_trees(model.compiled.graph));
  const Witness witness = read_witness(witness_path);
  const std::string what = witness_path.string();
  const auto inputs = witness_inputs(witness, model.compiled.graph, what);
  FileDigest fixed{};
  fix_values_of(witness, model, what, fixed);
  const Path srs = setup_path(srs_path, model.logrows(), settings.run_args.commitment);
  refuse_same_file({proof_path}, {witness_path, model_path, pk_path, srs, options.manifest});
  phase.next("read setup and key, fill cells");
  const Parts parts = load(pk_path, srs_path, model, fixed, inputs);
  const CommitmentKey& setup = *parts.setup;
  const plonk::ProvingKey& key = parts.key;
  CircuitWitness& cells = *parts.cells;
  warn_of_setup(setup.origin(), srs.string());
  if (options.manifest) check_against(*options.manifest, model, pk_path, parts, srs);
  check_outputs(witness, cells.output_felts(), model, what);
  const auto instances = cells.instances();
  const Statement statement = statement_of_model(model);
  check_instances(statement, instances, model);
  Witness shown = make_witness(model.compiled.graph, model.record, settings.run_args, witness.inputs,
                               cells.output_felts(), model.circuit.cs, nullptr);

  if (options.seed) {
    log_warn(
        "a proof with a seed can be made again by whoever knows the seed and does not hide the witness: for tests "
        "only");
  }
  Random random = options.seed ? Random::from_seed(*options.seed) : Random::from_os();
  plonk::ProverOptions prover;
  prover.plan =
      memory_plan(key, rows_of(settings), options.max_memory != 0 ? options.max_memory : session_options().max_memory);
  prover.on_phase = [](const char* name) { log_debug(std::string("prove: ") + name); };
  ProofFile file;
  phase.next("proof");
  file.proof = plonk::create_proof(setup, key, cells, instances, random, prover);
  file.instances = instances;
  file.names_transcript = true;
  if (setup.scheme() != Commitment::kzg) file.commitment = setup.scheme();
  file.split = split_of(statement, model.circuit.cs.usable_rows(model.logrows()));
  if (witness.pretty) file.pretty = public_elements(shown, statement);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  file.timestamp = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  file.version = version();

  phase.next("check and write");
  if (options.check_mode == CheckMode::safe) {
    const auto verdict = plonk::verify_proof(*setup.make_verifier(), key.vk, {statement.num_instances}, instances, file.proof);
    if (!verdict.accepted) {
      throw Error(
          Fault::format,
          pk_path.string() + ": the proof made with this key and " + srs.string() +
              " does not verify and was not written: one of the two is damaged or not what setup wrote; run "
              "setup again with a setup (SRS) that is known to be good (if that does not help, this is a fault of "
              "the program): " +
              verdict.reason);
    }
  }
  if (proof_path) write_file_atomically(*proof_path, std::string_view(proof_text(file)));

  ProofResult out;
  for (const auto& column : instances) {
    auto& list = out.instances.emplace_back();
    for (const Fr& f : column) list.push_back(felt_text(f));
  }
  out.proof = std::move(file.proof);
  return out;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
