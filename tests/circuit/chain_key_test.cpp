// The keys of a chain's table in cells: one that lies outside has no proof, whatever stands beside it.
#include <gtest/gtest.h>

#include "circuit_bench.hpp"
#include "graph/op_table.hpp"
#include "graph/ops/chain.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;

constexpr int scale = 4;

/// x·sigmoid(x) for |x| <= 2.
OpSpec silu() {
  OpSpec op = ops::chain_op({{24, {0}, 0}, {3, {0, 1}, 0}});
  op.attributes["reach"] = std::int64_t{512};
  return op;
}

Tensor looked_up(claims::Writer& w, const RunArgs& args, Tensor x) {
  const OpSpec op = silu();
  const std::vector<Shape> shapes{w.shape(x)};
  const std::vector<int> scales{scale};
  return op_entry("Chain").emit(w, {op, shapes, scales, args, args.semantics, "node"}, std::vector{x});
}

class ChainKeys : public ::testing::TestWithParam<bool> {};

TEST_P(ChainKeys, OutsideOfTheTableAreRefused) {
  RunArgs args = small_args(2);
  args.logrows = 9;
  args.input_scale = args.param_scale = scale;
  args.input_visibility.kind = Visibility::Kind::public_;
  args.output_visibility.kind = Visibility::Kind::public_;
  claims::Recorder w(args);
  w.enter_node("input");
  const Tensor x = w.input({4}, {-1000, 1000}, GetParam());
  w.bind(x, args.input_visibility, {claims::Slot::Group::input, 0});
  w.enter_node("model");
  const Tensor y = looked_up(w, args, x);
  w.output(y);
  w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
  const claims::Record record = w.finish();
  const Bench bench(record, own_settings(record, args));

  const claims::Claim* lookup = nullptr;
  for (const claims::Claim& claim : record.claims) {
    if (claim.kind == claims::Kind::gather) lookup = &claim;
  }
  ASSERT_NE(lookup, nullptr);
  const Tensor index = lookup->in[1];
  const auto entries = static_cast<Int128>(record.tensors[lookup->in[0].id].shape[1]);
  EXPECT_EQ(entries, 65);
  const Values honest{-32, 0, 5, 32};
  ASSERT_TRUE(bench.mock(std::vector<Values>{honest}).empty());
  const Values results = bench.outputs({honest})[0];

  // All that is computed from the key goes with it, and the result is one that stands in the table.
  for (const Int128 key : {Int128{33}, Int128{-33}, Int128{97}, Int128{-1000}}) {
    for (const Int128 result : {results[0], results[3], Int128{0}}) {
      CircuitWitness::Options options;
      options.check = false;
      Values keys = honest, places, out = results;
      keys[2] = key;
      out[2] = result;
      for (const Int128 k : keys) places.push_back(k + 32);
      for (std::uint32_t id = 0; id < record.tensors.size(); ++id) {
        const claims::TensorInfo& info = record.tensors[id];
        if (!info.used || volume(info.shape) != 4) continue;
        const bool is_key = id == x.id, is_result = id == lookup->out[0].id || id == record.outputs[0].id;
        options.forged[id] = is_key ? keys : is_result ? out : places;
      }
      ASSERT_EQ(options.forged.at(index.id), places);
      CircuitWitness witness(record, bench.settings, bench.circuit, std::vector<Values>{honest}, options);
      EXPECT_FALSE(bench.mock(witness, witness.columns()).empty()) << int(key) << " as " << int(result);
    }
  }
  // The same with a key inside is a proof: what was refused is the key.
  EXPECT_TRUE(bench.mock(std::vector<Values>{{-32, 0, 31, 32}}).empty());
}

INSTANTIATE_TEST_SUITE_P(Inputs, ChainKeys, ::testing::Bool());

}  // namespace
}  // namespace ezkl
