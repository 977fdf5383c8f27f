#include <algorithm>

#include "api/loaded_model.hpp"
#include "api/setup_files.hpp"
#include "api/make_witness.hpp"
#include "artifact/vk_file.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "ezkl/ezkl.hpp"
#include "graph/claims/evaluation.hpp"

namespace ezkl {
namespace {

bool commits(const RunArgs& args) {
  const auto is = [](const Visibility& v) { return v.kind == Visibility::Kind::polycommit; };
  return is(args.input_visibility) || is(args.output_visibility) || is(args.param_visibility);
}

/// The setup for commitments, when there are any and the key that says how they are blinded was named.
std::unique_ptr<CommitmentKey> commitment_setup(const LoadedModel& model, const std::optional<Path>& vk_path,
                                                const std::optional<Path>& srs_path) {
  if (!commits(model.settings().run_args)) return nullptr;
  if (!vk_path) {
    log_warn(
        "the witness will hold no commitments: name the verifying key with --vk-path and the setup with --srs-path");
    return nullptr;
  }
  const RunArgs& args = model.settings().run_args;
  check_key_scheme(read_verifying_key(*vk_path, model.circuit.cs, args.logrows, key_format()), args.commitment,
                   *vk_path);
  return open_setup(srs_path, args);
}

}  // namespace

std::string gen_witness(const std::string& data, const Path& model_path, const std::optional<Path>& output,
                        const std::optional<Path>& vk_path, const std::optional<Path>& srs_path) {
  const LoadedModel model(model_path);
  const Graph& graph = model.compiled.graph;
  const auto inputs = quantize_inputs(load_input(data), input_specs(graph));
  claims::Evaluation evaluation(model.record, inputs);
  evaluation.run();
  const auto setup = commitment_setup(model, vk_path, srs_path);
  Witness witness = make_witness(graph, model.record, model.settings().run_args, inputs, evaluation.outputs(),
                                 model.circuit.cs, setup.get());
  witness.max_lookup_inputs = evaluation.extremes().keys.hi;
  witness.min_lookup_inputs = evaluation.extremes().keys.lo;
  for (const CheckedRange& range : model.settings().required_range_checks) {
    witness.max_range_size = std::max(witness.max_range_size, range.second - range.first);
  }
  witness.version = version();
  std::string text = witness_text(witness);
  if (output) write_file_atomically(*output, std::string_view(text), Access::owner);
  return text;
}

}  // namespace ezkl
