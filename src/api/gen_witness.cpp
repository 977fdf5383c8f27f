#include <algorithm>
#include <cmath>

#include "api/loaded_model.hpp"
#include "api/make_witness.hpp"
#include "api/proof_system.hpp"
#include "api/self_check.hpp"
#include "api/setup_files.hpp"
#include "artifact/vk_file.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/profile.hpp"
#include "base/same_file.hpp"
#include "base/text.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/passes/chains.hpp"

namespace ezkl {
namespace {

bool commits(const RunArgs& args) {
  const auto is = [](const Visibility& v) { return v.kind == Visibility::Kind::polycommit; };
  return is(args.input_visibility) || is(args.output_visibility) || is(args.param_visibility);
}

/// The setup for commitments, when there are any and the key that says how they are blinded was named.
std::unique_ptr<CommitmentKey> commitment_setup(const LoadedModel& model, const plonk::ConstraintSystem& cs,
                                                const std::optional<Path>& vk_path,
                                                const std::optional<Path>& srs_path) {
  if (!commits(model.settings().run_args)) return nullptr;
  if (!vk_path) {
    log_warn("the witness will hold no commitments, which proving does not need but swap-proof-commitments does",
             {{"vk_path", "name the verifying key with {}"}, {"srs_path", "and the setup with {}"}});
    return nullptr;
  }
  const RunArgs& args = model.settings().run_args;
  check_key_scheme(read_verifying_key(*vk_path, cs, args.logrows, key_format()), args.commitment, *vk_path);
  return open_setup(srs_path, args);
}

/// Compares the outputs with the float model's and says what is wrong with them.
/// errors: Fault::range for what `check` refuses; Fault::usage when it asks for what cannot be compared.
void compare_with_float(const LoadedModel& model, const InputData& data, const claims::Evaluation& evaluation,
                        const WitnessCheck& check) {
  const bool wanted = check.max_error || check.same_class;
  const auto unchecked = [&](const std::string& why) {
    if (wanted) {
      throw Error(Fault::usage, "there is nothing to compare with: " + why,
                  {{"max_error", "leave {} out"}, {"same_class", "and {}"}});
    }
    log_warn("the outputs were not checked against the float model: " + why);
  };
  if (!model.compiled.float_model) {
    return unchecked(model.path + " carries none (compiled without, or by an older version)");
  }
  const SelfCheck judge(*model.compiled.float_model, model.compiled.graph, model.record);
  std::optional<SampleVerdict> verdict;
  try {
    refuse_hashes_in_place(model.settings().run_args);
    const auto floats = float_outputs(*model.compiled.float_model, model.compiled.graph, data);
    verdict = judge.judge(floats, evaluation.outputs());
  } catch (const Error& e) {
    if (e.fault() == Fault::internal) throw;
    return unchecked(e.what());
  }
  const std::string report = judge.report(data, *verdict);
  if (check.same_class && (verdict->other_class || verdict->not_finite)) throw Error(Fault::range, report);
  if (check.max_error && verdict->not_finite) throw Error(Fault::range, report);
  if (check.max_error && !(verdict->largest_error <= *check.max_error)) {
    throw Error(Fault::range,
                "the largest error of an output is " + short_number(verdict->largest_error, 4) +
                    (report.empty() ? "; " + more_digits() : ": " + report),
                {{"max_error", "{} allows " + short_number(*check.max_error, 4)}});
  }
  if (!report.empty()) log_warn(report);
}

/// Arguments of gen-settings that would take a sample which its settings refuse; none where wider ranges do not help,
/// and what is wrong where they would have to be wider than any circuit's.
std::vector<Hint> wider_arguments(const LoadedModel& model, const claims::Inputs& inputs) {
  constexpr int margin = 2;
  const RunArgs& args = model.settings().run_args;
  claims::Extremes seen;
  try {
    claims::Evaluation evaluation(model.record, inputs, {false, false});
    evaluation.run();
    seen = evaluation.extremes();
  } catch (const Error& e) {
    if (e.fault() == Fault::internal) throw;
    return {};
  }
  std::vector<Hint> out;
  const auto add = [&](const char* parameter, const std::string& value) {
    out.push_back({parameter, (out.empty() ? "or with {}" : "and {}") + value});
  };
  const auto& [lowest, highest] = args.lookup_range;
  if (seen.keys.lo < lowest || seen.keys.hi > highest) {
    const Int128 low = std::min(lowest, margin * seen.keys.lo), high = std::max(highest, margin * seen.keys.hi);
    constexpr int most_logrows = 26;
    if (high - low >= Int128{1} << most_logrows) {
      return {{"data", "its function tables would have " + short_number(static_cast<double>(high - low), 2) +
                           " keys, a circuit has at most 2^26: is a value of {} wrong, or far from the samples?"}};
    }
    // Where tables are what a circuit mostly holds, this many times as long is as many times as dear.
    const double longer = static_cast<double>(high - low + 1) / static_cast<double>(highest - lowest + 1);
    constexpr double worth_a_word = 4;
    add("lookup_range",
        " " + to_string(low) + ":" + to_string(high) +
            (longer > worth_a_word ? " (function tables " + short_number(longer, 3) + " times as long)" : ""));
  }
  if (seen.outgrown > claims::decomposition_limit(args)) {
    const double bits = std::log2(margin * static_cast<double>(seen.outgrown));
    const double legs = std::ceil(bits / std::log2(static_cast<double>(args.decomp_base)));
    add("decomp_base", " " + std::to_string(args.decomp_base));
    add("decomp_legs", " " + std::to_string(static_cast<std::size_t>(legs)));
  }
  return out;
}

/// Runs the circuit's arithmetic.
/// errors: as Evaluation; for a sample outside the ranges of the settings, with what has to be done to prove it.
claims::Evaluation evaluated(const LoadedModel& model, const claims::Inputs& inputs) {
  try {
    claims::Evaluation evaluation(model.record, inputs);
    evaluation.run();
    return evaluation;
  } catch (const Error& e) {
    if (e.fault() != Fault::range) throw;
    const std::vector<Hint> arguments = wider_arguments(model, inputs);
    // How far the tables of chains reach, samples say alone.
    if (arguments.empty() && !has_chains(model.settings().run_args)) throw;
    if (!arguments.empty() && arguments[0].parameter == "data") throw e.with(arguments[0]);
    Error advised = e.with({"data",
                            "to prove this sample, run gen-settings, compile-model, setup and gen-witness again with "
                            "it among the samples of {}"});
    for (const Hint& hint : arguments) advised = advised.with(hint);
    throw advised;
  }
}

}  // namespace

std::string gen_witness(const std::string& data, const Path& model_path, const std::optional<Path>& output,
                        const std::optional<Path>& vk_path, const std::optional<Path>& srs_path,
                        const WitnessCheck& check, std::uint64_t max_model_size) try {
  Phase phase("read model");
  refuse_same_file({output}, {Path(data), model_path, vk_path, srs_path});
  const LoadedModel model(model_path, true, max_model_size);
  const Graph& graph = model.compiled.graph;
  const InputData input = load_input(data);
  const auto inputs = quantize_inputs(input, input_specs(graph));
  phase.next("run circuit");
  const claims::Evaluation evaluation = evaluated(model, inputs);
  phase.next("run float model");
  compare_with_float(model, input, evaluation, check);
  phase.next("witness");
  const plonk::ConstraintSystem cs = backend_of(model.settings().run_args).committed_system(model);
  const auto setup = commitment_setup(model, cs, vk_path, srs_path);
  Witness witness = make_witness(graph, model.record, model.settings().run_args, inputs.felts(),
                                 evaluation.output_felts(), cs, setup.get());
  if (const std::string shown = shown_params(witness.processed_params).text(); !shown.empty()) {
    log_info("a proof will show of the parameters: " + shown);
  }
  witness.max_lookup_inputs = evaluation.extremes().keys.hi;
  witness.min_lookup_inputs = evaluation.extremes().keys.lo;
  for (const CheckedRange& range : model.settings().required_range_checks) {
    witness.max_range_size = std::max(witness.max_range_size, range.second - range.first);
  }
  witness.version = version();
  std::string text = witness_text(witness);
  if (output) write_file_atomically(*output, std::string_view(text), Access::owner);
  return text;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
