// Nodes of every ONNX operator, broken in every way that a file may break them: what comes out is a graph that can be
// used, or an error of the model's that names the node.
#include <gtest/gtest.h>

#include <exception>
#include <map>
#include <set>

#include "ezkl/error.hpp"
#include "graph/build_graph.hpp"
#include "graph/execute.hpp"
#include "graph/frontend/converter.hpp"
#include "graph/frontend/function_bodies.hpp"
#include "graph/record.hpp"
#include "node_seeds.hpp"

namespace ezkl {
namespace {

using testing::Mutation;
using testing::Seed;

RunArgs small_args() {
  RunArgs args;
  args.lookup_range = {-1000, 1000};
  args.decomp_legs = 3;
  return args;
}

const std::vector<Seed>& seeds() {
  static const std::vector<Seed> all = testing::node_seeds();
  return all;
}

std::size_t elements(const Graph& graph) {
  std::size_t out = 0;
  for (const Node& node : graph.nodes) out += volume(node.shape);
  return out;
}

/// Builds the model and does with its graph what settings, witness and accuracy report do.
void use(const ModelDef& model) {
  constexpr std::size_t few = 100000;
  const RunArgs args = small_args();
  const Graph graph = build_graph(model, args);
  if (elements(graph) > few) return;
  record(graph, args);
  std::vector<FloatTensor> zeros;
  for (const std::uint32_t input : graph.inputs) {
    const Node& node = graph.nodes[input];
    zeros.push_back({node.type, node.shape, std::vector<double>(volume(node.shape))});
  }
  execute(graph, zeros, args);
}

/// An error of the node, of a node in its subgraph, or of an output that it does not have.
bool names_the_place(const std::string& what) {
  for (const char* place : {"'broken'", "node 'next'", "node 'r'", "output 'more", "output 'out", "output 'y'"}) {
    if (what.find(place) != std::string::npos) return true;
  }
  return false;
}

class MalformedNode : public ::testing::TestWithParam<std::size_t> {};

TEST_P(MalformedNode, IsRefusedByName) {
  const Seed& seed = seeds()[GetParam()];
  const std::string& op = seed.model.graph.nodes[0].op_type;
  ASSERT_NO_THROW(use(seed.model)) << op;
  std::size_t refused = 0;
  for (const Mutation& mutation : testing::mutations(seed)) {
    try {
      use(mutation.second);
    } catch (const Error& e) {
      ++refused;
      const std::string what = e.what();
      EXPECT_NE(e.fault(), Fault::internal) << op << ", " << mutation.first << ": " << what;
      EXPECT_TRUE(names_the_place(what)) << op << ", " << mutation.first << ": " << what;
    } catch (const std::exception& e) {
      ADD_FAILURE() << op << ", " << mutation.first << ": " << e.what();
    }
  }
  EXPECT_GT(refused, 0u) << op;
}

INSTANTIATE_TEST_SUITE_P(Every, MalformedNode, ::testing::Range<std::size_t>(0, seeds().size()),
                         [](const auto& test) { return seeds()[test.param].model.graph.nodes[0].op_type; });

TEST(MalformedNode, EveryOperatorIsBroken) {
  std::set<std::string> covered;
  for (const Seed& seed : seeds()) covered.insert(seed.model.graph.nodes[0].op_type);
  for (const ConverterEntry* entry : all_converters()) {
    EXPECT_EQ(covered.count(std::string(entry->op_type)), 1u) << entry->op_type;
  }
  for (const FunctionDef& function : onnx_function_bodies()) EXPECT_EQ(covered.count(function.name), 1u);
}

}  // namespace
}  // namespace ezkl
