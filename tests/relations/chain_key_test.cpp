// The keys of a chain's table in the sumcheck system: one that lies outside has no proof, whatever stands beside it.
#include <gtest/gtest.h>

#include "../circuit/chain_circuit.hpp"
#include "proof_bench.hpp"

namespace ezkl {
namespace {

using test::ChainCircuit;
using testing::ProofBench;

TEST(SumcheckChainKeys, OutsideOfTheTableAreRefused) {
  const ChainCircuit chain(true);
  const ProofBench bench(chain.record, {ChainCircuit::honest});
  const claims::Values results = *bench.trace()[chain.result.id];
  const auto accepts = [&](Int128 key, Int128 result) {
    claims::Trace trace = bench.trace();
    for (auto& [id, values] : chain.with_key(key, result, results)) {
      trace[id] = std::make_shared<const claims::Values>(values);
    }
    const relations::Witness witness = bench.witness(trace);
    const std::vector<Fr> shown = bench.shown_by(witness);
    return bench.check(bench.insist(witness, shown), shown) == std::nullopt;
  };
  for (const int key : {33, -33, 97, -1000}) {
    for (const Int128 result : {results[0], results[3], Int128{0}}) EXPECT_FALSE(accepts(key, result)) << key;
  }
  EXPECT_TRUE(accepts(32, results[3]));
  EXPECT_FALSE(accepts(32, results[3] + 1));
}

}  // namespace
}  // namespace ezkl
