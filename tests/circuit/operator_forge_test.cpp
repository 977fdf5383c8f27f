// Every operator as a circuit of its own: with another output, or another hint wherever that leads to another output,
// the mock refuses and so do the real prover and verifier.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"
#include "commit/srs.hpp"
#include "operator_circuits.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"
#include "transcript/sha256.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;

class OperatorForgery : public ::testing::TestWithParam<std::size_t> {
 protected:
  OperatorForgery()
      : case_(all_cases()[GetParam()]),
        record_(record_of(case_, args_of(case_))),
        bench_(record_, own_settings(record_, args_of(case_), true)) {}

  CircuitWitness witness(const claims::Record& record, CircuitWitness::Options options = {}) const {
    return CircuitWitness(record, bench_.settings, bench_.circuit, case_.inputs, std::move(options));
  }

  bool mock_accepts(CircuitWitness& w) const { return bench_.mock(w, w.columns()).empty(); }

  /// An operator that returns its operand as it is has no output of its own to forge.
  bool has_own_output() const {
    return std::none_of(record_.inputs.begin(), record_.inputs.end(),
                        [&](Tensor t) { return t.id == record_.outputs[0].id; });
  }

  /// Whether the mock accepts a run of a changed record whose output is not `honest`. A hint may lead nowhere, such as
  /// an index outside its data: then there is no witness to accept.
  bool accepts_other_output(const claims::Record& changed, const Values& honest) const {
    CircuitWitness::Options loose;
    loose.check = false;
    try {
      CircuitWitness forged = witness(changed, loose);
      return forged.outputs()[0] != honest && mock_accepts(forged);
    } catch (const Error& e) {
      EXPECT_NE(e.fault(), Fault::internal) << e.what();
      return false;
    }
  }

  /// The record with one element of a hint replaced.
  claims::Record with_hint(std::size_t claim, std::size_t tensor, std::size_t element, Int128 value) const {
    claims::Record changed = record_;
    const auto honest = changed.claims[claim].hint;
    changed.claims[claim].hint = [=](std::span<const Values* const> in) {
      auto out = honest(in);
      out[tensor][element] = value;
      return out;
    };
    return changed;
  }

  const OperatorCase& case_;
  const claims::Record record_;
  const Bench bench_;
};

TEST_P(OperatorForgery, NoOtherOutputIsAccepted) {
  CircuitWitness honest = witness(record_);
  const Values output = honest.outputs()[0];
  ASSERT_EQ(text(bench_.mock(honest, honest.columns())), "");
  for (std::size_t element = 0; element < output.size(); ++element) {
    auto shown = honest.instances();
    shown[0][element] += Fr::one();
    EXPECT_FALSE(plonk::mock_check(bench_.circuit.cs, bench_.settings.run_args.logrows, bench_.assembly,
                                   honest.columns(), shown, {}, {})
                     .empty());
  }

  CircuitWitness::Options loose;
  loose.check = false;
  const std::size_t step = std::max<std::size_t>(1, output.size() / 3);
  for (std::size_t element = 0; has_own_output() && element < output.size(); element += step) {
    for (const Int128 delta : {1, -1, 1 << 20}) {
      CircuitWitness::Options options = loose;
      options.forged[record_.outputs[0].id] = output;
      options.forged[record_.outputs[0].id][element] += delta;
      CircuitWitness forged = witness(record_, options);
      // Data movement has no cells of its own to forge.
      if (forged.instances() == honest.instances()) continue;
      EXPECT_FALSE(mock_accepts(forged)) << "output " << element << " off by " << int(delta);
    }
  }
  for (std::size_t at = 0; at < record_.claims.size(); ++at) {
    const claims::Claim& claim = record_.claims[at];
    if (claim.kind != claims::Kind::hint) continue;
    for (std::size_t t = 0; t < claim.out.size(); ++t) {
      const std::size_t size = volume(record_.tensors[claim.out[t].id].shape);
      for (std::size_t element = 0; element < size; element += std::max<std::size_t>(1, size / 2)) {
        claims::Evaluation evaluation(record_, case_.inputs, {false, true});
        evaluation.run();
        const Int128 had = evaluation.values(claim.out[t])[element];
        for (const Int128 value : {had + 1, had - 1, Int128{1} - had, -had}) {
          const claims::Record changed = with_hint(at, t, element, value);
          EXPECT_FALSE(accepts_other_output(changed, output))
              << "claim " << at << " hint " << t << "[" << element << "] is " << to_string(value) << " in place of "
              << to_string(had);
        }
      }
    }
  }
}

