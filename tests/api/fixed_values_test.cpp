// Inputs and outputs of visibility fixed: their values are part of the circuit.
#include "api/fixed_values.hpp"

#include <gtest/gtest.h>

#include "circuit/lowering.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"
#include "graph/claims/recorder.hpp"
#include "plonk/mock.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

using claims::Slot;
using claims::Tensor;
using claims::Values;
using Kind = Visibility::Kind;

RunArgs arguments(Kind input, Kind output) {
  RunArgs args;
  args.logrows = 7;
  args.decomp_base = 16;
  args.decomp_legs = 3;
  args.input_visibility.kind = input;
  args.output_visibility.kind = output;
  return args;
}

/// y = x² + x, element by element.
claims::Record model(const RunArgs& args) {
  claims::Recorder w(args);
  const Tensor x = w.input({3}, {-20, 20}, true);
  w.bind(x, args.input_visibility, {Slot::Group::input, 0});
  const Tensor y = w.add(w.mul(x, x), x);
  w.output(y);
  w.bind(y, args.output_visibility, {Slot::Group::output, 0});
  return w.finish();
}

claims::Felts felts(const Values& values) {
  claims::Felts out;
  for (const Int128 v : values) out.push_back(Fr::from_i128(v));
  return out;
}

/// A circuit that holds the values of one run.
struct FixedCircuit {
  RunArgs args;
  GraphSettings settings;
  claims::Record record;
  ConfiguredCircuit circuit;

  FixedCircuit(const RunArgs& a, const Values& inputs, const Values& outputs)
      : args(a), settings(plan(a)), record(fixed(a, inputs, outputs)), circuit(configure(settings)) {}

  static claims::Record fixed(const RunArgs& args, const Values& inputs, const Values& outputs) {
    claims::Record record = model(args);
    fix_values(record, {felts(inputs)}, {felts(outputs)});
    return record;
  }
  static GraphSettings plan(const RunArgs& args) {
    claims::Record record = model(args);
    fix_any_values(record);
    GraphSettings base;
    base.run_args = args;
    return plan_settings(record, base);
  }
  bool accepts(const Values& inputs) const {
    CircuitWitness witness(record, settings, circuit, {inputs});
    return plonk::mock_check(circuit.cs, args.logrows, assemble(record, settings, circuit), witness.columns(),
                             witness.instances(), {}, {})
        .empty();
  }
};

const Values honest{3, -4, 3}, result{12, 12, 12};

TEST(FixedValues, OnlyTheRunOfTheKeyHolds) {
  for (const auto& [input, output] : {std::pair(Kind::fixed, Kind::public_), std::pair(Kind::fixed, Kind::private_),
                                      std::pair(Kind::private_, Kind::fixed), std::pair(Kind::fixed, Kind::fixed),
                                      std::pair(Kind::fixed, Kind::hashed_public)}) {
    const FixedCircuit circuit(arguments(input, output), honest, result);
    EXPECT_TRUE(circuit.accepts(honest));
    EXPECT_FALSE(circuit.accepts({3, -4, 4}));
    EXPECT_FALSE(circuit.accepts({0, 0, 0}));
    // Other inputs of the same outputs: x² + x = (-1 - x)² + (-1 - x).
    EXPECT_EQ(circuit.accepts({-4, 3, -4}), input != Kind::fixed);
  }
}

TEST(FixedValues, FalseOnesMakeACircuitThatNothingSatisfies) {
  const FixedCircuit circuit(arguments(Kind::fixed, Kind::fixed), honest, {12, 12, 13});
  EXPECT_FALSE(circuit.accepts(honest));
  claims::Record record = model(circuit.args);
  EXPECT_THROW(fix_values(record, {felts({1, 2})}, {felts(result)}), Error);
}

TEST(FixedValues, ProofsBelongToTheKeyOfTheirValues) {
  const RunArgs args = arguments(Kind::fixed, Kind::public_);
  const FixedCircuit circuit(args, honest, result), other(args, {3, -4, 4}, {12, 12, 20});
  const Srs srs = srs_from_secret(args.logrows, Fr::from_u64(1234567));
  const auto key = [&](const FixedCircuit& c) {
    return plonk::keygen(c.circuit.cs, args.logrows, assemble(c.record, c.settings, c.circuit), srs, true);
  };
  const auto prove = [&](const FixedCircuit& c, const Values& inputs, const plonk::ProvingKey& pk,
                         std::vector<std::vector<Fr>>& instances) {
    CircuitWitness witness(c.record, c.settings, c.circuit, {inputs});
    instances = witness.instances();
    Random random = Random::from_seed(1);
    return plonk::create_proof(srs, pk, witness, instances, random);
  };
  const auto own = key(circuit), others = key(other);
  std::vector<std::vector<Fr>> instances;
  const auto proof = prove(circuit, honest, own, instances);
  EXPECT_TRUE(plonk::verify_proof(srs.verifier(), own.vk, {instances[0].size()}, instances, proof).accepted);
  EXPECT_FALSE(plonk::verify_proof(srs.verifier(), others.vk, {instances[0].size()}, instances, proof).accepted);
  // Other inputs under the key of these: refused while proving.
  EXPECT_THROW(prove(circuit, {3, -4, 4}, own, instances), Error);
  // The proof of a circuit of one's own, shown with the key of another.
  const auto strange = prove(other, {3, -4, 4}, others, instances);
  EXPECT_TRUE(plonk::verify_proof(srs.verifier(), others.vk, {instances[0].size()}, instances, strange).accepted);
  EXPECT_FALSE(plonk::verify_proof(srs.verifier(), own.vk, {instances[0].size()}, instances, strange).accepted);
}

TEST(FixedValues, DigestTellsRunsApart) {
  const claims::Record record = model(arguments(Kind::fixed, Kind::fixed));
  const FileDigest digest = fixed_digest(record, {felts(honest)}, {felts(result)});
  EXPECT_EQ(fixed_digest(record, {felts(honest)}, {felts(result)}), digest);
  EXPECT_NE(fixed_digest(record, {felts({3, -4, 4})}, {felts(result)}), digest);
  EXPECT_NE(fixed_digest(record, {felts(honest)}, {felts({12, 12, 13})}), digest);
  EXPECT_EQ(fixed_digest(model(arguments(Kind::public_, Kind::public_)), {felts(honest)}, {felts(result)}),
            file_digest({}));
  // A field element that has the low bits of an integer is another value.
  claims::Felts wide = felts(result);
  wide[0] += Fr::from_u64(2).pow(200);
  EXPECT_NE(fixed_digest(record, {felts(honest)}, {wide}), digest);
}

}  // namespace
}  // namespace ezkl
