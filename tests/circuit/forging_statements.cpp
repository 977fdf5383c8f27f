// The forging prover's attacks on what a proof shows: instances, hashes, commitments, and the key it is for.
#include <gtest/gtest.h>

#include <algorithm>

#include "attack_table.hpp"
#include "forging_prover.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Writer;

/// Counts, order and values of what a proof shows, under both schemes. Nothing is wrong with these proofs but that: a
/// verifier that takes the number of instances from the proof accepts one of an instance more.
TEST(Statement, InstancesAndProofBytes) {
  const ClaimCircuit circuit{"statement", {3}, {3, 4, 0}, [](Writer& w, Tensor x) { return w.scale(x, 2); }};
  for (const Commitment scheme : {Commitment::kzg, Commitment::ipa}) {
    const std::string claim = std::string("bind public (") + name_of(scheme) + ")";
    Forger run(circuit, true);
    const auto key = key_of(run.bench, scheme);
    const Columns honest = run.witness.columns();
    const Instances truth = run.witness.instances();
    const auto prove = [&](const Instances& shown) { return proof_of(key, honest, shown, {}, scheme); };
    const auto proof = prove(truth);
    ASSERT_TRUE(verdict_on(key.vk, truth, truth, proof, scheme).accepted);
    const auto attempt = [&](const char* attack, const Instances& shown, const std::vector<std::uint8_t>& bytes) {
      table().add(claim, attack, reason_of(verdict_on(key.vk, truth, shown, bytes, scheme)));
    };
    const auto attempt_both = [&](const std::string& attack, const Instances& shown) {
      attempt((attack + " after proving").c_str(), shown, proof);
      attempt((attack + " before proving").c_str(), shown, prove(shown));
    };
    for (std::size_t i = 0; i < truth[0].size(); ++i) {
      for (const Fr& by : {Fr::one(), -Fr::one(), Fr::from_u64(2).inverse()}) {
        Instances shown = truth;
        shown[0][i] += by;
        attempt_both("an instance changed", shown);
      }
    }
    for (const std::size_t more : {1u, 2u, 17u}) {
      Instances shown = truth;
      shown[0].resize(truth[0].size() + more, Fr::from_u64(5));
      EXPECT_TRUE(verdict_on(key.vk, shown, shown, prove(shown), scheme).accepted) << "the equations do not count";
      attempt_both("instances more, which nothing reads, added", shown);
    }
    Instances shown = truth;
    shown[0].pop_back();  // a zero: the equations read one there anyway
    EXPECT_TRUE(verdict_on(key.vk, shown, shown, prove(shown), scheme).accepted) << "the equations do not count";
    attempt_both("the last instance left out", shown);
    shown = truth;
    std::swap(shown[0][0], shown[0][1]);
    attempt_both("two instances swapped", shown);
    shown = truth;
    std::rotate(shown[0].begin(), shown[0].begin() + 3, shown[0].end());
    attempt_both("inputs and outputs swapped", shown);
    attempt_both("all instances left out", {{}});
    attempt("no column of instances", {}, proof);
    attempt("a second column of instances", {truth[0], {}}, proof);

    for (std::size_t a = 0; a + 1 < 8; ++a) {
      auto swapped = proof;
      std::swap_ranges(swapped.begin() + std::ptrdiff_t(64 * a), swapped.begin() + std::ptrdiff_t(64 * (a + 1)),
                       swapped.begin() + std::ptrdiff_t(64 * (a + 1)));
      if (swapped != proof) attempt("two commitments of a proof swapped", truth, swapped);
    }
    auto longer = proof;
    longer.push_back(0);
    attempt("a byte more", truth, longer);
    longer.resize(proof.size() - 32);
    attempt("an element less", truth, longer);
  }
}

TEST(Statement, KeysOfOtherModelsAndSettings) {
  const ClaimCircuit circuit{"statement", {3}, {3, 4, 5}, [](Writer& w, Tensor x) { return w.scale(x, 2); }};
  Forger run(circuit, true);
  const Instances truth = run.witness.instances();
  const auto proof = proof_of(key_of(run.bench), run.witness.columns(), truth);
  const auto attempt = [&](const char* attack, const Bench& bench) {
    table().add("key", attack, reason_of(verdict_on(key_of(bench).vk, truth, truth, proof)));
  };
  const ClaimCircuit other_model{"", {3}, {3, 4, 5}, [](Writer& w, Tensor x) { return w.scale(x, 3); }};
  attempt("another model's key", Forger(other_model, true).bench);
  RunArgs args = shown_args();
  args.lookup_range = {-41, 40};
  GraphSettings settings = published_settings(run.record(), args);
  settings.required_range_checks = {{-1, 1}, {0, 31}};
  attempt("a key of other settings", Bench(run.record(), settings));
}

TEST(Statement, HashesAndCommitments) {
  const auto build = [](Writer& w, Tensor x) { return w.scale(x, 2); };
  for (const auto kind : {Visibility::Kind::hashed_public, Visibility::Kind::polycommit}) {
    const std::string name = kind == Visibility::Kind::polycommit ? "bind committed" : "bind hashed";
    RunArgs args = small_args(2);
    args.input_visibility.kind = kind;
    const auto record = model(args, {3}, 20, build);
    const Bench bench(record, own_settings(record, args, true));
    const auto key = key_of(bench);
    CircuitWitness honest(bench.record, bench.settings, bench.circuit, {{3, 4, 5}});
    CircuitWitness other(bench.record, bench.settings, bench.circuit, {{3, 4, 6}});
    ASSERT_EQ(text(bench.mock(honest, honest.columns())), "");
    if (kind == Visibility::Kind::polycommit) {
      const plonk::Column column = bench.circuit.columns.polycommit[0][0][0];
      Columns columns = honest.columns();
      columns[column.index].set(2, Fr::from_u64(6));
      table().add(name, "another value in the committed column alone", kind_of(bench.mock(honest, columns)));
      table().add(name, "the same in a real proof",
                  reason_of(verdict_on(key.vk, honest.instances(), honest.instances(),
                                       proof_of(key, columns, honest.instances()))));
      // The commitment of another input at the front of a proof, where people compare it.
      const auto proof = proof_of(key, honest.columns(), honest.instances());
      const auto of_other = proof_of(key, other.columns(), other.instances());
      auto swapped = proof;
      std::copy(of_other.begin(), of_other.begin() + 64, swapped.begin());
      ASSERT_NE(swapped, proof);
      table().add(name, "the commitment of another input in front",
                  reason_of(verdict_on(key.vk, honest.instances(), honest.instances(), swapped)));
      continue;
    }
    Instances lie = other.instances();
    lie[0][0] = honest.instances()[0][0];
    ASSERT_NE(lie, other.instances());
    const Columns columns = other.columns();
    table().add(name, "the hash of another input",
                kind_of(plonk::mock_check(bench.circuit.cs, bench.settings.run_args.logrows, bench.assembly, columns,
                                          lie, {}, {}, 3)));
    table().add(name, "the same in a real proof",
                reason_of(verdict_on(key.vk, honest.instances(), lie, proof_of(key, columns, lie))));
    for (const bool more : {true, false}) {
      Instances shown = honest.instances();
      if (more) {
        shown[0].insert(shown[0].begin(), shown[0][0]);
      } else {
        shown[0].erase(shown[0].begin());
      }
      table().add(name, more ? "a hash twice" : "the hash left out",
                  reason_of(verdict_on(key.vk, honest.instances(), shown, proof_of(key, honest.columns(), shown))));
    }
  }
}

}  // namespace
}  // namespace ezkl
