#include "circuit/einsum_plan.hpp"

#include <gtest/gtest.h>

#include "ezkl/error.hpp"

namespace ezkl {
namespace {

using Kind = EinsumStep::Kind;

TEST(EinsumPlan, MatrixProduct) {
  const auto plan = plan_einsum("mk,kn->mn", {{"m", 4}, {"k", 3}, {"n", 5}});
  EXPECT_EQ(plan.output, "mn");
  const std::vector<EinsumStep> expected = {
      {Kind::combination, 'm', 1, "k"}, {Kind::combination, 'n', 1, "k"}, {Kind::sum, 'k', 2, ""}};
  EXPECT_EQ(plan.steps, expected);
  // Output: 4 + 20; steps: 3 results of 4, 3 results of 5, one of 3.
  EXPECT_EQ(plan.cells, 4u + 20 + 12 + 15 + 3);
}

TEST(EinsumPlan, SharedOutputAxisIsMultipliedPairwiseFirst) {
  const auto plan = plan_einsum("bmk,bkn->bmn", {{"b", 2}, {"m", 3}, {"k", 4}, {"n", 5}});
  ASSERT_EQ(plan.steps.size(), 5u);
  EXPECT_EQ(plan.steps[0], (EinsumStep{Kind::pairwise, '\0', 2, "bkmn"}));
  EXPECT_EQ(plan.steps[1], (EinsumStep{Kind::combination, 'b', 1, "kmn"}));
  EXPECT_EQ(plan.steps[4], (EinsumStep{Kind::sum, 'k', 1, ""}));
}

TEST(EinsumPlan, AxesOfSizeOneDisappear) {
  const auto plan = plan_einsum("mk,kn->n", {{"m", 1}, {"k", 4}, {"n", 6}});
  EXPECT_EQ(plan.inputs, (std::vector<std::string>{"k", "kn"}));
  EXPECT_EQ(plan.output, "n");
}

TEST(EinsumPlan, OutputAxisWithoutSizeCountsAsOne) {
  EXPECT_EQ(plan_einsum("k,kn->mn", {{"k", 2}, {"n", 3}}).output, "n");
}

TEST(EinsumPlan, RefusesBadEquations) {
  EXPECT_THROW(plan_einsum("mk,kn", {{"m", 2}, {"k", 2}, {"n", 2}}), Error);
  EXPECT_THROW(plan_einsum("mk,kn->mn", {{"m", 2}, {"k", 2}}), Error);
  EXPECT_THROW(plan_einsum("mk,kn->mn", {{"m", 2}, {"k", 0}, {"n", 2}}), Error);
  const std::size_t huge = std::size_t{1} << 40;
  EXPECT_THROW(plan_einsum("mk,kn->mn", {{"m", huge}, {"k", huge}, {"n", huge}}), Error);
}

}  // namespace
}  // namespace ezkl
