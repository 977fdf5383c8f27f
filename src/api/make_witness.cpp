#include "api/make_witness.hpp"

#include "artifact/felt_text.hpp"
#include "artifact/number_text.hpp"
#include "circuit/statement_of.hpp"
#include "curve/msm.hpp"
#include "statement/hashed_tensors.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

using Messages = std::vector<std::vector<Fr>>;

/// The parameters that are bound, one after the other: one message.
Messages param_message(const claims::Record& record) {
  Messages out;
  for (const claims::Binding& binding : record.bindings) {
    if (binding.slot.group != claims::Slot::Group::param) continue;
    for (const auto& [tensor, values] : record.params) {
      if (!(tensor == binding.tensor)) continue;
      if (out.empty()) out.emplace_back();
      for (const Int128 v : *values) out[0].push_back(Fr::from_i128(v));
    }
  }
  return out;
}

/// Hashes and commitments of a group's messages, as far as the statement shows them.
std::optional<ModuleResult> process(const StatementOrder& order, TensorGroup group, const Messages& messages,
                                    const plonk::ConstraintSystem& cs, const CommitmentKey* setup) {
  ModuleResult out;
  for (const ShownTensor& shown : order.instances) {
    if (shown.group != group || shown.manner != Manner::hash) continue;
    if (!out.poseidon_hash) out.poseidon_hash.emplace();
    out.poseidon_hash->push_back(poseidon_hash(std::span<const Fr>(messages[shown.tensor])));
  }
  bool committed = false;
  for (const ShownTensor& shown : order.commitments) {
    if (shown.group != group) continue;
    committed = true;
    if (!setup) continue;
    if (!out.polycommit) out.polycommit.emplace();
    out.polycommit->push_back(commit_message(messages[shown.tensor], cs, *setup));
  }
  if (!out.poseidon_hash && !committed) return std::nullopt;
  return out;
}

PrettyElements::Lists big_felts(const Messages& messages) {
  PrettyElements::Lists out;
  for (const auto& message : messages) {
    auto& list = out.emplace_back();
    for (const Fr& f : message) list.push_back(big_felt_text(f));
  }
  return out;
}

/// One list a hash.
PrettyElements::Lists hash_lists(const std::optional<ModuleResult>& result) {
  PrettyElements::Lists out;
  if (!result || !result->poseidon_hash) return out;
  for (const Fr& f : *result->poseidon_hash) out.push_back({big_felt_text(f)});
  return out;
}

PrettyElements::Lists rescaled(const Messages& messages, const Graph& graph, const std::vector<std::uint32_t>& nodes) {
  PrettyElements::Lists out;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    auto& list = out.emplace_back();
    for (const Fr& f : messages[i]) list.push_back(rescaled_text(f, graph.nodes[nodes[i]].scale));
  }
  return out;
}

}  // namespace

std::vector<G1Affine> commit_message(std::span<const Fr> message, const plonk::ConstraintSystem& cs,
                                     const CommitmentKey& setup) {
  const std::size_t ones = cs.blinding_factors() + 1, rows = setup.n() - ones;
  std::vector<G1Affine> out;
  for (std::size_t column = 0; column <= message.size() / rows; ++column) {
    std::vector<Fr> values(setup.n());
    for (std::size_t i = 0; i < rows && column * rows + i < message.size(); ++i) values[i] = message[column * rows + i];
    for (std::size_t i = rows; i < setup.n(); ++i) values[i] = Fr::one();
    out.push_back(setup.blinded(msm(setup.g_lagrange(), values), CommitmentKey::public_blind()).to_affine());
  }
  return out;
}

std::vector<std::vector<Fr>> witness_outputs(std::vector<claims::Felts> outputs, const RunArgs& args) {
  if (args.output_visibility.kind != Visibility::Kind::hashed_private) return outputs;
  for (const std::size_t i : hashed_tensors(args.output_visibility, outputs.size())) {
    outputs[i] = {poseidon_hash(std::span<const Fr>(outputs[i]))};
  }
  return outputs;
}

std::optional<ModuleResult> processed_params(const claims::Record& record, const plonk::ConstraintSystem& cs,
                                             const CommitmentKey* setup) {
  return process(statement_order_of(record), TensorGroup::params, param_message(record), cs, setup);
}

Witness make_witness(const Graph& graph, const claims::Record& record, const RunArgs& args,
                     const std::vector<claims::Felts>& inputs, const std::vector<claims::Felts>& outputs,
                     const plonk::ConstraintSystem& cs, const CommitmentKey* setup) {
  Witness out;
  out.inputs = inputs;
  const StatementOrder order = statement_order_of(record);
  out.processed_inputs = process(order, TensorGroup::inputs, out.inputs, cs, setup);
  out.processed_params = processed_params(record, cs, setup);
  out.processed_outputs = process(order, TensorGroup::outputs, outputs, cs, setup);
  out.outputs = witness_outputs(outputs, args);

  PrettyElements& pretty = out.pretty.emplace();
  pretty.rescaled_inputs = rescaled(out.inputs, graph, graph.inputs);
  pretty.inputs = big_felts(out.inputs);
  pretty.processed_inputs = hash_lists(out.processed_inputs);
  pretty.processed_params = hash_lists(out.processed_params);
  pretty.processed_outputs = hash_lists(out.processed_outputs);
  pretty.rescaled_outputs = rescaled(out.outputs, graph, graph.outputs);
  pretty.outputs = big_felts(out.outputs);
  return out;
}

ShownParams shown_params(const std::optional<ModuleResult>& params) {
  ShownParams out;
  if (!params) return out;
  // Parameters are one message.
  if (params->poseidon_hash && !params->poseidon_hash->empty())
    out.hash = big_felt_text(params->poseidon_hash->front());
  if (params->polycommit && !params->polycommit->empty()) {
    for (const G1Affine& point : params->polycommit->front()) out.commitments.push_back(point_text(point));
  }
  return out;
}

std::string ShownParams::text() const {
  if (hash) return "hash " + *hash;
  std::string out;
  for (const std::string& point : commitments) out += (out.empty() ? "commitment " : ", ") + point;
  return out;
}

PrettyElements public_elements(const Witness& witness, const Statement& statement) {
  PrettyElements out;
  if (!witness.pretty) return out;
  const PrettyElements& all = *witness.pretty;
  if (!instances_of(statement, TensorGroup::inputs, Manner::values).empty()) {
    out.rescaled_inputs = all.rescaled_inputs;
    out.inputs = all.inputs;
  }
  out.processed_inputs = all.processed_inputs;
  out.processed_params = all.processed_params;
  out.processed_outputs = all.processed_outputs;
  if (!instances_of(statement, TensorGroup::outputs, Manner::values).empty()) {
    out.rescaled_outputs = all.rescaled_outputs;
    out.outputs = all.outputs;
  }
  return out;
}

}  // namespace ezkl
