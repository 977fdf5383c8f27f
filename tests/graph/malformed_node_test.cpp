// Nodes of every ONNX operator, broken in every way that a file may break them: what comes out is a graph that can be
// used, or an error of the model's that names the node.
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <set>
#include <utility>

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
  for (const char* place :
       {"'broken'", "node 'next'", "node 'r'", "output 'more", "output 'out", "output 'y'", "node 'output out"}) {
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

/// Two domains may have operators of one name.
std::string seed_name(const ::testing::TestParamInfo<std::size_t>& test) {
  const NodeDef& node = seeds()[test.param].model.graph.nodes[0];
  std::string name = node.domain.empty() ? node.op_type : node.domain + "_" + node.op_type;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Every, MalformedNode, ::testing::Range<std::size_t>(0, seeds().size()), seed_name);

/// Numbers at which 64-bit arithmetic wraps, or 32-bit arithmetic does.
constexpr std::int64_t extremes[] = {
    std::numeric_limits<std::int64_t>::min(),
    std::numeric_limits<std::int64_t>::min() + 1,
    -1,
    std::int64_t{1} << 31,
    std::int64_t{1} << 32,
    std::int64_t{1} << 62,
    std::numeric_limits<std::int64_t>::max(),
};

/// The seed's model once for each of its integers and each extreme: attributes, list elements, elements of constants.
template <class Visit>
void for_each_extreme(const Seed& seed, const Visit& visit) {
  for (const auto& [name, attribute] : seed.model.graph.nodes[0].attributes) {
    for (const std::int64_t extreme : extremes) {
      ModelDef model = seed.model;
      AttributeDef& changed = model.graph.nodes[0].attributes[name];
      const std::string what = name + " = " + std::to_string(extreme);
      if (attribute.type == AttributeDef::Type::integer) {
        changed.i = extreme;
        visit(what, model);
      }
      for (std::int64_t& element : changed.ints) {
        const std::int64_t before = std::exchange(element, extreme);
        visit(what, model);
        element = before;
      }
      if (changed.ints.size() > 1) {
        changed.ints.assign(changed.ints.size(), extreme);
        visit(what + " everywhere", model);
      }
    }
  }
  for (const auto& [name, kind] : seed.other_attributes) {
    if (kind != AttributeDef::Type::integer) continue;
    for (const std::int64_t extreme : extremes) {
      ModelDef model = seed.model;
      AttributeDef& added = model.graph.nodes[0].attributes[name];
      added.type = kind;
      added.i = extreme;
      visit(name + " = " + std::to_string(extreme), model);
    }
  }
  for (const auto& [name, tensor] : seed.model.graph.initializers) {
    if (!is_integer(tensor.type)) continue;
    for (const std::int64_t extreme : extremes) {
      ModelDef model = seed.model;
      std::vector<double>& data = model.graph.initializers[name].data;
      const std::string what = name + " holds " + std::to_string(extreme);
      for (std::size_t i = 0; i < std::min<std::size_t>(data.size(), 16); ++i) {
        const double before = std::exchange(data[i], round_to(tensor.type, static_cast<double>(extreme)));
        visit(what, model);
        data[i] = before;
      }
      data.assign(data.size(), round_to(tensor.type, static_cast<double>(extreme)));
      visit(what + " everywhere", model);
    }
  }
}

TEST_P(MalformedNode, SurvivesExtremeIntegers) {
  const Seed& seed = seeds()[GetParam()];
  const std::string& op = seed.model.graph.nodes[0].op_type;
  for_each_extreme(seed, [&](const std::string& what, ModelDef model) {
    model.budget = ModelBudget(1 << 22);
    try {
      use(model);
    } catch (const Error& e) {
      EXPECT_NE(e.fault(), Fault::internal) << op << ", " << what << ": " << e.what();
      EXPECT_TRUE(names_the_place(e.what())) << op << ", " << what << ": " << e.what();
    } catch (const std::exception& e) {
      ADD_FAILURE() << op << ", " << what << ": " << e.what();
    }
  });
}

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
