#include <gtest/gtest.h>

#include "op_harness.hpp"

namespace ezkl::testing_ops {
namespace {

TEST(Bitwise, PairsOfAnySign) {
  Numbers numbers(8);
  for (const std::string kind : {"BitwiseAnd", "BitwiseOr", "BitwiseXor"}) {
    const Operand x = numbers.tensor({4, 3}, -100, 100);
    const Operand y = numbers.tensor({3}, -100, 100);
    const Outcome computed = expect_reference({kind, {}}, {x, y}, harness_args(), 100);
    EXPECT_EQ(expect_reference({kind, {}}, {x, fixed(y)}, harness_args(), 100).values, computed.values);
    EXPECT_EQ(expect_reference({kind, {}}, {fixed(x), y}, harness_args(), 100).values, computed.values);
    const Operand mask = fixed(numbers.tensor({3}, 0, 1000));
    expect_reference({kind, {}}, {x, mask}, harness_args(), 100);
    expect_reference({kind, {}}, {mask, x}, harness_args(), 127);
    expect_reference({kind, {}}, {fixed(numbers.tensor({1}, 300, 400)), x}, harness_args(), 100);
  }
}

TEST(Bitwise, NotDependsOnTheType) {
  const Operand x{{3}, {0, 5, 100}};
  const auto op = [](std::int64_t bits, std::int64_t sign) {
    return OpSpec{"BitwiseNot", {{"bits", bits}, {"signed", sign}}};
  };
  EXPECT_EQ(run(op(8, 0), {x}, harness_args(), 200).values, (claims::Values{255, 250, 155}));
  EXPECT_EQ(run(op(8, 1), {x}, harness_args(), 200).values, (claims::Values{-1, -6, -101}));
}

OpSpec shift(const std::string& direction, std::int64_t bits, bool sign = false) {
  return {"BitShift", {{"direction", direction}, {"bits", bits}, {"signed", std::int64_t(sign)}}};
}

TEST(BitShift, KnownAndComputedAmountsAgree) {
  Numbers numbers(9);
  const Operand x = numbers.tensor({6}, 0, 255);
  for (const std::string direction : {"left", "right"}) {
    const Operand amounts = numbers.tensor({6}, 0, 9);
    const Outcome computed = expect_reference(shift(direction, 8), {x, amounts}, harness_args(), 255);
    EXPECT_EQ(expect_reference(shift(direction, 8), {x, fixed(amounts)}, harness_args(), 255).values, computed.values);
    for (int amount : {0, 1, 3, 8}) {
      expect_reference(shift(direction, 8), {x, fixed({{1}, {amount}})}, harness_args(), 255);
    }
  }
}

TEST(BitShift, SignedNumbersKeepTheirSignOnTheRight) {
  Numbers numbers(10);
  const Operand x = numbers.tensor({12}, -128, 127);
  for (const std::string direction : {"left", "right"}) {
    const Operand amounts = numbers.tensor({12}, -2, 10);
    const Outcome computed = expect_reference(shift(direction, 8, true), {x, amounts}, harness_args(), 128);
    EXPECT_EQ(expect_reference(shift(direction, 8, true), {x, fixed(amounts)}, harness_args(), 128).values,
              computed.values);
  }
  EXPECT_EQ(run(shift("right", 8, true), {{{3}, {-8, 4, -1}}, fixed({{1}, {127}})}, harness_args(), 128).values,
            (claims::Values{-1, 0, -1}));
  EXPECT_EQ(run(shift("left", 8, true), {{{3}, {64, 1, -64}}, fixed({{3}, {1, 7, 1}})}, harness_args(), 128).values,
            (claims::Values{-128, -128, -128}));
}

TEST(BitShift, LeftLosesWhatLeavesTheType) {
  EXPECT_EQ(run(shift("left", 8), {{{2}, {129, 3}}, fixed({{1}, {1}})}, harness_args(), 255).values,
            (claims::Values{2, 6}));
}

TEST(Bitwise, NumbersWithFractionsAreRefused) {
  EXPECT_EQ(fault_of([] {
              run({"BitwiseAnd", {}}, {{{1}, {1}, 7}, {{1}, {1}}}, harness_args(), 100);
            }),
            Fault::unsupported);
  const OpSpec up = shift("up", 8);
  EXPECT_EQ(fault_of([&] { check_signature(op_entry(up.kind).signature, up, 2); }), Fault::format);
}

}  // namespace
}  // namespace ezkl::testing_ops
