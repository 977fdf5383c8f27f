// Every pass comes to rest on every operator: no rule matches what it, or another of its pass, makes.
#include <gtest/gtest.h>

#include "ezkl/error.hpp"
#include "graph/frontend/converter.hpp"
#include "graph/passes/rules.hpp"
#include "node_seeds.hpp"

namespace ezkl {
namespace {

TEST(Fixpoint, EveryPassComesToRest) {
  std::size_t looked_at = 0;
  for (const testing::Seed& seed : testing::node_seeds()) {
    const std::string& kind = seed.model.graph.nodes.front().op_type;
    const RunArgs args;
    Graph graph;
    try {
      graph = Converter(seed.model, args).convert_model();
    } catch (const Error&) {
      continue;
    }
    ++looked_at;
    for (const auto rules : {neutral_rules, convolution_rules, mean_rules, selection_rules}) {
      constexpr int enough = 8;
      bool changed = true;
      for (int sweep = 0; changed && sweep <= enough; ++sweep) {
        graph = remove_dead_nodes(Rewriter(graph, args, seed.model.budget).run(rules(), changed));
      }
      EXPECT_FALSE(changed) << kind;
    }
  }
  EXPECT_GT(looked_at, 150u);
}

}  // namespace
}  // namespace ezkl
