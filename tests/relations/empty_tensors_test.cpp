// Tensors without elements, through all that settings, keys and proofs are made of: a result or a refusal in words.
#include <gtest/gtest.h>

#include <algorithm>

#include "../circuit/operator_circuits.hpp"
#include "../graph/node_seeds.hpp"
#include "circuit/layout_profile.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/checker.hpp"
#include "graph/record.hpp"
#include "proof_bench.hpp"

namespace ezkl {
namespace {

using testing::Mutation;
using testing::Seed;

/// Whether `body` gave a result; what it refuses has to be the model's fault.
template <class Body>
bool succeeds(const std::string& what, const Body& body) {
  try {
    body();
    return true;
  } catch (const Error& e) {
    EXPECT_NE(e.fault(), Fault::internal) << what << ": " << e.what();
  } catch (const std::exception& e) {
    ADD_FAILURE() << what << ": " << e.what();
  }
  return false;
}

/// Evaluates, lays out and fills the cells; plans the other system's proof, which may refuse such tensors.
void use(const claims::Record& record, const RunArgs& args, const std::vector<claims::Values>& inputs) {
  claims::Evaluation::Options options;
  options.keep_all = true;
  claims::Evaluation evaluation(record, inputs, options);
  evaluation.run();
  EXPECT_EQ(claims::check_trace(record, evaluation.trace(), 1).size(), 0u);
  circuit::layout_profile(record, args);
  const test::Bench bench(record, test::own_settings(record, args, true));
  EXPECT_EQ(test::text(bench.mock(inputs)), "");
  succeeds("a plan", [&] {
    const relations::Plan plan = relations::make_plan(record, {5, 6, 21});
    relations::check_plan(plan);
    relations::Witness(plan, evaluation.trace());
  });
}

TEST(EmptyTensors, EveryOperatorTakesOrRefusesThem) {
  std::size_t taken = 0;
  for (const test::OperatorCase& given : test::all_cases()) {
    for (const Shape& shape : {Shape{3, 0}, Shape{0}, Shape{0, 3}, Shape{1, 0, 2, 2}}) {
      test::OperatorCase c = given;
      c.shapes.assign(c.shapes.size(), shape);
      c.inputs.assign(c.shapes.size(), {});
      const std::string what = c.name + " of " + to_string(shape);
      taken += succeeds(what, [&] {
        const RunArgs args = test::args_of(c);
        use(test::record_of(c, args), args, c.inputs);
      });
    }
  }
  EXPECT_GT(taken, test::all_cases().size());
}

bool is_empty(const ValueDef& input) {
  return std::any_of(input.shape.begin(), input.shape.end(), [](const DimensionDef& d) { return d.value == 0; });
}

/// The seed's model with inputs that have no elements: one at a time, then all.
std::vector<Mutation> emptied(const Seed& seed) {
  std::vector<Mutation> out;
  for (Mutation& mutation : testing::mutations(seed)) {
    const std::vector<ValueDef>& inputs = mutation.second.graph.inputs;
    if (std::any_of(inputs.begin(), inputs.end(), is_empty)) out.push_back(std::move(mutation));
  }
  for (const std::size_t axis : {0u, 1u, 2u}) {
    Mutation all{"axis " + std::to_string(axis) + " of all inputs", seed.model};
    for (ValueDef& input : all.second.graph.inputs) {
      if (axis < input.shape.size()) input.shape[axis].value = 0;
    }
    out.push_back(std::move(all));
  }
  return out;
}

TEST(EmptyTensors, EveryNodeTakesOrRefusesThem) {
  RunArgs args = test::small_args(2);
  args.lookup_range = {-200, 200};
  args.input_scale = args.param_scale = 3;
  std::size_t taken = 0;
  for (const Seed& seed : testing::node_seeds()) {
    for (const Mutation& mutation : emptied(seed)) {
      const std::string what = seed.model.graph.nodes[0].op_type + ", " + mutation.first;
      taken += succeeds(what, [&] {
        const Graph graph = build_graph(mutation.second, args);
        const claims::Record made = record(graph, args);
        std::vector<claims::Values> inputs;
        for (const claims::Tensor t : made.inputs) inputs.emplace_back(volume(made.tensors[t.id].shape), 0);
        use(made, args, inputs);
      });
    }
  }
  EXPECT_GT(taken, 100u);
}

}  // namespace
}  // namespace ezkl
