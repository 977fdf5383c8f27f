#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/op_table.hpp"
#include "graph/ops/families.hpp"

/// Runs single operators: as claims on integers, and as their reference on real numbers.
namespace ezkl::testing_ops {

struct Operand {
  Shape shape;
  claims::Values values;
  int scale = 0;
  bool fixed = false;
};

struct Outcome {
  claims::Record record;
  claims::Trace trace;
  Shape shape;
  claims::Values values;
};

inline const OpEntry& entry(std::span<const OpEntry> family, std::string_view kind) {
  for (const OpEntry& candidate : family) {
    if (candidate.kind == kind) return candidate;
  }
  throw Error(Fault::internal, "no operator " + std::string(kind));
}

inline std::span<const OpEntry> family_of(std::string_view kind) {
  for (const auto family : {ops::movement_ops, ops::padding_ops, ops::indexing_ops, ops::scatter_ops, ops::sorting_ops,
                            ops::scan_ops, ops::bitwise_ops, ops::scaling_ops, ops::tree_ops}) {
    for (const OpEntry& candidate : family()) {
      if (candidate.kind == kind) return family();
    }
  }
  throw Error(Fault::internal, "no operator " + std::string(kind));
}

struct Contexts {
  std::vector<Shape> shapes;
  std::vector<int> scales;
};

inline Contexts contexts_of(const std::vector<Operand>& operands) {
  Contexts contexts;
  for (const Operand& operand : operands) {
    contexts.shapes.push_back(operand.shape);
    contexts.scales.push_back(operand.scale);
  }
  return contexts;
}

/// Emits the operator on inputs within ±limit (or fixed operands), evaluates it and checks that all its claims hold.
inline Outcome run(const OpSpec& op, const std::vector<Operand>& operands, const RunArgs& args, Int128 limit) {
  const OpEntry& found = entry(family_of(op.kind), op.kind);
  const Contexts contexts = contexts_of(operands);
  const OpContext ctx{op, contexts.shapes, contexts.scales, args, args.semantics, "node"};
  claims::Recorder w(args);
  std::vector<claims::Tensor> tensors;
  std::vector<claims::Values> inputs;
  for (const Operand& operand : operands) {
    if (operand.fixed) {
      tensors.push_back(w.constant(operand.shape, operand.values));
    } else {
      tensors.push_back(w.input(operand.shape, {-limit, limit}, true));
      inputs.push_back(operand.values);
    }
  }
  const claims::Tensor out = found.emit(w, ctx, tensors);
  Outcome outcome;
  outcome.shape = w.shape(out);
  EXPECT_EQ(outcome.shape, found.shape(ctx)) << op.kind;
  w.output(out);
  outcome.record = w.finish();
  claims::Evaluation evaluation(outcome.record, inputs, {true, true});
  evaluation.run();
  outcome.trace = evaluation.trace();
  outcome.values = evaluation.outputs()[0];
  const auto violations = claims::check_trace(outcome.record, outcome.trace);
  EXPECT_TRUE(violations.empty()) << op.kind << ": " << violations[0].message;
  return outcome;
}

inline RunArgs harness_args(Semantics semantics = Semantics::onnx) {
  RunArgs args;
  args.decomp_base = 64;
  args.decomp_legs = 3;
  args.semantics = semantics;
  return args;
}

/// Runs an operator on operands of scale 0 and expects the integers that its reference gives, and that no single
/// change of a hint is accepted with other outputs.
inline Outcome expect_reference(const OpSpec& op, const std::vector<Operand>& operands,
                                const RunArgs& args = harness_args(), Int128 limit = 1000) {
  Outcome outcome = run(op, operands, args, limit);
  const OpEntry& found = entry(family_of(op.kind), op.kind);
  const Contexts contexts = contexts_of(operands);
  const OpContext ctx{op, contexts.shapes, contexts.scales, args, args.semantics, "node"};
  std::vector<FloatTensor> reals;
  for (const Operand& operand : operands) {
    reals.push_back({DType::i64, operand.shape, {operand.values.begin(), operand.values.end()}});
  }
  const FloatTensor want = found.reference(ctx, reals);
  EXPECT_EQ(want.shape, outcome.shape) << op.kind;
  const claims::Values integers(want.data.begin(), want.data.end());
  EXPECT_EQ(integers, outcome.values) << op.kind;
  for (const claims::Forgery& forgery : claims::forge(outcome.record, outcome.trace, 8)) {
    EXPECT_FALSE(forgery.changes_outputs) << op.kind << ": hint " << forgery.hint.id << " element " << forgery.element
                                          << " from " << to_string(forgery.from) << " to " << to_string(forgery.to);
  }
  return outcome;
}

class Numbers {
 public:
  explicit Numbers(unsigned seed) : engine_(seed) {}
  Int128 one(int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(engine_); }
  Operand tensor(const Shape& shape, int lo = -100, int hi = 100) {
    Operand operand{shape, {}};
    for (std::size_t i = 0; i < volume(shape); ++i) operand.values.push_back(one(lo, hi));
    return operand;
  }

 private:
  std::mt19937 engine_;
};

inline Operand fixed(Operand operand) {
  operand.fixed = true;
  return operand;
}

/// The fault that `body` throws; Fault::usage when it throws nothing.
template <class Body>
Fault fault_of(Body body) {
  try {
    body();
  } catch (const Error& e) {
    return e.fault();
  }
  return Fault::usage;
}

using Ints = std::vector<std::int64_t>;
using Reals = std::vector<double>;

}  // namespace ezkl::testing_ops
