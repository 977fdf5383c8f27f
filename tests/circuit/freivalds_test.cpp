// Products of matrices checked with random challenges: accepted when right, refused when any element of the product is
// not, in one block of columns or several, by mock and by the prover and verifier.
#include <gtest/gtest.h>

#include "commit/srs.hpp"
#include "freivalds_bench.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;

Values numbers(std::size_t count) {
  Values out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = Int128(i * 7 % 41) - 20;
  return out;
}

class Freivalds : public testing::TestWithParam<int> {
 protected:
  RunArgs args() const {
    RunArgs out = small_args(std::size_t(GetParam()));
    out.logrows = 7;
    return out;
  }
};

TEST_P(Freivalds, AcceptsTheProductAndNothingElse) {
  const Shape shape{2, 5, 7};
  const auto record = model(args(), shape, 20, gram);
  Bench bench(record, freivalds_settings(record, args(), 1500));
  const Values x = numbers(volume(shape));
  CircuitWitness honest(bench.record, bench.settings, bench.circuit, {x});
  EXPECT_GT(honest.complete_for_mock().size(), 1u);
  std::size_t dense = 0;
  for (std::size_t c = 0; c < honest.columns().size(); ++c) {
    if (bench.circuit.cs.advice_phase[c] == 1) dense += honest.columns()[c].wide().size();
  }
  EXPECT_GT(dense, 30u) << "the product was not laid out in the Freivalds columns";
  EXPECT_EQ(text(bench.mock(honest, honest.columns())), "");

  const Tensor product = record.outputs[0];
  const Values right = honest.outputs()[0];
  for (std::size_t i = 0; i < right.size(); i += 3) {
    for (const Int128 change : {Int128(1), Int128(-1), Int128(1) << 100}) {
      CircuitWitness::Options options;
      options.forged[product.id] = right;
      options.forged[product.id][i] += change;
      CircuitWitness forged(bench.record, bench.settings, bench.circuit, {x}, options);
      EXPECT_FALSE(bench.mock(forged, forged.columns()).empty()) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, Freivalds, testing::Values(1, 2, 3));

TEST(Freivalds, FallsBackToDotProductsWithoutRoom) {
  const Shape shape{2, 5, 7};
  const RunArgs args = small_args(2);
  const auto record = model(args, shape, 20, gram);
  const Bench bench(record, freivalds_settings(record, args, 40));
  EXPECT_EQ(text(bench.mock({numbers(volume(shape))})), "");
}

TEST(Freivalds, ProofsAreAcceptedAndForgedOnesAreNot) {
  const Shape shape{2, 5, 7};
  RunArgs args = small_args(2);
  args.logrows = 8;
  const auto record = model(args, shape, 20, gram);
  const Bench bench(record, freivalds_settings(record, args, 1500));
  Random random = Random::from_seed(7);
  const Srs srs = generate_srs(args.logrows, random);
  const auto pk = plonk::keygen(bench.circuit.cs, args.logrows, bench.assembly, srs, true);
  const Values x = numbers(volume(shape));

  CircuitWitness honest(bench.record, bench.settings, bench.circuit, {x});
  const auto proof = plonk::create_proof(srs, pk, honest, honest.instances(), random);
  const auto verdict = plonk::verify_proof(srs.verifier(), pk.vk, {volume(record.tensors[record.outputs[0].id].shape)},
                                           honest.instances(), proof);
  EXPECT_TRUE(verdict.accepted) << verdict.reason;

  CircuitWitness::Options options;
  options.forged[record.outputs[0].id] = honest.outputs()[0];
  options.forged[record.outputs[0].id][4] += 1;
  CircuitWitness forged(bench.record, bench.settings, bench.circuit, {x}, options);
  bool accepted = false;
  try {
    const auto wrong = plonk::create_proof(srs, pk, forged, forged.instances(), random);
    accepted = plonk::verify_proof(srs.verifier(), pk.vk, {volume(record.tensors[record.outputs[0].id].shape)},
                                   forged.instances(), wrong)
                   .accepted;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsatisfied);
  }
  EXPECT_FALSE(accepted);
}

}  // namespace
}  // namespace ezkl
