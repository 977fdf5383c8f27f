// The keys of a chain's table in cells: one that lies outside has no proof, whatever stands beside it.
#include <gtest/gtest.h>

#include "chain_circuit.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Values;

class ChainKeys : public ::testing::TestWithParam<bool> {};

TEST_P(ChainKeys, OutsideOfTheTableAreRefused) {
  const ChainCircuit chain(GetParam());
  const claims::Claim& lookup = chain.lookup();
  EXPECT_EQ(chain.record.tensors[lookup.in[0].id].shape, (Shape{1, 65}));
  const Bench bench(chain.record, own_settings(chain.record, chain.args));
  const std::vector<Values> inputs{ChainCircuit::honest};
  ASSERT_TRUE(bench.mock(inputs).empty());
  const Values results = bench.outputs(inputs)[0];
  const auto accepts = [&](Int128 key, Int128 result) {
    CircuitWitness::Options options;
    options.check = false;
    options.forged = chain.with_key(key, result, results);
    CircuitWitness witness(chain.record, bench.settings, bench.circuit, inputs, options);
    return bench.mock(witness, witness.columns()).empty();
  };
  // All that is computed from the key goes with it, and the result is one that stands in the table.
  for (const int key : {33, -33, 97, -1000}) {
    for (const Int128 result : {results[0], results[3], Int128{0}}) EXPECT_FALSE(accepts(key, result)) << key;
  }
  // So does a key inside with its own result, which is a proof, and with another one, which is none.
  EXPECT_TRUE(accepts(32, results[3]));
  EXPECT_FALSE(accepts(32, results[3] + 1));
}

INSTANTIATE_TEST_SUITE_P(Inputs, ChainKeys, ::testing::Bool());

}  // namespace
}  // namespace ezkl
