#include <gtest/gtest.h>

#include "op_harness.hpp"

namespace ezkl::testing_ops {
namespace {

OpSpec with_axis(const std::string& kind, std::int64_t axis) { return {kind, {{"axis", axis}}}; }

TEST(Gather, KnownAndComputedIndicesAgree) {
  Numbers numbers(2);
  for (std::int64_t axis : {0, 1, 2}) {
    const Shape shape{3, 4, 2};
    const Operand data = numbers.tensor(shape);
    const int extent = int(shape[std::size_t(axis)]);
    const Operand index = numbers.tensor({2, 2}, -extent, extent - 1);
    const Outcome computed = expect_reference(with_axis("Gather", axis), {data, index});
    EXPECT_EQ(expect_reference(with_axis("Gather", axis), {data, fixed(index)}).values, computed.values);
    OpSpec absorbed = with_axis("Gather", axis);
    absorbed.attributes["indices"] = Ints(index.values.begin(), index.values.end());
    absorbed.attributes["indices_shape"] = Ints{2, 2};
    EXPECT_EQ(expect_reference(absorbed, {data}).values, computed.values);
  }
}

TEST(Gather, ScalarIndexDropsTheAxis) {
  const OpSpec op{"Gather", {{"axis", std::int64_t(0)}, {"indices", Ints{1}}, {"indices_shape", Ints{}}}};
  EXPECT_EQ(expect_reference(op, {{{3, 2}, {1, 2, 3, 4, 5, 6}}}).shape, (Shape{2}));
}

TEST(Gather, IndexOutsideTheAxisIsRefused) {
  const Operand data{{3, 2}, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(fault_of([&] { expect_reference(with_axis("Gather", 1), {data, fixed({{1}, {2}})}); }), Fault::format);
  EXPECT_EQ(fault_of([&] { run(with_axis("Gather", 1), {data, {{1}, {2}}}, harness_args(), 1000); }), Fault::range);
  EXPECT_EQ(fault_of([&] { run(with_axis("Gather", 1), {data, {{1}, {-3}}}, harness_args(), 1000); }), Fault::range);
  EXPECT_EQ(fault_of([&] {
              run(with_axis("Gather", 1), {data, {{1}, {0}, 7}}, harness_args(), 1000);
            }),
            Fault::unsupported);
}

/// 2^63 - 1 is 2^63 as a real number, of which no 64-bit integer is made by chance.
TEST(Gather, TheLargestIndexIsOutsideTheAxis) {
  const OpSpec op = with_axis("Gather", 0);
  const std::vector<Shape> shapes{{3}, {1}};
  const std::vector<int> scales(2, 0);
  const RunArgs args = harness_args();
  const std::vector<FloatTensor> in{{DType::f32, {3}, {1, 2, 3}}, {DType::i64, {1}, {0x1p63}}};
  try {
    op_entry("Gather").reference({op, shapes, scales, args, Semantics::onnx, "gather"}, in);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::format);
    EXPECT_NE(std::string(e.what()).find("index 9223372036854775807 is outside"), std::string::npos) << e.what();
  }
}

TEST(Gather, PublishedNegativeIndices) {
  const RunArgs args = harness_args(Semantics::published);
  const Operand data{{3}, {10, 20, 30}};
  EXPECT_EQ(run(with_axis("Gather", 0), {data, fixed({{2}, {-1, -2}})}, args, 1000).values, (claims::Values{30, 10}));
  EXPECT_EQ(run(with_axis("GatherElements", 0), {data, fixed({{2}, {-1, -2}})}, args, 1000).values,
            (claims::Values{10, 10}));
  EXPECT_EQ(fault_of([&] { run(with_axis("Gather", 0), {data, {{1}, {-1}}}, args, 1000); }), Fault::range);
}

TEST(GatherElements, KnownAndComputedIndicesAgree) {
  Numbers numbers(3);
  for (std::int64_t axis : {0, 1}) {
    const Operand data = numbers.tensor({3, 4});
    const Operand index = numbers.tensor({2, 3}, axis == 0 ? -3 : -4, 2);
    const Outcome computed = expect_reference(with_axis("GatherElements", axis), {data, index});
    EXPECT_EQ(expect_reference(with_axis("GatherElements", axis), {data, fixed(index)}).values, computed.values);
  }
}

TEST(GatherND, KnownAndComputedIndicesAgree) {
  Numbers numbers(4);
  const auto op = [](std::int64_t batch) { return OpSpec{"GatherND", {{"batch_dims", batch}}}; };
  const Operand data = numbers.tensor({2, 3, 4});
  for (const Shape& shape : {Shape{5, 1}, Shape{2, 2}, Shape{2, 2, 3}}) {
    const Operand index = numbers.tensor(shape, -2, 1);
    const Outcome computed = expect_reference(op(0), {data, index});
    EXPECT_EQ(expect_reference(op(0), {data, fixed(index)}).values, computed.values);
  }
  const Operand index = numbers.tensor({2, 3, 1}, -3, 2);
  EXPECT_EQ(expect_reference(op(1), {data, index}).values, expect_reference(op(1), {data, fixed(index)}).values);
}

TEST(GatherND, IndexPastOneAxisDoesNotReachTheNextLine) {
  // Flat position 3 exists, but (0, 3) is outside the second axis.
  const OpSpec op{"GatherND", {{"batch_dims", std::int64_t(0)}}};
  const Operand data{{2, 3}, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(fault_of([&] { run(op, {data, {{1, 2}, {0, 3}}}, harness_args(), 1000); }), Fault::range);
}

TEST(ScatterElements, KnownAndComputedIndicesAgree) {
  const Operand data{{2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}};
  const Operand index{{2, 2}, {3, 0, 1, -2}};
  const Operand updates{{2, 2}, {10, 20, 30, 40}};
  const Outcome computed = expect_reference(with_axis("ScatterElements", 1), {data, index, updates});
  EXPECT_EQ(computed.values, (claims::Values{20, 2, 3, 10, 5, 30, 40, 8}));
  EXPECT_EQ(expect_reference(with_axis("ScatterElements", 1), {data, fixed(index), updates}).values, computed.values);
}

TEST(ScatterElements, LinesWithoutIndicesStay) {
  const Operand data{{2, 3}, {1, 2, 3, 4, 5, 6}};
  const Operand index{{1, 2}, {1, 0}};
  const Operand updates{{1, 2}, {10, 20}};
  for (std::int64_t axis : {0, 1}) {
    const Outcome computed = expect_reference(with_axis("ScatterElements", axis), {data, index, updates});
    EXPECT_EQ(expect_reference(with_axis("ScatterElements", axis), {data, fixed(index), updates}).values,
              computed.values);
  }
}

TEST(ScatterElements, DuplicateIndicesAreRefused) {
  const Operand data{{4}, {1, 2, 3, 4}};
  const Operand updates{{2}, {10, 20}};
  EXPECT_EQ(fault_of([&] {
              run(with_axis("ScatterElements", 0), {data, {{2}, {1, 1}}, updates}, harness_args(), 99);
            }),
            Fault::range);
  EXPECT_EQ(fault_of([&] {
              run(with_axis("ScatterElements", 0), {data, {{2}, {1, 4}}, updates}, harness_args(), 99);
            }),
            Fault::range);
  const Operand many{{5}, {0, 1, 2, 3, 0}};
  EXPECT_EQ(fault_of([&] {
              run(with_axis("ScatterElements", 0), {data, many, many}, harness_args(), 99);
            }),
            Fault::format);
}

TEST(ScatterElements, ReductionsMeetEveryDuplicate) {
  const Operand data{{4}, {5, -2, 3, 4}};
  const Operand index{{5}, {1, 3, 1, 1, 0}};
  const Operand updates{{5}, {3, -4, 2, -7, 6}};
  for (const std::string reduction : {"add", "mul", "max", "min"}) {
    OpSpec op = with_axis("ScatterElements", 0);
    op.attributes["reduction"] = reduction;
    const Outcome known = expect_reference(op, {data, fixed(index), updates});
    EXPECT_EQ(expect_reference(op, {data, index, updates}, harness_args(), 50).values, known.values) << reduction;
  }
}

TEST(ScatterElements, ProductsKeepTheScale) {
  OpSpec op = with_axis("ScatterElements", 0);
  op.attributes["reduction"] = std::string("mul");
  const Outcome outcome = run(op, {{{2}, {128, 64}, 7}, fixed({{1}, {1}}), {{1}, {192}, 7}}, harness_args(), 1000);
  EXPECT_EQ(outcome.values, (claims::Values{128, 96}));
  const Outcome computed = run(op, {{{2}, {128, 64}, 7}, {{1}, {1}}, {{1}, {192}, 7}}, harness_args(), 1000);
  EXPECT_EQ(computed.values, outcome.values);
}

TEST(ScatterND, KnownAndComputedIndicesAgree) {
  Numbers numbers(5);
  const Operand data = numbers.tensor({3, 2, 2});
  struct Case {
    Operand index;
    Shape updates;
  };
  for (const Case& c : {Case{{{2, 1}, {2, 0}}, {2, 2, 2}}, Case{{{2, 2}, {2, 1, -3, 0}}, {2, 2}},
                        Case{{{1, 2, 3}, {0, 1, 1, 2, 0, -1}}, {1, 2}}}) {
    const Operand updates = numbers.tensor(c.updates);
    const OpSpec op{"ScatterND", {}};
    const Outcome computed = expect_reference(op, {data, c.index, updates});
    EXPECT_EQ(expect_reference(op, {data, fixed(c.index), updates}).values, computed.values);
    const OpSpec adding{"ScatterND", {{"reduction", std::string("add")}}};
    EXPECT_EQ(expect_reference(adding, {data, c.index, updates}).values,
              expect_reference(adding, {data, fixed(c.index), updates}).values);
  }
}

TEST(Scatter, PublishedLeavesScalesOfKnownIndicesApart) {
  const RunArgs args = harness_args();
  const OpSpec op{"ScatterElements", {{"axis", std::int64_t(0)}, {"indices", Ints{1}}, {"indices_shape", Ints{1}}}};
  const std::vector<Shape> shapes{{2}, {1}};
  const std::vector<int> scales{7, 8};
  const OpEntry& scatter = entry(ops::scatter_ops(), "ScatterElements");
  const OpContext onnx{op, shapes, scales, args, Semantics::onnx, "node"};
  const OpContext published{op, shapes, scales, args, Semantics::published, "node"};
  EXPECT_EQ(scatter.homogeneous(onnx), (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(scatter.homogeneous(published).empty());
}

}  // namespace
}  // namespace ezkl::testing_ops
