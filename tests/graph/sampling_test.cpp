// Operators that read or write at computed places. Expected numbers: PyTorch for GridSample, the reference evaluator of
// the PyPI package onnx for the others.
#include <gtest/gtest.h>

#include "converter_harness.hpp"

namespace ezkl::testing_onnx {
namespace {

const FloatTensor& image() {
  static const FloatTensor x = floats({1, 1, 3, 4}, {0.109375, 0.421875, -0.421875, 0.015625, 0.78125, 0.796875, -0.75,
                                                     -0.578125, -0.890625, -0.125, -0.9375, -0.09375});
  return x;
}

struct GridCase {
  std::string mode, padding;
  std::int64_t align;
  Reals want;
};

TEST(Sampling, GridSampleInEveryModeAndBeyondEveryBorder) {
  const FloatTensor grid =
      floats({1, 2, 2, 2}, {0.421875, -0.625, 0.5, 0.25, -1.328125, 0.171875, -0.671875, -0.234375});
  const std::vector<GridCase> cases = {
      {"linear", "zeros", 0, {-0.297699, -0.608398, 0, 0.563793}},
      {"linear", "border", 1, {-0.500046, -0.711914, 0.493896, 0.665716}},
      {"linear", "reflection", 0, {-0.297699, -0.608398, 0.382874, 0.563793}},
      {"linear", "reflection", 1, {-0.500046, -0.711914, 0.565033, 0.665716}},
      {"cubic", "zeros", 1, {-0.630892, -0.961462, 0.282129, 1.0369}},
      {"cubic", "border", 1, {-0.580345, -0.913427, 0.58274, 0.948521}},
      {"cubic", "reflection", 0, {-0.397672, -0.788665, 0.504286, 0.767539}},
      {"cubic", "reflection", 1, {-0.531503, -0.900704, 0.744163, 0.928909}},
      {"nearest", "reflection", 1, {-0.421875, -0.75, 0.78125, 0.78125}},
  };
  for (const GridCase& c : cases) {
    SCOPED_TRACE(c.mode + " " + c.padding);
    const Model model{"GridSample",
                      "",
                      {{"mode", text(c.mode)}, {"padding_mode", text(c.padding)}, {"align_corners", integer(c.align)}},
                      {image(), grid},
                      {},
                      1,
                      20};
    // Tampering takes long where sixteen pixels are read; they are read as in the other modes.
    expect_close(run(model, converter_args(), c.mode == "nearest" ? 1 : 0)[0], c.want, 0.02);
  }
}

TEST(Sampling, DeformConvReadsEveryTapAtItsOwnPlace) {
  const FloatTensor x =
      floats({1, 2, 3, 3}, {-0.4375, 0.390625, -0.125, -0.6875, 0.09375, 0.5625, -0.390625, -0.5625, -0.21875, 0.875,
                            0.953125, 0.34375, 0.8125, 0.6875, -0.25, -0.8125, 0.3125, 0.109375});
  const FloatTensor w =
      floats({2, 1, 2, 2}, {-0.28125, -0.546875, -0.1875, -0.0625, -0.46875, -0.421875, -0.078125, 0.71875});
  const FloatTensor offset =
      floats({1, 16, 2, 2},
             {0.140625,  -0.34375,  -0.359375, -0.078125, -0.46875,  -0.484375, 0.015625, -0.65625,  -0.03125, -0.21875,
              0.328125,  0.390625,  0.3125,    0.296875,  -0.203125, 0.265625,  -0.25,    0.109375,  -0.28125, -0.09375,
              -0.703125, -0.40625,  0.75,      -0.4375,   0.3125,    0.234375,  0.359375, -0.046875, 0.15625,  -0.6875,
              -0.6875,   -0.484375, -0.5625,   -0.640625, -0.59375,  0.078125,  -0.5,     0.71875,   0.296875, 0.0625,
              0.328125,  -0.375,    0.6875,    0.546875,  0.359375,  -0.03125,  0.546875, 0.390625,  0.25,     0.65625,
              0.21875,   -0.21875,  0.078125,  -0.484375, -0.5,      0.359375,  0.453125, 0.75,      0.5625,   0.0625,
              -0.65625,  -0.015625, 0.6875,    0.453125});
  const FloatTensor mask =
      floats({1, 8, 2, 2}, {0.21875,  0.171875, 0.078125, 0.890625, 0.640625, 0.140625, 0.421875, 0.046875,
                            0.203125, 0.734375, 0.65625,  0.484375, 0.28125,  0.65625,  0.953125, 0.4375,
                            0.0625,   0.0625,   0.078125, 0.953125, 0.546875, 0.84375,  0.171875, 0.265625,
                            0.6875,   0.890625, 0.34375,  0.0625,   0.859375, 0.296875, 0.734375, 0.15625});
  const Model model{"DeformConv",
                    "",
                    {{"group", integer(2)}, {"offset_group", integer(2)}, {"kernel_shape", integers({2, 2})}},
                    {x, offset, mask},
                    {{1, w}, {3, floats({2}, {-0.03125, -0.09375})}}};
  expect_close(run(model)[0], {-0.0858462, 0.00603942, 0.0980334, 0.11547, -0.121531, -0.181708, -0.090378, -0.354583},
               0.02);
}

Model roi_align(const std::string& mode, const std::string& coordinates, std::int64_t samples) {
  return {"RoiAlign",
          "",
          {{"mode", text(mode)},
           {"coordinate_transformation_mode", text(coordinates)},
           {"output_height", integer(2)},
           {"output_width", integer(2)},
           {"sampling_ratio", integer(samples)}},
          {floats({2, 1, 4, 5}, {0.390625, 0.6875,  0.453125, -0.28125, 0.453125,  -0.71875,  -0.375,   -0.15625,
                                 0.75,     -0.6875, 0.765625, 0.59375,  0.9375,    -0.265625, -0.59375, -0.515625,
                                 0.65625,  0.9375,  0.390625, -0.03125, -0.421875, 0.671875,  0.75,     -0.8125,
                                 -0.5625,  0.65625, 0.703125, -0.375,   -0.4375,   -0.140625, 0.078125, -0.8125,
                                 0.671875, 0.0625,  0.546875, -0.53125, 0.9375,    0.5,       -0.3125,  0.890625}),
           floats({2, 4}, {0.5, 0.25, 3.5, 2.5, -3, 1, 1, 3.5}), whole(DType::i64, {2}, {1, 0})},
          {}};
}

TEST(Sampling, RoiAlignAveragesOrTakesTheLargest) {
  expect_close(run(roi_align("avg", "half_pixel", 2))[0],
               {0.424377, 0.0743408, 0.15625, -0.0139771, 0, -0.290039, 0, 0.285156}, 0.01);
  expect_close(run(roi_align("avg", "output_half_pixel", 2))[0],
               {0.394547, -0.34613, -0.0705872, 0.136719, 0, 0.214355, 0, -0.0158691}, 0.01);
  expect_close(run(roi_align("max", "half_pixel", 2))[0],
               {0.569519, 0.635742, 0.519104, 0.422546, 0, 0.334961, 0, 0.717773}, 0.01);
  EXPECT_EQ(fault_of([] { run(roi_align("avg", "half_pixel", 0)); }), Fault::unsupported);
}

TEST(Sampling, MaxUnpoolPutsElementsBackAndPadsToAWantedShape) {
  Model model{"MaxUnpool",
              "",
              {{"kernel_shape", integers({2, 2})}, {"strides", integers({2, 2})}},
              {floats({1, 2, 1, 2}, {1, 2, 3, 4}), whole(DType::i64, {1, 2, 1, 2}, {5, 2, 8, 15})},
              {}};
  EXPECT_EQ(run(model)[0], (Reals{0, 0, 2, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 4}));
  model.constants[2] = whole(DType::i64, {4}, {1, 2, 3, 4});
  EXPECT_EQ(run(model)[0], (Reals{0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0}));
}

Model tensor_scatter(const std::string& mode) {
  return {"TensorScatter",
          "",
          {{"mode", text(mode)}},
          {floats({2, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8}), floats({2, 2, 1}, {10, 11, 12, 13}),
           whole(DType::i64, {2}, {1, 2})},
          {}};
}

TEST(Sampling, TensorScatterWritesARunIntoEachCache) {
  EXPECT_EQ(run(tensor_scatter("linear"))[0], (Reals{1, 10, 11, 4, 5, 6, 12, 13}));
  Model circular = tensor_scatter("circular");
  circular.inputs[2].data = {3, 0};
  EXPECT_EQ(run(circular)[0], (Reals{11, 2, 3, 10, 12, 13, 7, 8}));
  Model fixed = tensor_scatter("linear");
  fixed.constants[2] = fixed.inputs[2];
  fixed.inputs.pop_back();
  EXPECT_EQ(run(fixed)[0], (Reals{1, 10, 11, 4, 5, 6, 12, 13}));
}

TEST(Sampling, AHalfSpectrumGivesARealSignalOfEvenOrOddLength) {
  const FloatTensor half =
      floats({1, 5, 2}, {0.40625, 0.6875, -0.90625, -0.890625, 0.484375, -0.390625, 0.03125, -0.6875, 0.953125, 0});
  Model model{"DFT",
              "",
              {{"inverse", integer(1)}, {"onesided", integer(1)}},
              {half},
              {{1, whole(DType::i64, {}, {8})}, {2, whole(DType::i64, {}, {1})}},
              1,
              20};
  expect_close(run(model)[0], {0.0722656, 0.142544, 0.0996094, 0.278688, 0.509766, -0.0839507, -0.00195312, -0.61072});
  model.constants[1].data = {7};
  expect_close(run(model)[0], {-0.0535714, 0.250741, 0.0426177, 0.590276, 0.160968, -0.0495538, -0.535228});
}

TEST(Sampling, MelWeightsAreTrianglesOverTheSpectrum) {
  // The matrix is a constant; a spectrum of one bin at a time shows its rows.
  ModelDef def;
  def.opsets = {{"", 17}};
  NodeDef mel, product;
  mel.op_type = "MelWeightMatrix";
  mel.inputs = {"bands", "length", "rate", "low", "high"};
  mel.outputs = {"w"};
  product.op_type = "MatMul";
  product.inputs = {"x", "w"};
  product.outputs = {"y"};
  def.graph.nodes = {mel, product};
  def.graph.initializers = {{"bands", whole(DType::i64, {}, {4})},
                            {"length", whole(DType::i64, {}, {16})},
                            {"rate", whole(DType::i64, {}, {8192})},
                            {"low", floats({}, {0})},
                            {"high", floats({}, {4096})}};
  ValueDef x, y;
  x.name = "x";
  for (const std::int64_t extent : {9, 9}) x.shape.push_back({extent, ""});
  y.name = "y";
  def.graph.inputs = {x};
  def.graph.outputs = {y};
  const Graph graph = build_graph(def, converter_args());
  for (const Node& node : graph.nodes) {
    if (node.op.kind != "Constant") continue;
    Reals want(36, 0);
    want[0] = want[5] = want[10] = want[15] = 1;
    want[19] = 0.5;
    expect_close(node.constant->floats, want);
  }
}

TEST(Sampling, FlexAttentionSharesKeysAmongHeads) {
  const FloatTensor q =
      floats({1, 2, 2, 4}, {0.65625, -0.859375, -0.046875, -0.875, 0.765625, -0.109375, -0.859375, -0.84375, 0.078125,
                            -0.84375, -0.625, -0.125, 0, 0.171875, 0.234375, -0.25});
  const FloatTensor k = floats({1, 1, 3, 4}, {0.234375, -0.6875, -0.453125, 0.59375, -0.6875, -0.546875, -0.515625,
                                              -0.046875, -1, -0.9375, -0.078125, -0.671875});
  const FloatTensor v = floats({1, 1, 3, 2}, {0.359375, 0.59375, 0.15625, 0.390625, -0.21875, -0.90625});
  const Model model{"FlexAttention", "ai.onnx.preview", {}, {q, k, v}, {}};
  expect_close(run(model)[0], {0.069729, -0.0645127, 0.106898, 0.0451079, 0.0962238, 0.0157042, 0.0813601, -0.0203062},
               0.01);
}

}  // namespace
}  // namespace ezkl::testing_onnx
