// The prover and the verifier under the scheme that commits to instances and blinds what it commits to.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "commit/ipa_params.hpp"
#include "commit/srs.hpp"
#include "ezkl/error.hpp"
#include "plonk/proof_shape.hpp"
#include "plonk/verifier.hpp"
#include "sample_circuit.hpp"

namespace ezkl::plonk {
namespace {

using test::SampleCircuit;
using test::SampleOptions;

const IpaParams& setup() {
  static const IpaParams made = generate_ipa_params(6);
  return made;
}

ProvingKey key_of(const SampleCircuit& circuit) {
  return keygen(circuit.cs(), circuit.k(), circuit.assembly(), setup(), true);
}

std::vector<std::uint8_t> prove(SampleCircuit& circuit, const ProvingKey& pk, std::uint64_t seed = 1) {
  Random random = Random::from_seed(seed);
  return create_proof(setup(), pk, circuit, circuit.instances, random);
}

Verdict verify(const SampleCircuit& circuit, const ProvingKey& pk, std::span<const std::uint8_t> proof) {
  return verify_proof(*setup().make_verifier(), pk.vk, {circuit.instances[0].size()}, circuit.instances, proof);
}

class IpaShapes : public testing::TestWithParam<int> {};

TEST_P(IpaShapes, HonestProofIsAccepted) {
  SampleOptions options;
  options.high_degree = GetParam() & 1;
  options.challenges = GetParam() & 2;
  options.shuffle = GetParam() & 4;
  options.lookups = GetParam() & 8;
  options.copies = GetParam() & 16;
  options.dynamic = GetParam() & 32;
  SampleCircuit circuit(options);
  const ProvingKey pk = key_of(circuit);
  const auto proof = prove(circuit, pk);
  EXPECT_EQ(proof.size(), ProofShape(pk.vk.system, pk.vk.k, Commitment::ipa).proof_size);
  const Verdict verdict = verify(circuit, pk, proof);
  EXPECT_TRUE(verdict.accepted) << verdict.reason;
}

INSTANTIATE_TEST_SUITE_P(All, IpaShapes, testing::Values(0, 9, 30, 63));

TEST(IpaProver, ChangedProofsAndInstancesAreRefused) {
  SampleCircuit circuit({});
  const ProvingKey pk = key_of(circuit);
  auto proof = prove(circuit, pk);
  ASSERT_TRUE(verify(circuit, pk, proof).accepted);
  for (std::size_t at = 31; at < proof.size(); at += 32) {
    proof[at] ^= 1;
    EXPECT_FALSE(verify(circuit, pk, proof).accepted) << "byte " << at;
    proof[at] ^= 1;
  }
  EXPECT_FALSE(verify(circuit, pk, std::span(proof).first(proof.size() - 32)).accepted);
  proof.push_back(0);
  EXPECT_FALSE(verify(circuit, pk, proof).accepted);
  proof.pop_back();
  circuit.instances[0][1] += Fr::one();
  EXPECT_FALSE(verify(circuit, pk, proof).accepted);
  circuit.instances[0][1] -= Fr::one();
  circuit.instances[0].push_back(Fr::one());
  EXPECT_FALSE(verify(circuit, pk, proof).accepted);
}

TEST(IpaProver, AForgedWitnessIsRefused) {
  SampleCircuit circuit({});
  circuit.spoil = [&](unsigned phase, std::span<ColumnValues> columns) {
    if (phase == 0) columns[circuit.c.index].set(SampleCircuit::product_row + 3, std::int64_t{1});
  };
  EXPECT_THROW(prove(circuit, key_of(circuit)), Error);
}

// Two proofs of one witness share the commitments of what everyone may know, and nothing else.
TEST(IpaProver, CommitmentsAreBlinded) {
  SampleCircuit circuit({});
  const ProvingKey pk = key_of(circuit);
  const auto points = [&](std::uint64_t seed) {
    const auto proof = prove(circuit, pk, seed);
    const ProofShape shape(pk.vk.system, pk.vk.k, Commitment::ipa);
    const std::size_t opening_points = 2 + 2 * setup().k();
    std::set<std::vector<std::uint8_t>> out;
    for (std::size_t i = 0; i < shape.num_points - opening_points; ++i) {
      const auto at = proof.begin() + static_cast<std::ptrdiff_t>(64 * i);
      out.emplace(at, at + 64);
    }
    return out;
  };
  const auto one = points(1), two = points(2);
  std::vector<std::vector<std::uint8_t>> shared;
  std::set_intersection(one.begin(), one.end(), two.begin(), two.end(), std::back_inserter(shared));
  const auto& unblinded = circuit.cs().unblinded;
  EXPECT_EQ(shared.size(), static_cast<std::size_t>(std::count(unblinded.begin(), unblinded.end(), true)));
}

TEST(IpaProver, KeysAndProofsOfTheOtherSchemeAreRefused) {
  SampleCircuit circuit({});
  const Srs srs = srs_from_secret(circuit.k(), Fr::from_u64(0x1234567890abcdef));
  const ProvingKey ipa = key_of(circuit);
  const ProvingKey kzg = keygen(circuit.cs(), circuit.k(), circuit.assembly(), srs, true);
  EXPECT_FALSE(ipa.vk.fixed_commitments == kzg.vk.fixed_commitments);
  const auto proof = prove(circuit, ipa);
  EXPECT_FALSE(verify_proof(srs.verifier(), kzg.vk, {circuit.instances[0].size()}, circuit.instances, proof).accepted);
  EXPECT_FALSE(verify(circuit, kzg, proof).accepted);
  EXPECT_FALSE(verify(circuit, ipa, prove(circuit, kzg)).accepted);
}

}  // namespace
}  // namespace ezkl::plonk
