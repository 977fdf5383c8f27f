#include <gtest/gtest.h>

#include "op_harness.hpp"

namespace ezkl::testing_ops {
namespace {

OpSpec scale_by(const Reals& factors, const Ints& shape, bool integer) {
  return {"ScaleBy", {{"factors", factors}, {"factor_shape", shape}, {"integer", std::int64_t(integer)}}};
}

TEST(ScaleBy, RoundsHalvesToEvenAmongIntegers) {
  expect_reference(scale_by({0.5}, {}, true), {{{6}, {-3, -2, -1, 1, 2, 3}}});
  expect_reference(scale_by({1.0 / 255}, {}, true), {{{4}, {-1000, 1000, 127, 128}}});
  expect_reference(scale_by({37}, {}, true), {{{2}, {-1000, 999}}});
}

TEST(ScaleBy, FactorsAreBroadcast) {
  Numbers numbers(11);
  expect_reference(scale_by({0.125, 3, -0.75}, {3}, true), {numbers.tensor({2, 3})});
  expect_reference(scale_by({0.125, 3}, {2, 1}, true), {numbers.tensor({2, 3})});
  EXPECT_EQ(fault_of([&] { expect_reference(scale_by({1, 2}, {2}, true), {numbers.tensor({2, 3})}); }), Fault::format);
}

TEST(ScaleBy, RealResultsHaveTheCommonScale) {
  // 100 / 2^3 · 0.01 = 0.125 at scale 7 is 16.
  EXPECT_EQ(run(scale_by({0.01}, {}, false), {{{1}, {100}, 3}}, harness_args(), 1000).values, (claims::Values{16}));
  EXPECT_EQ(run(scale_by({-1}, {}, false), {{{1}, {5}, 7}}, harness_args(), 1000).values, (claims::Values{-5}));
}

TEST(ScaleBy, HugeFactorsAreRefused) {
  EXPECT_EQ(fault_of([] { run(scale_by({1e30}, {}, true), {{{1}, {1}}}, harness_args(), 10); }), Fault::range);
}

}  // namespace
}  // namespace ezkl::testing_ops
