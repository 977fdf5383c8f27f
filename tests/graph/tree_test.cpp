#include <gtest/gtest.h>

#include <cmath>

#include "op_harness.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::testing_ops {
namespace {

enum : std::int64_t { leq, lt, gte, gt, eq, neq };

/// Grows random trees in the operator's own attributes.
class Forest {
 public:
  Forest(unsigned seed, std::size_t features, std::size_t targets)
      : numbers_(seed), features_(features), targets_(targets) {}

  /// Branches of these modes: 0 .. most.
  void modes_up_to(std::int64_t most) { most_mode_ = int(most); }

  void grow(int depth, bool all_targets = false) {
    roots_.push_back(std::int64_t(columns_.size()));
    node(depth, all_targets);
  }

  OpSpec op(const std::string& aggregate = "sum") const {
    return {"TreeEnsemble",
            {{"features", columns_},
             {"modes", modes_},
             {"thresholds", thresholds_},
             {"trues", trues_},
             {"falses", falses_},
             {"roots", roots_},
             {"leaf_nodes", leaf_nodes_},
             {"leaf_targets", leaf_targets_},
             {"leaf_weights", leaf_weights_},
             {"targets", std::int64_t(targets_)},
             {"aggregate", aggregate}}};
  }

 private:
  std::int64_t node(int depth, bool all_targets) {
    const auto at = std::int64_t(columns_.size());
    const bool leaf = depth == 0 || numbers_.one(0, 9) == 0;
    columns_.push_back(leaf ? -1 : std::int64_t(numbers_.one(0, int(features_) - 1)));
    modes_.push_back(std::int64_t(numbers_.one(0, most_mode_)));
    // Quarters, so that at scale 2 samples meet thresholds exactly.
    thresholds_.push_back(double(numbers_.one(-12, 12)) / 4 + (numbers_.one(0, 3) == 0 ? 0.1 : 0));
    trues_.push_back(0);
    falses_.push_back(0);
    if (leaf) {
      for (std::size_t t = 0; t < targets_; ++t) {
        if (!all_targets && numbers_.one(0, 1) == 0) continue;
        leaf_nodes_.push_back(at);
        leaf_targets_.push_back(std::int64_t(t));
        leaf_weights_.push_back(double(numbers_.one(-64, 64)) / 16);
      }
      return at;
    }
    const std::int64_t when_true = node(depth - 1, all_targets);
    const std::int64_t when_false = node(depth - 1, all_targets);
    trues_[std::size_t(at)] = when_true;
    falses_[std::size_t(at)] = when_false;
    return at;
  }

  Numbers numbers_;
  std::size_t features_, targets_;
  int most_mode_ = 5;
  Ints columns_, modes_, trues_, falses_, roots_, leaf_nodes_, leaf_targets_;
  Reals thresholds_, leaf_weights_;
};

constexpr int scale = 2;

/// The ensemble with its thresholds rounded as inputs at `bits` are.
OpSpec rounded(OpSpec op, int bits) {
  Reals thresholds = op.reals("thresholds");
  for (double& t : thresholds) t = std::ldexp(std::round(std::ldexp(t, bits)), -bits);
  op.attributes["thresholds"] = thresholds;
  return op;
}

/// Runs the ensemble on integers and expects what its reference says of the same numbers, to the last bit: the leaf
/// weights of the test need no rounding.
Outcome expect_same(const OpSpec& whole, const Operand& x, bool tamper) {
  const RunArgs args = harness_args();
  const Outcome outcome = run(whole, {x}, args, 1000);
  const OpSpec op = x.scale > 0 ? rounded(whole, x.scale) : whole;
  const std::vector<Shape> shapes{x.shape};
  const std::vector<int> scales{x.scale};
  const OpContext ctx{op, shapes, scales, args, Semantics::onnx, "trees"};
  const OpEntry& trees = entry(ops::tree_ops(), "TreeEnsemble");
  std::vector<FloatTensor> in{{DType::f32, x.shape, {}}};
  for (Int128 value : x.values) in[0].data.push_back(dequantize(value, x.scale));
  const FloatTensor want = trees.reference(ctx, in);
  claims::Values integers;
  for (double value : want.data) integers.push_back(quantize(value, trees.natural_scale(ctx)));
  EXPECT_EQ(outcome.values, integers);
  if (!tamper) return outcome;
  for (const claims::Forgery& forgery : claims::forge(outcome.record, outcome.trace, 4)) {
    EXPECT_FALSE(forgery.changes_outputs) << "hint " << forgery.hint.id << " element " << forgery.element;
  }
  return outcome;
}

Operand samples(unsigned seed, std::size_t count, std::size_t features) {
  Operand x = Numbers(seed).tensor({count, features}, -16, 16);
  x.scale = scale;
  return x;
}

bool walks(const Outcome& outcome) {
  for (const claims::Claim& claim : outcome.record.claims) {
    if (claim.kind == claims::Kind::gather) return true;
  }
  return false;
}

TEST(TreeEnsemble, SmallTreesCompareEveryNode) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Forest forest(seed, 4, 3);
    for (int t = 0; t < 3; ++t) forest.grow(3);
    EXPECT_FALSE(walks(expect_same(forest.op(), samples(seed, 5, 4), seed == 0)));
  }
}

TEST(TreeEnsemble, DeepTreesAreWalked) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    Forest forest(seed + 100, 20, 1);
    forest.modes_up_to(gt);
    for (int t = 0; t < 4; ++t) forest.grow(7);
    EXPECT_TRUE(walks(expect_same(forest.op(), samples(seed, 8, 20), false)));
  }
}

