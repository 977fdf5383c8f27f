#include <gtest/gtest.h>

#include "enumerate.hpp"
#include "graph/claims/sort.hpp"
#include "op_harness.hpp"

namespace ezkl::testing_ops {
namespace {

OpSpec top(const std::string& kind, std::int64_t k, std::int64_t axis, std::int64_t largest) {
  return {kind, {{"k", k}, {"axis", axis}, {"largest", largest}}};
}

TEST(Sort, OnlyTheOrderedLineIsAccepted) {
  RunArgs args;
  args.decomp_base = 4;
  args.decomp_legs = 2;
  for (const claims::Order order : {claims::Order::ascending, claims::Order::descending}) {
    const claims::Record record =
        claims::record_of(args, {{1, 3}}, {0, 2}, [&](claims::Writer& w, std::span<const claims::Tensor> in) {
          const claims::Sorted sorted = claims::sort(w, in[0], order, true);
          const claims::Tensor parts[] = {sorted.values, sorted.indices};
          return w.remap({6}, parts, {0, 1, 2, 3, 4, 5}, {});
        });
    for (int a = 0; a < 3; ++a) {
      for (int b = 0; b < 3; ++b) {
        const claims::Values x{a, b, 1};
        claims::Evaluation evaluation(record, {x}, {true, true});
        evaluation.run();
        EXPECT_EQ(claims::Enumeration(record, {x}).accepted(), (std::set<claims::Values>{evaluation.outputs()[0]}));
      }
    }
  }
}

TEST(Sort, WithoutTieRuleTheValuesAreStillUnique) {
  RunArgs args;
  args.decomp_base = 4;
  args.decomp_legs = 2;
  const claims::Record record =
      claims::record_of(args, {{1, 3}}, {0, 2}, [&](claims::Writer& w, std::span<const claims::Tensor> in) {
        return claims::sort(w, in[0], claims::Order::ascending, false).values;
      });
  EXPECT_EQ(claims::Enumeration(record, {{2, 1, 1}}).accepted(), (std::set<claims::Values>{{1, 1, 2}}));
}

TEST(TopK, ValuesAndIndicesAlongEveryAxis) {
  Numbers numbers(6);
  for (const std::string kind : {"TopK", "TopKIndex"}) {
    for (std::int64_t axis : {0, 1, 2}) {
      for (std::int64_t largest : {0, 1}) {
        expect_reference(top(kind, 2, axis, largest), {numbers.tensor({3, 4, 2}, -3, 3)});
      }
    }
    expect_reference(top(kind, 1, 0, 1), {numbers.tensor({1})});
    EXPECT_EQ(fault_of([&] { expect_reference(top(kind, 4, 0, 1), {numbers.tensor({3})}); }), Fault::format);
  }
}

TEST(TopK, EqualValuesKeepTheirOrder) {
  EXPECT_EQ(expect_reference(top("TopKIndex", 3, 0, 1), {{{4}, {3, 5, 5, 3}}}).values, (claims::Values{1, 2, 0}));
  EXPECT_EQ(expect_reference(top("TopKIndex", 3, 0, 0), {{{4}, {3, 5, 3, 5}}}).values, (claims::Values{0, 2, 1}));
}

TEST(TopK, NeighboursFurtherApartThanTheDecompositionAreRefused) {
  const Int128 far = 64 * 64 * 64;
  EXPECT_EQ(fault_of([&] { run(top("TopK", 1, 0, 1), {{{2}, {-far, far}}}, harness_args(), far); }), Fault::range);
}

TEST(ArgMax, FirstOrLastOfEqualExtremes) {
  Numbers numbers(7);
  for (const std::string kind : {"ReduceArgMax", "ReduceArgMin"}) {
    for (std::int64_t axis : {0, 1}) {
      for (std::int64_t last : {0, 1}) {
        expect_reference({kind, {{"axis", axis}, {"select_last", last}}}, {numbers.tensor({3, 4}, -2, 2)});
      }
    }
  }
  EXPECT_EQ(expect_reference({"ReduceArgMax", {{"axis", std::int64_t(0)}}}, {{{3}, {3, 3, 1}}}).values[0], 0);
  EXPECT_EQ(expect_reference({"ReduceArgMax", {{"axis", std::int64_t(0)}, {"select_last", std::int64_t(1)}}},
                             {{{3}, {3, 3, 1}}})
                .values[0],
            1);
}

OpSpec one_hot(std::int64_t depth, std::int64_t axis) { return {"OneHot", {{"depth", depth}, {"axis", axis}}}; }

TEST(OneHot, NegativeIndicesCountBackAndOthersAreZeros) {
  const Outcome outcome = expect_reference(one_hot(3, 1), {{{4}, {0, -1, 3, -4}}});
  EXPECT_EQ(outcome.values, (claims::Values{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
  expect_reference(one_hot(3, 0), {{{2, 2}, {0, -1, 3, 2}}});
}

TEST(OneHot, PublishedWantsAnIndexWithin) {
  const RunArgs args = harness_args(Semantics::published);
  EXPECT_EQ(expect_reference(one_hot(3, 1), {{{2}, {2, 0}}}, args).values, (claims::Values{0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(fault_of([&] { run(one_hot(3, 1), {{{1}, {3}}}, args, 1000); }), Fault::range);
}

}  // namespace
}  // namespace ezkl::testing_ops
