// Every operator of the families in arithmetic, reduction, einsum, convolution, pooling, activation, compare, rounding,
// table, reciprocal and softmax: claims against the float reference, and tampering with hints.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <random>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/op_table.hpp"
#include "operator_cases.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

using testing::Case;
using testing::cases;

class Operators : public ::testing::TestWithParam<Case> {
 protected:
  static RunArgs args_of(const Case& c) {
    RunArgs args;
    args.input_scale = args.param_scale = 10;
    args.decomp_base = 1 << 10;
    args.decomp_legs = 4;
    args.lookup_range = {-(1 << 14), 1 << 14};
    args.semantics = c.semantics;
    return args;
  }
};

TEST_P(Operators, ClaimsFollowTheReferenceAndPinEveryHintThatMatters) {
  const Case& c = GetParam();
  const RunArgs args = args_of(c);
  const OpEntry& entry = op_entry(c.op.kind);
  const bool exact = c.type != DType::f32;
  const int scale = exact ? 0 : 10;
  std::vector<int> scales(c.shapes.size(), scale);
  // A bias stands at the scale of the product it is added to.
  if ((c.op.kind == "Conv" || c.op.kind == "DeConv") && scales.size() == 3) scales[2] = 2 * scale;
  const OpContext context{c.op, c.shapes, scales, args, c.semantics, c.name};

  std::mt19937 engine(11);
  std::uniform_real_distribution<double> uniform(c.lo, c.hi);
  claims::Recorder w(args);
  std::vector<claims::Tensor> tensors;
  std::vector<claims::Values> inputs;
  std::vector<FloatTensor> reals;
  const Int128 limit = (Int128{1} << 25) - 1;
  for (std::size_t k = 0; k < c.shapes.size(); ++k) {
    FloatTensor real{exact ? c.type : DType::f32, c.shapes[k], {}};
    claims::Values integers;
    for (std::size_t i = 0; i < volume(c.shapes[k]); ++i) {
      const double drawn = exact ? std::round(uniform(engine)) : uniform(engine);
      integers.push_back(quantize(drawn, scales[k]));
      real.data.push_back(dequantize(integers.back(), scales[k]));
    }
    tensors.push_back(w.input(
        c.shapes[k], c.type == DType::boolean ? claims::Interval{0, 1} : claims::Interval{-limit, limit}, true));
    inputs.push_back(std::move(integers));
    reals.push_back(std::move(real));
  }
  const FloatTensor want = entry.reference(context, reals);
  w.enter_node(c.name);
  const claims::Tensor out = entry.emit(w, context, tensors);
  EXPECT_EQ(w.shape(out), entry.shape(context));
  EXPECT_EQ(want.shape, entry.shape(context));
  w.output(out);
  const claims::Record record = w.finish();

  claims::Evaluation evaluation(record, inputs, {true, true});
  evaluation.run();
  const claims::Values got = evaluation.outputs()[0];
  const int out_scale = entry.natural_scale(context);
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(dequantize(got[i], out_scale), want.data[i], c.tolerance) << i;

  const auto violations = claims::check_trace(record, evaluation.trace());
  EXPECT_TRUE(violations.empty()) << violations[0].message;
  for (const claims::Forgery& forgery : claims::forge(record, evaluation.trace(), 4)) {
    EXPECT_FALSE(forgery.changes_outputs) << "hint " << forgery.hint.id << " element " << forgery.element << " from "
                                          << to_string(forgery.from) << " to " << to_string(forgery.to);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Operators, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

TEST(Operators, OneOverZeroDependsOnNoRange) {
  const auto at_zero = [](std::size_t legs, int scale, std::optional<double> epsilon) -> std::optional<Int128> {
    RunArgs args;
    args.input_scale = args.param_scale = scale;
    args.decomp_base = 1 << 10;
    args.decomp_legs = legs;
    args.epsilon = epsilon;
    const OpSpec op{"Recip", {}};
    const std::vector<Shape> shapes{{1}};
    const std::vector<int> scales{scale};
    claims::Recorder w(args);
    const claims::Tensor x = w.input({1}, {-1000, 1000}, true);
    w.output(op_entry("Recip").emit(w, {op, shapes, scales, args, Semantics::onnx, "recip"}, std::span(&x, 1)));
    const claims::Record record = w.finish();
    claims::Evaluation evaluation(record, {{0}});
    try {
      evaluation.run();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range) << e.what();
      return std::nullopt;
    }
    return evaluation.outputs()[0][0];
  };
  for (const std::size_t legs : {std::size_t{2}, std::size_t{3}, std::size_t{6}}) {
    EXPECT_EQ(at_zero(legs, 7, std::nullopt), Int128{1} << 14) << "as of the smallest step, 2^-7";
    EXPECT_EQ(at_zero(legs, 7, 0.25), Int128{4} << 7);
  }
  EXPECT_EQ(at_zero(2, 12, std::nullopt), std::nullopt) << "2^24 has more than two digits of 2^10";
  EXPECT_EQ(at_zero(3, 12, std::nullopt), Int128{1} << 24);
}

TEST(Operators, UnknownKindIsUnsupported) {
  try {
    op_entry("Convolve");
    FAIL() << "an operator that does not exist";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsupported);
  }
}

TEST(Operators, KindsAreUnique) {
  std::set<std::string_view> kinds;
  for (const OpEntry* entry : all_ops()) EXPECT_TRUE(kinds.insert(entry->kind).second) << entry->kind;
}

}  // namespace
}  // namespace ezkl