TEST(TreeEnsemble, ExtremesOverTrees) {
  for (const std::string aggregate : {"min", "max"}) {
    Forest forest(7, 3, 2);
    for (int t = 0; t < 4; ++t) forest.grow(2, true);
    expect_same(forest.op(aggregate), samples(3, 6, 3), true);
  }
  Forest partial(8, 3, 2);
  partial.grow(3);
  EXPECT_EQ(fault_of([&] { run(partial.op("max"), {samples(3, 6, 3)}, harness_args(), 1000); }), Fault::format);
}

/// One branch on one feature, 1 when it is taken.
OpSpec stump(std::int64_t mode, double threshold) {
  return {"TreeEnsemble",
          {{"features", Ints{0, -1, -1}},
           {"modes", Ints{mode, 0, 0}},
           {"thresholds", Reals{threshold, 0, 0}},
           {"trues", Ints{1, 0, 0}},
           {"falses", Ints{2, 0, 0}},
           {"roots", Ints{0}},
           {"leaf_nodes", Ints{1}},
           {"leaf_targets", Ints{0}},
           {"leaf_weights", Reals{1}},
           {"targets", std::int64_t(1)},
           {"aggregate", std::string("sum")}}};
}

TEST(TreeEnsemble, EveryModeAtItsThreshold) {
  Operand x{{9, 1}, {-6, -5, -4, -1, 0, 1, 4, 5, 6}, scale};
  for (std::int64_t mode : {leq, lt, gte, gt, eq, neq}) {
    for (double threshold : {-1.25, -1.1, 0.0, 0.1, 1.25, 1e30, -1e30, double(INFINITY), -double(INFINITY)}) {
      expect_same(stump(mode, threshold), x, true);
    }
  }
}

TEST(TreeEnsemble, WholeNumbersMeetRealThresholdsExactly) {
  const Operand x{{6, 1}, {-2, -1, 0, 1, 2, 3}, 0};
  for (std::int64_t mode : {leq, lt, gte, gt, eq, neq}) {
    for (double threshold : {-1.5, -1.0, 0.5, 1.0, 2.4, 2.6}) expect_same(stump(mode, threshold), x, true);
  }
}

TEST(TreeEnsemble, InputEqualToItsThresholdTakesThatBranch) {
  for (double value : {1.2, -0.7, 3.14, 0.1}) {
    const Operand x{{1, 1}, {quantize(value, 10)}, 10};
    const auto weight = [&](std::int64_t mode) {
      return run(stump(mode, value), {x}, harness_args(), 100000).values[0];
    };
    EXPECT_GT(weight(leq), 0);
    EXPECT_EQ(weight(lt), 0);
    EXPECT_GT(weight(gte), 0);
    EXPECT_EQ(weight(gt), 0);
    EXPECT_GT(weight(eq), 0);
    EXPECT_EQ(weight(neq), 0);
  }
}

TEST(TreeEnsemble, WalksStayWithinTheDecompositionForAnyInput) {
  Forest forest(200, 20, 1);
  forest.modes_up_to(gt);
  for (int t = 0; t < 4; ++t) forest.grow(7);
  const RunArgs args = harness_args();
  const Int128 limit = claims::decomposition_limit(args);
  Operand x = samples(1, 8, 20);
  for (std::size_t i = 0; i < x.values.size(); i += 3) x.values[i] = i % 2 == 0 ? limit - 100 : 100 - limit;
  EXPECT_TRUE(walks(run(forest.op(), {x}, args, limit)));
}

TEST(TreeEnsemble, SharedChildrenCountOnce) {
  // x in {1, 2, 3}: three tests that lead to one leaf.
  const OpSpec op{"TreeEnsemble",
                  {{"features", Ints{0, 0, 0, -1, -1}},
                   {"modes", Ints{eq, eq, eq, 0, 0}},
                   {"thresholds", Reals{1, 2, 3, 0, 0}},
                   {"trues", Ints{3, 3, 3, 0, 0}},
                   {"falses", Ints{1, 2, 4, 0, 0}},
                   {"roots", Ints{0}},
                   {"leaf_nodes", Ints{3, 4}},
                   {"leaf_targets", Ints{0, 0}},
                   {"leaf_weights", Reals{1, -1}},
                   {"targets", std::int64_t(1)},
                   {"aggregate", std::string("sum")}}};
  expect_same(op, {{6, 1}, {0, 4, 8, 12, 16, 6}, scale}, true);
}

TEST(TreeEnsemble, BrokenModelsAreRefused) {
  const auto fault = [](const std::string& attribute, Attribute value) {
    OpSpec op = stump(leq, 0);
    op.attributes[attribute] = std::move(value);
    return fault_of([&] { run(op, {samples(1, 1, 1)}, harness_args(), 1000); });
  };
  EXPECT_EQ(fault("features", Ints{1, -1, -1}), Fault::format);
  EXPECT_EQ(fault("features", Ints{0, -1}), Fault::format);
  EXPECT_EQ(fault("modes", Ints{6, 0, 0}), Fault::format);
  EXPECT_EQ(fault("trues", Ints{0, 0, 0}), Fault::format);
  EXPECT_EQ(fault("trues", Ints{3, 0, 0}), Fault::format);
  EXPECT_EQ(fault("roots", Ints{1}), Fault::format);
  EXPECT_EQ(fault("roots", Ints{}), Fault::format);
  EXPECT_EQ(fault("leaf_nodes", Ints{0}), Fault::format);
  EXPECT_EQ(fault("leaf_targets", Ints{1}), Fault::format);
  EXPECT_EQ(fault("leaf_weights", Reals{NAN}), Fault::format);
  EXPECT_EQ(fault("thresholds", Reals{NAN, 0, 0}), Fault::format);
  EXPECT_EQ(fault("aggregate", std::string("mean")), Fault::format);
}

}  // namespace
}  // namespace ezkl::testing_ops
