#include "statement/order.hpp"

#include "ezkl/error.hpp"
#include "statement/hashed_tensors.hpp"

namespace ezkl {

const char* name_of(TensorGroup group) {
  switch (group) {
    case TensorGroup::inputs:
      return "inputs";
    case TensorGroup::params:
      return "parameters";
    case TensorGroup::outputs:
      break;
  }
  return "outputs";
}

StatementOrder statement_order(const GroupFacts& inputs, const GroupFacts& params, const GroupFacts& outputs) {
  using Kind = Visibility::Kind;
  if (params.visibility.kind == Kind::public_) {
    throw Error(Fault::usage, "public visibility for params is deprecated, please use `fixed` instead");
  }
  StatementOrder out;
  const auto commitments = [&](TensorGroup group, const GroupFacts& facts) {
    if (facts.visibility.kind != Kind::polycommit) return;
    for (std::size_t i = 0; i < facts.tensors; ++i) out.commitments.push_back({group, i, Manner::commitment});
  };
  const auto hashes = [&](TensorGroup group, const GroupFacts& facts) {
    if (facts.tensors == 0) return;  // a model without parameters has no message of them
    for (const std::size_t i : hashed_tensors(facts.visibility, facts.tensors)) {
      out.instances.push_back({group, i, Manner::hash});
    }
  };
  const auto values = [&](TensorGroup group, const GroupFacts& facts) {
    if (facts.visibility.kind != Kind::public_) return;
    for (std::size_t i = 0; i < facts.tensors; ++i) out.instances.push_back({group, i, Manner::values});
  };
  commitments(TensorGroup::inputs, inputs);
  commitments(TensorGroup::params, params);
  commitments(TensorGroup::outputs, outputs);
  hashes(TensorGroup::inputs, inputs);
  hashes(TensorGroup::params, params);
  values(TensorGroup::inputs, inputs);
  hashes(TensorGroup::outputs, outputs);
  values(TensorGroup::outputs, outputs);
  return out;
}

}  // namespace ezkl
