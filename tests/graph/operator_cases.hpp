#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "ezkl/run_args.hpp"
#include "graph/op_spec.hpp"
#include "tensor/float_tensor.hpp"

/// Operators with operands small enough to be tampered with everywhere.
namespace ezkl::testing {

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

inline std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

inline const Shape image{1, 4, 7, 6};

/// The arithmetic families: every operand is drawn from [lo, hi].
inline std::vector<Case> cases() {
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
      {"chain",
       {"Chain",
        {{"steps", Ints{24, 0, 3, 0, 1}},  // x·sigmoid(x)
         {"numbers", std::vector<double>{0, 0}},
         {"reach", std::int64_t{800}}}},
       {m}},
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
      {"quotient", {"Quotient", {}}, {m, {3, 1}}, 0.5, 3},
      {"quotient_negative", {"Quotient", {}}, {m, m}, -3, -0.5},
      {"masked", {"Masked", {{"side", std::int64_t{-1}}}}, {m, m}, 1, 1, 0, boolean},
      {"sqrt", {"Sqrt", {}}, {m}, 0.1, 9},
      {"rsqrt", {"Rsqrt", {}}, {m}, 0.5, 9},
      {"standardize", {"Standardize", {{"axes", Ints{1}}, {"epsilon", 1e-5}}}, {m}},
      {"standardize_outer_axes", {"Standardize", {{"axes", Ints{0, 2}}, {"epsilon", 0.0}}}, {{2, 3, 2}}, 1, 3},
      {"standardize_steps", {"Standardize", {{"axes", Ints{1}}, {"epsilon", 1e-12}}}, {m}, -0.002, 0.002},
      {"softmax", {"Softmax", {{"axes", Ints{1}}}}, {m}},
      {"softmax_outer_axes", {"Softmax", {{"axes", Ints{0, 1}}}}, {{2, 3, 2}}},
  };
}

}  // namespace ezkl::testing
