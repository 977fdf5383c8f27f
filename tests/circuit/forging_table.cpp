// The forging prover: the real prover, which writes what it likes. Tries its list of attacks (on the claims of circuits
// here, on what a proof shows in forging_statements.cpp, on the files that a verifier reads in forging_files.cpp) and
// prints a table: claim, attack, how many were tried, and what refused them. Fails when one is accepted. Arguments are
// GoogleTest's: --gtest_filter picks attacks.
#include <gtest/gtest.h>

#include "attack_table.hpp"
#include "base/int128.hpp"
#include "forging_prover.hpp"
#include "freivalds_bench.hpp"
#include "graph/claims/compound.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;
using claims::Writer;

const Fr half_of_the_field = Fr::from_u64(2).inverse();

TEST(Claims, EveryCellByAnotherValue) {
  for (const ClaimCircuit& circuit : claim_circuits()) {
    for (const bool published : {false, true}) {
      Forger run(circuit, published);
      for (const CellForgery::Place place : run.cells.places()) {
        const Fr had = run.cells.value(place);
        for (const Fr& value : {Fr::zero(), Fr::one(), -Fr::one(), Fr::from_u64(16), had + Fr::one(), had - Fr::one(),
                                -had, had + half_of_the_field}) {
          if (value == had) continue;
          run.cells.set(place, value);
          run.cells.follow();
          if (run.cells.shows_another_output()) {
            table().add(circuit.claim, "a cell, its copies and all sums after it", kind_of(run.cells.mock()));
          }
          run.cells.restore();
        }
      }
    }
  }
}

/// A hint by another value, and everything after it computed anew.
TEST(Claims, EveryHintByAnotherValue) {
  for (const ClaimCircuit& circuit : claim_circuits()) {
    for (const bool published : {false, true}) {
      const Forger run(circuit, published);
      claims::Evaluation honest(run.bench.record, {circuit.input}, {true, true});
      honest.run();
      for (std::size_t c = 0; c < run.bench.record.claims.size(); ++c) {
        if (run.bench.record.claims[c].kind != claims::Kind::hint) continue;
        for (std::size_t t = 0; t < run.bench.record.claims[c].out.size(); ++t) {
          const Values had = honest.values(run.bench.record.claims[c].out[t]);
          for (std::size_t e = 0; e < had.size(); ++e) {
            for (const Int128 value :
                 {had[e] + 1, had[e] - 1, -had[e], Int128{0}, Int128{1}, Int128{16}, (Int128{1} << 126) - 1}) {
              if (value == had[e]) continue;
              claims::Record changed = run.bench.record;
              const auto hint = changed.claims[c].hint;
              changed.claims[c].hint = [=](std::span<const Values* const> in) {
                auto out = hint(in);
                out[t][e] = value;
                return out;
              };
              CircuitWitness::Options loose;
              loose.check = false;
              try {
                CircuitWitness witness(changed, run.bench.settings, run.bench.circuit, {circuit.input}, loose);
                if (witness.outputs() == honest.outputs()) continue;
                table().add(circuit.claim, "a hint, everything after it computed anew",
                            kind_of(run.bench.mock(witness, witness.columns())));
              } catch (const Error& err) {
                EXPECT_NE(err.fault(), Fault::internal) << err.what();
                table().add(circuit.claim, "a hint, everything after it computed anew", "no witness");
              }
            }
          }
        }
      }
    }
  }
}

TEST(Claims, OtherOutputsInRealProofs) {
  for (const ClaimCircuit& circuit : claim_circuits()) {
    Forger run(circuit, true);
    const auto key = key_of(run.bench);
    const Columns honest = run.witness.columns();
    const Instances truth = run.witness.instances();
    ASSERT_TRUE(verdict_on(key.vk, truth, truth, proof_of(key, honest, truth)).accepted) << circuit.claim;

    const CellForgery::Place output = run.cells.shown(circuit.input.size());
    run.cells.set(output, run.cells.value(output) + Fr::one());
    run.cells.follow();
    const Instances lie = run.cells.instances();
    const Columns followed = run.cells.columns();
    const auto attempt = [&](const char* attack, const plonk::ProvingKey& own, const Columns& columns) {
      table().add(circuit.claim, attack, reason_of(verdict_on(key.vk, truth, lie, proof_of(own, columns, lie))));
    };
    attempt("another output, sums made to fit", key, followed);
    attempt("another output shown, its cells left (copies broken)", key, honest);
    plonk::ProvingKey loose = key;
    for (std::uint32_t i = 0; i < loose.next.size(); ++i) loose.next[i] = i;
    attempt("a prover's key without copies", loose, honest);
    for (std::size_t c = 0; c < key.fixed.size(); ++c) {
      plonk::ProvingKey other = key;
      other.fixed[c] = plonk::ColumnValues(key.vk.n());
      attempt("a prover's key without gates, constants or tables", other, followed);
    }
  }
}

TEST(Claims, Multiplicities) {
  for (const ClaimCircuit& circuit : claim_circuits()) {
    Forger run(circuit, true);
    const auto key = key_of(run.bench);
    const Columns honest = run.witness.columns();
    const Instances truth = run.witness.instances();
    for (std::size_t argument = 0; argument < key.vk.system.arguments.size(); ++argument) {
      for (const std::int64_t by : {1, -1}) {
        plonk::Forging forging;
        forging.recount = [&](std::size_t at, plonk::ColumnValues& counts) {
          if (at != argument) return;
          counts.set(0, counts.at(0) + Fr::from_i64(by));
        };
        table().add(circuit.claim, "a table row counted once too often or too little",
                    reason_of(verdict_on(key.vk, truth, truth, proof_of(key, honest, truth, forging))));
      }
    }
  }
}

