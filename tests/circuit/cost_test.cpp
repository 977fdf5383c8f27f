// Predictions add up, and every target gets the settings that are smallest by its own measure.
#include <gtest/gtest.h>

#include "circuit/node_cost.hpp"
#include "circuit_bench.hpp"
#include "graph/claims/compound.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Writer;

/// Sixty tables and relus, each in a node of its own.
claims::Record two_nodes(const RunArgs& args) {
  claims::Recorder w(args);
  w.enter_node("input");
  const Tensor x = w.input({60}, {-15, 15}, true);
  w.bind(x, args.input_visibility, {claims::Slot::Group::input, 0});
  w.enter_node("squash");
  const Tensor y = w.table(x, {"Sigmoid", {{"scale", 16.0f}}});
  w.enter_node("double");
  const Tensor z = w.mul(y, y);
  w.enter_node("output");
  w.output(z);
  w.bind(z, args.output_visibility, {claims::Slot::Group::output, 0});
  return w.finish();
}

TEST(Cost, SharesOfNodesAddUpToTheWhole) {
  const RunArgs args = small_args(2);
  const auto record = two_nodes(args);
  const GraphSettings settings = own_settings(record, args);
  const ProvingCost whole = proving_cost(settings);
  EXPECT_GT(whole.lookups_s, 0);
  EXPECT_LT(whole.lookups_s, whole.seconds());
  const std::vector<NodeCost> nodes = node_costs(record, settings, whole);
  double seconds = 0;
  std::uint64_t rows = 0;
  const NodeCost* squash = nullptr;
  const NodeCost* product = nullptr;
  for (const NodeCost& node : nodes) {
    seconds += node.seconds;
    rows += node.rows;
    if (node.name == "squash") squash = &node;
    if (node.name == "double") product = &node;
  }
  EXPECT_NEAR(seconds, whole.seconds(), 1e-9 * whole.seconds());
  EXPECT_EQ(rows % ((std::size_t{1} << args.logrows) - 6), 0u);
  EXPECT_EQ(nodes.back().name, "(unused rows)");
  ASSERT_TRUE(squash != nullptr && product != nullptr);
  EXPECT_EQ(squash->lookups, 60u);
  EXPECT_EQ(squash->rows, 30u);
  EXPECT_EQ(squash->columns, 6u);
  EXPECT_EQ(product->lookups, 0u);
  EXPECT_EQ(product->rows, 30u);
}

TEST(Cost, EveryTargetIsBestByItsOwnMeasure) {
  RunArgs args = small_args(2);
  args.logrows = 17;
  args.lookup_range = {-30, 70};
  GraphSettings base;
  base.run_args = args;
  const std::size_t axes[] = {1};
  const auto record = model(args, {300, 5}, 15, [&](Writer& w, Tensor x) {
    return w.sum(claims::relu(w, w.add(w.table(x, {"Sigmoid", {{"scale", 16.0f}}}), x)), axes);
  });
  const ChoiceTarget targets[] = {ChoiceTarget::prove, ChoiceTarget::size, ChoiceTarget::gas, ChoiceTarget::memory};
  std::vector<ProvingCost> costs;
  for (const ChoiceTarget target : targets) {
    const GraphSettings settings = plan_settings(record, base, true, target);
    EXPECT_NO_THROW(check_room(record, settings));
    costs.push_back(proving_cost(settings));
  }
  for (std::size_t t = 0; t < costs.size(); ++t) {
    for (const ProvingCost& other : costs) EXPECT_LE(price(costs[t], targets[t]), price(other, targets[t])) << t;
  }
}

}  // namespace
}  // namespace ezkl
