#include "circuit/statement_of.hpp"

#include "base/ensure.hpp"
#include "base/saturating.hpp"

namespace ezkl {
namespace {

using Slot = claims::Slot::Group;

Slot slot_of(TensorGroup group) {
  switch (group) {
    case TensorGroup::inputs:
      return Slot::input;
    case TensorGroup::params:
      return Slot::param;
    case TensorGroup::outputs:
      break;
  }
  return Slot::output;
}

GroupFacts facts_of(const claims::Record& record, TensorGroup group) {
  GroupFacts out;
  for (const claims::Binding& binding : record.bindings) {
    if (binding.slot.group != slot_of(group)) continue;
    out.visibility = binding.visibility;
    if (group != TensorGroup::params || out.tensors == 0) ++out.tensors;
  }
  return out;
}

}  // namespace

Statement statement_of(const GraphSettings& settings) {
  const RunArgs& args = settings.run_args;
  StatementFacts facts;
  facts.inputs = args.input_visibility;
  facts.params = args.param_visibility;
  facts.outputs = args.output_visibility;
  facts.input_scales = settings.model_input_scales;
  facts.output_scales = settings.model_output_scales;
  facts.public_shapes = settings.model_instance_shapes;
  for (const std::size_t count : settings.poseidon_counts) {
    // a count that wraps around must not look like a small one
    facts.hashes = saturating::plus(facts.hashes, count);
  }
  facts.committed = settings.polycommit_sizes;
  return describe_statement(facts);
}

StatementOrder statement_order_of(const claims::Record& record) {
  return statement_order(facts_of(record, TensorGroup::inputs), facts_of(record, TensorGroup::params),
                         facts_of(record, TensorGroup::outputs));
}

std::vector<Shape> instance_shapes(const claims::Record& record) {
  std::vector<Shape> out;
  const BoundTensors bound(record);
  for (const ShownTensor& shown : statement_order_of(record).instances) {
    if (shown.manner == Manner::values) out.push_back(record.tensors[bound.of(shown)[0]->tensor.id].shape);
  }
  return out;
}

BoundTensors::BoundTensors(const claims::Record& record) {
  for (const claims::Binding& binding : record.bindings) {
    for (const TensorGroup group : {TensorGroup::inputs, TensorGroup::params, TensorGroup::outputs}) {
      if (binding.slot.group == slot_of(group)) groups_[static_cast<std::size_t>(group)].push_back(&binding);
    }
  }
}

std::span<const claims::Binding* const> BoundTensors::of(const ShownTensor& shown) const {
  const std::span<const claims::Binding* const> all = groups_[static_cast<std::size_t>(shown.group)];
  if (shown.group == TensorGroup::params) return all;
  EZKL_ENSURE(shown.tensor < all.size(), "a statement shows a tensor that nothing binds");
  return all.subspan(shown.tensor, 1);
}

}  // namespace ezkl