/// Values beyond what the claims were made for, of an input whose check is waived.
TEST(Claims, UnprovenInputs) {
  for (const ClaimCircuit& circuit : claim_circuits()) {
    const RunArgs args = shown_args();
    const auto recorded = [&](bool checked, Int128 bound, const RunArgs& with) {
      claims::Recorder w(with);
      const Tensor x = w.input(circuit.shape, {-bound, bound}, checked);
      w.bind(x, with.input_visibility, {claims::Slot::Group::input, 0});
      const Tensor y = circuit.build(w, x);
      w.output(y);
      w.bind(y, with.output_visibility, {claims::Slot::Group::output, 0});
      return w.finish();
    };
    const auto narrow = recorded(false, 20, args);
    RunArgs wide_args = args;
    wide_args.decomp_legs = 15;
    const auto wide = recorded(true, Int128{1} << 55, wide_args);
    const Bench bench(narrow, own_settings(narrow, args));
    for (const Int128 value : {Int128{21}, Int128{-21}, Int128{4096}, Int128{-4096}, Int128{1} << 51}) {
      for (std::size_t element = 0; element < circuit.input.size(); ++element) {
        Values input = circuit.input;
        input[element] = value;
        try {
          CircuitWitness::Options loose;
          loose.check = false;
          CircuitWitness witness(bench.record, bench.settings, bench.circuit, {input}, loose);
          const auto failures = bench.mock(witness, witness.columns());
          claims::Evaluation truth(wide, {input}, {false, true});
          truth.run();
          if (failures.empty() && witness.outputs() == truth.outputs()) continue;  // true, hence no forgery
          table().add(circuit.claim, "an unproven input beyond its bounds", kind_of(failures));
        } catch (const Error& e) {
          EXPECT_EQ(e.fault(), Fault::range) << e.what();
          table().add(circuit.claim, "an unproven input beyond its bounds", "no witness");
        }
      }
    }
  }
}

/// Integer types in the range checks that the published package's settings offer.
TEST(Claims, IntegerTypes) {
  const RunArgs args = shown_args();
  for (const auto& [name, bounds] :
       {std::pair("range of uint8", claims::Interval{0, 255}), std::pair("range of int8", claims::Interval{-128, 127}),
        std::pair("range of uint16", claims::Interval{0, 4095})}) {
    claims::Recorder w(args);
    const Tensor x = w.input({1}, bounds, true);
    w.bind(x, args.input_visibility, {claims::Slot::Group::input, 0});
    const Tensor y = w.scale(x, 3);
    w.output(y);
    w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
    const auto record = w.finish();
    for (const bool published : {false, true}) {
      const Bench bench(record, published ? published_settings(record, args) : own_settings(record, args));
      for (const Int128 value : {bounds.lo, bounds.hi}) EXPECT_EQ(text(bench.mock({{value}})), "") << name;
      const auto key = key_of(bench);
      for (const Int128 value : {bounds.lo - 1, bounds.hi + 1, Int128{300}, Int128{-5}, Int128{100000}}) {
        if (value >= bounds.lo && value <= bounds.hi) continue;
        CircuitWitness::Options loose;
        loose.check = false;
        CircuitWitness witness(bench.record, bench.settings, bench.circuit, {{value}}, loose);
        table().add(name, "a number that the type has not", kind_of(bench.mock(witness, witness.columns())));
        const Columns columns = witness.columns();
        table().add(name, "the same in a real proof",
                    reason_of(verdict_on(key.vk, witness.instances(), witness.instances(),
                                         proof_of(key, columns, witness.instances()))));
      }
    }
  }
}

/// Freivalds' argument, by a prover that knows its challenge: two changes of a product that cancel for the challenge 2.
TEST(Claims, FreivaldsChallengeKnownFirst) {
  RunArgs args = small_args(2);
  args.logrows = 8;
  const auto record = model(args, {2, 5, 7}, 20, gram);
  const Bench bench(record, freivalds_settings(record, args, 1500));
  Values x(70);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = Int128(i * 7 % 41) - 20;
  CircuitWitness honest(bench.record, bench.settings, bench.circuit, {x});
  CircuitWitness::Options options;
  Values& product = options.forged[record.outputs[0].id];
  product = honest.outputs()[0];
  product[0] += 1;
  product[1] -= 2;
  const auto forged = [&] { return CircuitWitness(bench.record, bench.settings, bench.circuit, {x}, options); };
  const auto mock_with = [&](std::uint64_t challenge) {
    CircuitWitness witness = forged();
    const std::vector<Fr> challenges(bench.circuit.cs.num_challenges, Fr::from_u64(challenge));
    witness.fill(1, challenges, witness.columns());
    return plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, witness.columns(), witness.instances(),
                             challenges, {}, 3);
  };
  EXPECT_EQ(text(mock_with(2)), "") << "a prover that knew the challenge could forge";
  table().add("contract (Freivalds)", "a product made for another challenge", kind_of(mock_with(3)));
  const auto key = key_of(bench);
  CircuitWitness witness = forged();
  const Instances shown = witness.instances();
  table().add("contract (Freivalds)", "a product made for a guessed challenge, in a real proof",
              reason_of(verdict_on(key.vk, shown, shown, proof_of(key, witness, shown))));
}

}  // namespace
}  // namespace ezkl

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(&ezkl::test::table());
  return RUN_ALL_TESTS();
}
