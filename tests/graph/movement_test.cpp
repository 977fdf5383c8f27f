#include <gtest/gtest.h>

#include "op_harness.hpp"

namespace ezkl::testing_ops {
namespace {

claims::Values counted(std::size_t n) {
  claims::Values values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(Int128(i));
  return values;
}

claims::Values moved(const OpSpec& op, const Shape& shape, Semantics semantics = Semantics::onnx) {
  return expect_reference(op, {{shape, counted(volume(shape))}}, harness_args(semantics)).values;
}

TEST(Movement, TransposeReadsAxisPermOfTheInput) {
  EXPECT_EQ(moved({"Transpose", {{"perm", Ints{1, 0}}}}, {2, 3}), (claims::Values{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(moved({"Transpose", {{"perm", Ints{2, 0, 1}}}}, {1, 2, 3}), (claims::Values{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(fault_of([] { moved({"Transpose", {{"perm", Ints{0, 0}}}}, {2, 3}); }), Fault::format);
}

TEST(Movement, ReshapeKeepsTheOrder) {
  EXPECT_EQ(moved({"Reshape", {{"shape", Ints{3, 2}}}}, {2, 3}), counted(6));
  EXPECT_EQ(fault_of([] { moved({"Reshape", {{"shape", Ints{4}}}}, {2, 3}); }), Fault::format);
}

TEST(Movement, BroadcastAlignsOnTheRight) {
  EXPECT_EQ(moved({"MultiBroadcastTo", {{"shape", Ints{2, 2, 3}}}}, {1, 3}),
            (claims::Values{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(moved({"MultiBroadcastTo", {{"shape", Ints{2, 3}}}}, {2, 1}), (claims::Values{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(fault_of([] { moved({"MultiBroadcastTo", {{"shape", Ints{2, 2}}}}, {1, 3}); }), Fault::format);
}

OpSpec slice(std::int64_t start, std::int64_t end, std::int64_t step) {
  return {"Slice", {{"starts", Ints{start}}, {"ends", Ints{end}}, {"steps", Ints{step}}, {"axes", Ints{1}}}};
}

TEST(Movement, SliceStepsBothWays) {
  EXPECT_EQ(moved(slice(1, 4, 1), {1, 5}), (claims::Values{1, 2, 3}));
  EXPECT_EQ(moved(slice(0, 5, 2), {1, 5}), (claims::Values{0, 2, 4}));
  EXPECT_EQ(moved(slice(4, -1, -1), {1, 5}), (claims::Values{4, 3, 2, 1, 0}));
  EXPECT_EQ(moved(slice(3, 0, -2), {1, 5}), (claims::Values{3, 1}));
  EXPECT_EQ(fault_of([] { moved(slice(5, 7, 1), {1, 5}); }), Fault::format);
  EXPECT_EQ(fault_of([] { moved(slice(0, 1, 0), {1, 5}); }), Fault::format);
}

TEST(Movement, TileAndResizeRepeatInOppositeOrder) {
  EXPECT_EQ(moved({"Tile", {{"repeats", Ints{1, 2}}}}, {2, 2}), (claims::Values{0, 1, 0, 1, 2, 3, 2, 3}));
  EXPECT_EQ(moved({"Resize", {{"scales", Ints{1, 2}}}}, {2, 2}), (claims::Values{0, 0, 1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(moved({"Resize", {{"scales", Ints{2, 1}}}}, {2, 2}), (claims::Values{0, 1, 0, 1, 2, 3, 2, 3}));
}

TEST(Movement, ConcatJoinsAlongItsAxis) {
  const Outcome outcome = expect_reference({"Concat", {{"axis", std::int64_t(1)}}},
                                           {{{2, 1}, {1, 2}}, {{2, 2}, {3, 4, 5, 6}}, {{2, 1}, {7, 8}}});
  EXPECT_EQ(outcome.shape, (Shape{2, 4}));
  EXPECT_EQ(outcome.values, (claims::Values{1, 3, 4, 7, 2, 5, 6, 8}));
  EXPECT_EQ(fault_of([] {
              expect_reference({"Concat", {{"axis", std::int64_t(0)}}}, {{{2, 1}, {1, 2}}, {{2, 2}, {3, 4, 5, 6}}});
            }),
            Fault::format);
}

TEST(Movement, RemapTakesElementsAndConstants) {
  EXPECT_EQ(moved({"Remap", {{"shape", Ints{2, 2}}, {"map", Ints{2, 2, -1, 0}}}}, {3}), (claims::Values{2, 2, 0, 0}));
  EXPECT_EQ(moved({"Remap", {{"shape", Ints{3}}, {"map", Ints{-2, 1, -1}}, {"values", Reals{7, 9}}}}, {3}),
            (claims::Values{9, 1, 7}));
  EXPECT_EQ(fault_of([] { moved({"Remap", {{"shape", Ints{1}}, {"map", Ints{3}}}}, {3}); }), Fault::format);
  EXPECT_EQ(fault_of([] { moved({"Remap", {{"shape", Ints{1}}, {"map", Ints{-2}}}}, {3}); }), Fault::format);
}

TEST(Movement, ConstantsAreQuantizedAtTheInputsScale) {
  const OpSpec op{"Pad", {{"pads", Ints{1, 0}}, {"value", 0.5}}};
  EXPECT_EQ(run(op, {{{2}, {10, 20}, 7}}, harness_args(), 1000).values, (claims::Values{64, 10, 20}));
}

OpSpec pad(const Ints& pads, const std::string& mode) { return {"Pad", {{"pads", pads}, {"mode", mode}}}; }

TEST(Padding, EveryModeContinuesTheAxis) {
  EXPECT_EQ(moved(pad({2, 1}, "constant"), {3}), (claims::Values{0, 0, 0, 1, 2, 0}));
  EXPECT_EQ(moved(pad({2, 1}, "edge"), {3}), (claims::Values{0, 0, 0, 1, 2, 2}));
  EXPECT_EQ(moved(pad({2, 1}, "reflect"), {3}), (claims::Values{2, 1, 0, 1, 2, 1}));
  EXPECT_EQ(moved(pad({2, 1}, "wrap"), {3}), (claims::Values{1, 2, 0, 1, 2, 0}));
  EXPECT_EQ(moved(pad({-1, 1}, "constant"), {3}), (claims::Values{1, 2, 0}));
  EXPECT_EQ(moved(pad({0, 1, 1, 0}, "edge"), {2, 2}), (claims::Values{0, 0, 1, 2, 2, 3, 2, 2, 3}));
  EXPECT_EQ(fault_of([] { moved(pad({-4, 0}, "constant"), {3}); }), Fault::format);
  EXPECT_EQ(fault_of([] { moved(pad({1, 0}, "mirror"), {3}); }), Fault::format);
}

OpSpec trilu(std::int64_t k, bool upper) { return {"Trilu", {{"k", k}, {"upper", std::int64_t(upper)}}}; }

TEST(Padding, TriluKeepsOneTriangle) {
  EXPECT_EQ(moved(trilu(0, true), {2, 3}), (claims::Values{0, 1, 2, 0, 4, 5}));
  EXPECT_EQ(moved(trilu(1, true), {2, 3}), (claims::Values{0, 1, 2, 0, 0, 5}));
  EXPECT_EQ(moved(trilu(-1, false), {3, 2}), (claims::Values{0, 0, 2, 0, 4, 5}));
}

TEST(Padding, PublishedTriluLeavesMatricesAlone) {
  EXPECT_EQ(moved(trilu(0, true), {2, 3}, Semantics::published), counted(6));
  EXPECT_EQ(moved(trilu(0, true), {1, 2, 2}, Semantics::published), (claims::Values{0, 1, 0, 3}));
}

TEST(Movement, IdentityMovesThePointOnly) {
  const OpSpec op{"Identity", {{"shift", std::int64_t(3)}}};
  EXPECT_EQ(run(op, {{{2}, {8, -4}, 7}}, harness_args(), 1000).values, (claims::Values{8, -4}));
  const std::vector<Shape> shapes{{2}};
  const std::vector<int> scales{7};
  const RunArgs args = harness_args();
  const OpContext ctx{op, shapes, scales, args, Semantics::onnx, "node"};
  const OpEntry& identity = entry(ops::movement_ops(), "Identity");
  EXPECT_EQ(identity.natural_scale(ctx), 10);
  const std::vector<FloatTensor> in{{DType::f32, {2}, {8, -4}}};
  EXPECT_EQ(identity.reference(ctx, in).data, (Reals{1, -0.5}));
}

TEST(Scan, CumSumInEveryDirection) {
  Numbers numbers(1);
  for (std::int64_t axis : {0, 1, 2}) {
    for (std::int64_t exclusive : {0, 1}) {
      for (std::int64_t reverse : {0, 1}) {
        const OpSpec op{"CumSum", {{"axis", axis}, {"exclusive", exclusive}, {"reverse", reverse}}};
        expect_reference(op, {numbers.tensor({2, 3, 4})});
        expect_reference(op, {numbers.tensor({1, 1, 1})});
      }
    }
  }
  const OpSpec op{"CumSum", {{"axis", std::int64_t(0)}, {"exclusive", std::int64_t(1)}, {"reverse", std::int64_t(1)}}};
  EXPECT_EQ(expect_reference(op, {{{3}, {1, 2, 4}}}).values, (claims::Values{6, 4, 0}));
}

}  // namespace
}  // namespace ezkl::testing_ops
