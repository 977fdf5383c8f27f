// Whole quantized graphs of the published package (shared/vectors/ops): our claims must give every node the integers it
// has there. Skipped where the folder is absent.
#include <gtest/gtest.h>

#include "base/int128.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/checker.hpp"
#include "graph/record.hpp"
#include "published_graph.hpp"

namespace ezkl {
namespace {

/// Decomposition base and legs to use in place of a case's own; 0 keeps its own. They decide ranges, never values.
class PublishedVectors : public ::testing::TestWithParam<std::pair<std::size_t, std::size_t>> {};

TEST_P(PublishedVectors, EveryNodeOfEveryGraphHasTheSameIntegers) {
  const std::filesystem::path folder = std::filesystem::path(EZKL_SHARED) / "vectors" / "ops";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  std::size_t cases = 0, nodes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    PublishedCase published;
    if (!read_published_case(entry.path(), published)) continue;
    if (GetParam().first != 0 && published.args.decomp_legs < 5) {
      published.args.decomp_base = GetParam().first;
      published.args.decomp_legs = GetParam().second;
    }
    // Every node is an output here; the published package checks the range of real outputs only.
    published.args.ignore_range_check_inputs_outputs = true;
    for (std::uint32_t i = 0; i < published.graph.nodes.size(); ++i) {
      if (published.graph.nodes[i].op.kind != "Constant") published.graph.outputs.push_back(i);
    }
    try {
      const claims::Record record = ezkl::record(published.graph, published.args);
      claims::Evaluation evaluation(record, published.inputs, {true, true});
      evaluation.run();
      for (std::size_t k = 0; k < record.outputs.size(); ++k) {
        const std::uint32_t node = published.graph.outputs[k];
        EXPECT_EQ(evaluation.values(record.outputs[k]), published.values[node])
            << name << ", node " << node << " " << published.graph.nodes[node].op.kind;
        ++nodes;
      }
      const auto violations = claims::check_trace(record, evaluation.trace());
      EXPECT_TRUE(violations.empty()) << name << ": " << violations[0].message;
      if (GetParam().first == 0) {
        for (const claims::Forgery& forgery : claims::forge(record, evaluation.trace(), 2)) {
          EXPECT_FALSE(forgery.changes_outputs)
              << name << ": a hint of node '" << record.node_names[record.tensors[forgery.hint.id].node]
              << "', element " << forgery.element << ", may be " << to_string(forgery.to) << " in place of "
              << to_string(forgery.from);
        }
      }
      ++cases;
    } catch (const Error& e) {
      ADD_FAILURE() << name << ": " << e.what();
    }
  }
  EXPECT_GE(cases, 260U);
  EXPECT_GE(nodes, 700U);
}

INSTANTIATE_TEST_SUITE_P(Decomposition, PublishedVectors,
                         ::testing::Values(std::pair<std::size_t, std::size_t>{0, 0},
                                           std::pair<std::size_t, std::size_t>{16384, 5},
                                           std::pair<std::size_t, std::size_t>{128, 6},
                                           std::pair<std::size_t, std::size_t>{1000, 4}));

}  // namespace
}  // namespace ezkl
