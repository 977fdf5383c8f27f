#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/claims/claims.hpp"
#include "graph/op_signature.hpp"
#include "graph/op_spec.hpp"
#include "model/model_budget.hpp"
#include "tensor/float_tensor.hpp"

namespace ezkl {

/// What an operator's functions are told. Shapes and scales are those of the operands as the operator sees them
/// (after input multipliers).
struct OpContext {
  const OpSpec& op;
  std::span<const Shape> shapes;
  std::span<const int> scales;
  const RunArgs& args;
  Semantics semantics = Semantics::onnx;
  std::string_view name;          ///< of the node, for messages
  ModelBudget* budget = nullptr;  ///< when claims are made: pays for what is made besides tensors

  /// max(input_scale, param_scale): the scale that reciprocals and the like produce at least.
  int base_scale() const { return args.input_scale > args.param_scale ? args.input_scale : args.param_scale; }
  /// Largest magnitude that a decomposed value may have: decomp_base^decomp_legs - 1.
  Int128 decomposition_limit() const;
};

/// One graph operator: everything ezkl needs to know about it. One file per family in graph/ops, one line in the table.
struct OpEntry {
  std::string_view kind;
  /// Operands and attributes. The functions below are called for nodes that fit it only.
  Signature signature;
  /// Shape of the output. errors: Fault::format when the inputs cannot be combined.
  Shape (*shape)(const OpContext&);
  /// Scale of the result before any rebase, from the operands' scales.
  int (*natural_scale)(const OpContext&);
  /// Input positions that must have one scale before the operator runs.
  std::vector<std::size_t> (*homogeneous)(const OpContext&);
  /// What the operator means on real numbers: constant folding, calibration and tests; the circuit never sees it.
  FloatTensor (*reference)(const OpContext&, std::span<const FloatTensor>);
  /// The operator as claims. Evaluation runs the same claims, so the two cannot drift.
  claims::Tensor (*emit)(claims::Writer&, const OpContext&, std::span<const claims::Tensor>);
};

/// errors: Fault::unsupported for an unknown kind.
const OpEntry& op_entry(std::string_view kind);
std::span<const OpEntry* const> all_ops();

}  // namespace ezkl