TEST_P(OperatorForgery, TheVerifierAcceptsTheHonestProofOnly) {
  Random random = Random::from_seed(3);
  const unsigned k = bench_.settings.run_args.logrows;
  static std::map<unsigned, Srs> setups;
  if (setups.count(k) == 0) setups.emplace(k, generate_srs(k, random));
  const Srs& srs = setups.at(k);
  const auto pk = plonk::keygen(bench_.circuit.cs, k, bench_.assembly, srs, true);
  CircuitWitness honest = witness(record_);
  const auto statement = honest.instances();
  const auto proof = plonk::create_proof(srs, pk, honest, statement, random);
  EXPECT_TRUE(plonk::verify_proof(srs.verifier(), pk.vk, {statement[0].size()}, statement, proof).accepted);

  CircuitWitness::Options options;
  options.check = false;
  Values& values = options.forged[record_.outputs[0].id];
  values = honest.outputs()[0];
  values[values.size() / 2] += 1;
  CircuitWitness forged = witness(record_, options);
  bool accepted = false;
  try {
    const auto wrong = plonk::create_proof(srs, pk, forged, forged.instances(), random);
    accepted = plonk::verify_proof(srs.verifier(), pk.vk, {statement[0].size()}, forged.instances(), wrong).accepted;
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsatisfied) << e.what();
  }
  EXPECT_TRUE(!accepted || !has_own_output() || forged.instances() == statement);
  auto shown = statement;
  shown[0].back() += Fr::one();
  EXPECT_FALSE(plonk::verify_proof(srs.verifier(), pk.vk, {statement[0].size()}, shown, proof).accepted);
}

INSTANTIATE_TEST_SUITE_P(Every, OperatorForgery, ::testing::Range<std::size_t>(0, all_cases().size()),
                         [](const auto& test) { return all_cases()[test.param].name; });

/// Adds what a key is made of: constants, selectors and copies.
void absorb(Sha256& hash, const plonk::Assembly& assembly) {
  ByteWriter bytes;
  for (const auto& column : assembly.fixed) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      const Fr value = column.at(row);
      if (value == Fr::zero()) continue;
      bytes.u32le(static_cast<std::uint32_t>(row));
      bytes.bytes(value.to_bytes_le());
    }
    bytes.u32le(static_cast<std::uint32_t>(column.size()));
  }
  for (const auto& selector : assembly.selectors) bytes.bytes(selector.bytes());
  for (const std::uint32_t next : assembly.next) bytes.u32le(next);
  hash.update(bytes.out);
}

TEST(CellLayout, MovesOnlyWithItsVersion) {
  Sha256 hash;
  for (const OperatorCase& c : all_cases()) {
    std::vector<RunArgs> variants{args_of(c)};
    if (c.op.kind == "Einsum") {
      variants.push_back(args_of(c));
      variants.back().disable_freivalds = false;
      variants.back().input_visibility.kind = Visibility::Kind::hashed_public;
      variants.back().output_visibility.kind = Visibility::Kind::polycommit;
    }
    for (const RunArgs& args : variants) {
      const claims::Record record = record_of(c, args);
      const GraphSettings settings = own_settings(record, args, true);
      absorb(hash, assemble(record, settings, configure(settings)));
    }
  }
  EXPECT_EQ(std::to_string(layout_version) + ": " + hex_text(hash.finish()),
            "4: 389b95fafc81689584eb2897936b8426822efa06802bf7e5a7b3971697a32697")
      << "cells moved: raise layout_version (circuit/lowering.hpp) and write the new digest here; where only the "
         "settings that are chosen changed, the digest alone";
}

TEST(OperatorForgery, EveryOperatorHasACase) {
  std::set<std::string> covered;
  for (const OperatorCase& c : all_cases()) covered.insert(c.op.kind);
  for (const OpEntry* entry : all_ops()) EXPECT_EQ(covered.count(std::string(entry->kind)), 1u) << entry->kind;
}

}  // namespace
}  // namespace ezkl
