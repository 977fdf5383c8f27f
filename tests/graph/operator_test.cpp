// Every operator of the families in arithmetic, reduction, einsum, convolution, pooling, activation, compare, rounding,
// table, reciprocal and softmax: claims against the float reference, and tampering with hints.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "graph/claims/recorder.hpp"
#include "graph/op_table.hpp"
#include "tensor/quantize.hpp"

namespace ezkl {
namespace {

using Ints = std::vector<std::int64_t>;

struct Case {
  std::string name;
  OpSpec op;
  std::vector<Shape> shapes;
  double lo = -3, hi = 3;
  double tolerance = 0.02;  ///< of the result, at scale 10
  DType type = DType::f32;
  Semantics semantics = Semantics::onnx;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const Shape image{1, 4, 7, 6};

std::vector<Case> cases() {
  const Shape m{3, 5};
  const DType boolean = DType::boolean, whole = DType::i64;
  return {
      {"add", {"Add", {}}, {m, {1, 5}}},
      {"sub", {"Sub", {}}, {m, {3, 1}}},
      {"neg", {"Neg", {}}, {m}},
      {"mult", {"Mult", {}}, {m, m}},
      {"mult_broadcast", {"Mult", {}}, {{2, 1, 3}, {1, 4, 3}}},
      {"pow2", {"Pow", {{"exponent", std::int64_t{2}}}}, {m}},
      {"pow3", {"Pow", {{"exponent", std::int64_t{3}}}}, {m}, -3, 3, 0.1},
      {"pow5", {"Pow", {{"exponent", std::int64_t{5}}}}, {m}, -2, 2, 0.2},
      {"abs", {"Abs", {}}, {m}},
      {"sign", {"Sign", {}}, {m}},
      {"sum", {"Sum", {{"axes", Ints{1}}}}, {{2, 3, 4}}},
      {"sum_two_axes", {"Sum", {{"axes", Ints{0, 2}}}}, {{2, 3, 4}}},
      {"prod", {"Prod", {{"axes", Ints{1}}}}, {{3, 3}}, -2, 2, 0.2},
      {"mean_of_squares", {"MeanOfSquares", {{"axes", Ints{1}}}}, {m}},
      {"reduce_max", {"ReduceMax", {{"axes", Ints{1}}}}, {m}},
      {"reduce_max_outer_axes", {"ReduceMax", {{"axes", Ints{0, 2}}}}, {{2, 3, 2}}},
      {"reduce_min", {"ReduceMin", {{"axes", Ints{0}}}}, {m}},
      {"matmul", {"Einsum", {{"equation", std::string("ij,jk->ik")}}}, {{3, 4}, {4, 2}}, -3, 3, 0.05},
      {"matmul_transposed",
       {"Einsum", {{"equation", std::string("bij,bkj->bki")}}},
       {{2, 3, 4}, {2, 2, 4}},
       -3,
       3,
       0.05},
      {"einsum_one", {"Einsum", {{"equation", std::string("iji->j")}}}, {{3, 2, 3}}},
      {"einsum_three", {"Einsum", {{"equation", std::string("ij,jk,k->i")}}}, {{2, 3}, {3, 4}, {4}}, -1, 1, 0.1},
      {"conv", {"Conv", {{"strides", Ints{1, 1}}, {"pads", Ints{1, 0, 1, 2}}}}, {image, {3, 4, 3, 2}, {3}}, -1, 1, 0.1},
      {"conv_strided_dilated",
       {"Conv", {{"strides", Ints{2, 1}}, {"dilations", Ints{1, 2}}}},
       {image, {2, 4, 2, 2}},
       -1,
       1,
       0.1},
      {"conv_grouped",
       {"Conv", {{"group", std::int64_t{2}}, {"pads", Ints{1, 1, 1, 1}}}},
       {image, {6, 2, 3, 3}},
       -1,
       1,
       0.1},
      {"conv_depthwise_1d", {"Conv", {{"group", std::int64_t{3}}}}, {{2, 3, 8}, {3, 1, 3}, {1}}, -1, 1, 0.1},
      {"deconv",
       {"DeConv", {{"strides", Ints{2, 3}}, {"pads", Ints{1, 0, 0, 1}}, {"output_padding", Ints{1, 0}}}},
       {{1, 4, 3, 3}, {4, 2, 3, 4}, {2}},
       -1,
       1,
       0.1},
      {"deconv_sparse", {"DeConv", {{"strides", Ints{3}}}}, {{1, 2, 4}, {2, 3, 2}}, -1, 1, 0.1},
      {"deconv_grouped_dilated",
       {"DeConv", {{"group", std::int64_t{2}}, {"strides", Ints{2}}, {"dilations", Ints{3}}}},
       {{2, 4, 5}, {4, 2, 3}},
       -1,
       1,
       0.1},
      {"sum_pool", {"SumPool", {{"kernel", Ints{2, 3}}, {"strides", Ints{2, 1}}, {"pads", Ints{1, 1, 0, 1}}}}, {image}},
      {"average_pool",
       {"SumPool", {{"kernel", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"normalized", std::int64_t{1}}}},
       {image}},
      {"average_pool_without_pad",
       {"SumPool",
        {{"kernel", Ints{3, 3}},
         {"pads", Ints{1, 1, 1, 1}},
         {"normalized", std::int64_t{1}},
         {"count_include_pad", std::int64_t{0}}}},
       {image}},
      {"max_pool", {"MaxPool", {{"kernel", Ints{2, 2}}, {"strides", Ints{2, 2}}}}, {image}},
      {"max_pool_padded",
       {"MaxPool", {{"kernel", Ints{3, 2}}, {"strides", Ints{2, 1}}, {"pads", Ints{1, 1, 1, 0}}}},
       {image},
       -5,
       -1},
      {"max_pool_published",
       {"MaxPool", {{"kernel", Ints{3, 2}}, {"strides", Ints{2, 1}}, {"pads", Ints{1, 1, 1, 0}}}},
       {image},
       -5,
       -1,
       0.02,
       DType::f32,
       Semantics::published},
      {"relu", {"LeakyReLU", {{"slope", 0.0}}}, {m}},
      {"leaky_relu", {"LeakyReLU", {{"slope", 0.125}}}, {m}},
      {"max", {"Max", {}}, {m, {1, 1}}},
      {"min", {"Min", {}}, {m, m}},
      {"greater", {"Greater", {}}, {m, m}, -2, 2, 0, whole},
      {"less", {"Less", {}}, {m, m}, -2, 2, 0, whole},
      {"greater_equal", {"GreaterEqual", {}}, {m, m}, -2, 2, 0, whole},
      {"less_equal", {"LessEqual", {}}, {m, {1, 5}}, -2, 2, 0, whole},
      {"equals", {"Equals", {}}, {m, m}, -2, 2, 0, whole},
      {"and", {"And", {}}, {m, m}, 0, 1, 0, boolean},
      {"or", {"Or", {}}, {m, m}, 0, 1, 0, boolean},
      {"xor", {"Xor", {}}, {m, m}, 0, 1, 0, boolean},
      {"not", {"Not", {}}, {m}, 0, 1, 0, boolean},
      {"iff", {"Iff", {}}, {m, {3, 1}, {1, 5}}, 0, 1, 0, boolean},
      {"floor", {"Floor", {}}, {m}},
      {"ceil", {"Ceil", {}}, {m}},
      {"round", {"Round", {}}, {m}},
      {"round_half_to_even", {"RoundHalfToEven", {}}, {m}},
      {"cast_int", {"CastInt", {}}, {m}, -9, 9},
      {"div", {"Div", {{"denom", 3.0}}}, {m}},
      {"div_negative", {"Div", {{"denom", -4.0}}}, {m}},
      {"div_by_table", {"Div", {{"denom", 2.5}}}, {m}},
      {"int_div", {"IntDiv", {}}, {m, {3, 1}}, 1, 40, 0, whole},
      {"mod", {"Mod", {}}, {m, {3, 1}}, 1, 40, 0, whole},
      {"fmod", {"FMod", {}}, {m, {3, 1}}, 1, 40, 0, whole},
      {"exp", {"Exp", {{"base", 2.7182817459106445}}}, {m}},
      {"exp2", {"Exp", {{"base", 2.0}}}, {m}},
      {"table_pow", {"TablePow", {{"a", 1.5}}}, {m}, 0.1, 3},
      {"ln", {"Ln", {}}, {m}, 0.1, 3},
      {"sigmoid", {"Sigmoid", {}}, {m}},
      {"hard_swish", {"HardSwish", {}}, {m}, -5, 5},
      {"tanh", {"Tanh", {}}, {m}},
      {"erf", {"Erf", {}}, {m}},
      {"sin", {"Sin", {}}, {m}},
      {"cos", {"Cos", {}}, {m}},
      {"tan", {"Tan", {}}, {m}, -1, 1},
      {"asin", {"ASin", {}}, {m}, -0.9, 0.9},
      {"acos", {"ACos", {}}, {m}, -0.9, 0.9},
      {"atan", {"ATan", {}}, {m}},
      {"sinh", {"Sinh", {}}, {m}},
      {"cosh", {"Cosh", {}}, {m}},
      {"asinh", {"ASinh", {}}, {m}},
      {"acosh", {"ACosh", {}}, {m}, 1.2, 3},
      {"atanh", {"ATanh", {}}, {m}, -0.9, 0.9},
      {"recip", {"Recip", {}}, {m}, 0.5, 3},
      {"recip_negative", {"Recip", {}}, {m}, -3, -0.5},
      {"sqrt", {"Sqrt", {}}, {m}, 0.1, 9},
      {"rsqrt", {"Rsqrt", {}}, {m}, 0.5, 9},
      {"standardize", {"Standardize", {{"axes", Ints{1}}, {"epsilon", 1e-5}}}, {m}},
      {"standardize_outer_axes", {"Standardize", {{"axes", Ints{0, 2}}, {"epsilon", 0.0}}}, {{2, 3, 2}}, 1, 3},
      {"standardize_steps", {"Standardize", {{"axes", Ints{1}}, {"epsilon", 1e-12}}}, {m}, -0.002, 0.002},
      {"softmax", {"Softmax", {{"axes", Ints{1}}}}, {m}},
      {"softmax_outer_axes", {"Softmax", {{"axes", Ints{0, 1}}}}, {{2, 3, 2}}},
  };
}

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
