// The forging prover: the real prover, which writes what it likes. Tries its list of attacks on small circuits that
// hold one claim each, and prints a table: claim, attack, how many were tried, and what refused them. Fails when one is
// accepted. Arguments are GoogleTest's: --gtest_filter picks attacks.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "base/int128.hpp"
#include "cell_forgery.hpp"
#include "commit/srs.hpp"
#include "freivalds_bench.hpp"
#include "graph/claims/compound.hpp"
#include "graph/claims/sort.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Rounding;
using claims::Tensor;
using claims::Values;
using claims::Writer;
using Columns = std::vector<plonk::ColumnValues>;
using Instances = std::vector<std::vector<Fr>>;

// ---- The table

struct Row {
  std::size_t tried = 0, accepted = 0;
  std::map<std::string, std::size_t> refused_by;
};

class Table : public ::testing::Environment {
 public:
  /// `by` is what refused the attack; empty: it was accepted.
  void add(const std::string& claim, const std::string& attack, const std::string& by) {
    const auto key = std::pair(claim, attack);
    if (rows_.count(key) == 0) order_.push_back(key);
    Row& row = rows_[key];
    ++row.tried;
    if (by.empty()) {
      ++row.accepted;
      ADD_FAILURE() << claim << ": " << attack << " was accepted";
    } else {
      ++row.refused_by[by];
    }
  }

  void TearDown() override {
    std::printf("\n| claim | attack | tried | accepted | refused by |\n|---|---|---|---|---|\n");
    for (const auto& key : order_) {
      const Row& row = rows_[key];
      std::string by;
      for (const auto& [what, count] : row.refused_by) {
        by += (by.empty() ? "" : ", ") + what + " " + std::to_string(count);
      }
      std::printf("| %s | %s | %zu | %zu | %s |\n", key.first.c_str(), key.second.c_str(), row.tried, row.accepted,
                  by.c_str());
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> order_;
  std::map<std::pair<std::string, std::string>, Row> rows_;
};

Table& table() {
  static auto* const the_table = new Table;  // GoogleTest owns environments
  return *the_table;
}

/// "gate ADD" is a gate, "lookup fixed[3][0]" a lookup.
std::string kind_of(const std::vector<plonk::MockFailure>& failures) {
  if (failures.empty()) return "";
  return failures[0].constraint.substr(0, failures[0].constraint.find(' '));
}

/// The verifier's reason without its figures.
std::string reason_of(const plonk::Verdict& verdict) {
  if (verdict.accepted) return "";
  const std::string reason = verdict.reason.substr(0, verdict.reason.find_first_of(":;,("));
  return "verifier (" + reason + ")";
}

// ---- Circuits of one claim

struct ClaimCircuit {
  std::string claim;
  Shape shape;
  Values input;
  Build build;
};

Tensor element(Writer& w, Tensor x, std::int64_t i) { return w.view({x, {1}, {{i, {}}}, 0}); }

std::vector<ClaimCircuit> claim_circuits() {
  using namespace claims;
  const auto number = [](Writer& w, Int128 v) { return w.constant({1}, {v}); };
  std::vector<ClaimCircuit> out{
      {"linear", {1}, {4}, [](Writer& w, Tensor x) { return w.scale(x, 3, 1); }},
      {"linear (constant)", {1}, {4}, [=](Writer& w, Tensor x) { return w.add(x, number(w, 5)); }},
      {"contract", {2}, {3, 4}, [](Writer& w, Tensor x) { return w.mul(element(w, x, 0), element(w, x, 1)); }},
      {"view", {3}, {3, 4, 5}, [](Writer& w, Tensor x) { return w.scale(element(w, x, 2), 2); }},
      {"remap",
       {3},
       {3, 4, 5},
       [](Writer& w, Tensor x) {
         return w.scale(w.remap({2}, std::span(&x, 1), {2, -1}, {7}), 2);
       }},
      {"range",
       {1},
       {9},
       [](Writer& w, Tensor x) {
         w.range(x, {3, 12});
         return w.scale(x, 2);
       }},
      {"table",
       {1},
       {9},
       [](Writer& w, Tensor x) {
         return w.table(x, {"Sigmoid", {{"scale", 8.0F}}});
       }},
      {"is_zero", {2}, {0, 4}, [](Writer& w, Tensor x) { return w.is_zero(x); }},
      {"gather",
       {1, 2},
       {2, 0},
       [](Writer& w, Tensor x) {
         return w.gather(w.constant({1, 4}, {3, 5, 7, 9}), x);
       }},
      {"permute",
       {1, 3},
       {1, 2, 2},
       [](Writer& w, Tensor x) {
         const Tensor y =
             w.hint(w.shape(x), {x}, [](std::span<const Values* const> in) { return std::vector<Values>{*in[0]}; });
         const Tensor places = w.hint(w.shape(x), {x}, [](std::span<const Values* const>) {
           return std::vector<Values>{{0, 1, 2}};
         });
         const Tensor iota = w.constant({1, 3}, {0, 1, 2}), ys[] = {y, places}, xs[] = {x, iota};
         w.permute(ys, xs);
         // Positions in order leave one permutation.
         const Term order[] = {{1, places}, {-1, iota}};
         w.zero(order, 0);
         return w.scale(y, 1, 1);
       }},
      {"relu", {1}, {-3}, [](Writer& w, Tensor x) { return relu(w, x); }},
      {"absolute", {1}, {-3}, [](Writer& w, Tensor x) { return absolute(w, x); }},
      {"sign", {2}, {-3, 0}, [](Writer& w, Tensor x) { return sign(w, x); }},
      {"greater", {1}, {5}, [=](Writer& w, Tensor x) { return greater(w, x, number(w, 5)); }},
      {"equals", {1}, {5}, [=](Writer& w, Tensor x) { return equals(w, x, number(w, 5)); }},
      {"select",
       {3},
       {1, 7, 9},
       [](Writer& w, Tensor x) { return select(w, element(w, x, 0), element(w, x, 1), element(w, x, 2)); }},
      {"max_of", {2}, {4, 4}, [](Writer& w, Tensor x) { return max_of(w, element(w, x, 0), element(w, x, 1)); }},
      {"truncated_division",
       {2},
       {-7, 2},
       [](Writer& w, Tensor x) { return truncated_division(w, element(w, x, 0), element(w, x, 1)).quotient; }},
      {"reciprocal", {2}, {0, 7}, [](Writer& w, Tensor x) { return reciprocal(w, x, 16, 40); }},
      {"root", {1}, {12}, [](Writer& w, Tensor x) { return root(w, x); }},
      {"maximum", {1, 3}, {3, 3, 1}, [](Writer& w, Tensor x) { return maximum(w, x, 1); }},
      {"argmax", {1, 3}, {3, 3, 1}, [](Writer& w, Tensor x) { return argmax(w, x, 1); }},
      {"one_hot", {1}, {2}, [](Writer& w, Tensor x) { return one_hot(w, x, 3); }},
      {"sort",
       {1, 3},
       {3, 5, 3},
       [](Writer& w, Tensor x) {
         const Sorted s = sort(w, x, Order::descending, true);
         return w.add(s.values, w.scale(s.indices, 100));
       }},
  };
  for (const auto& [name, mode] :
       {std::pair("divide half_away", Rounding::half_away), std::pair("divide half_even", Rounding::half_even),
        std::pair("divide floor", Rounding::floor), std::pair("divide ceil", Rounding::ceil),
        std::pair("divide truncate", Rounding::truncate)}) {
    out.push_back({name, {1}, {-3}, [mode = mode](Writer& w, Tensor x) { return divide(w, x, 6, mode); }});
  }
  return out;
}

RunArgs shown_args() {
  RunArgs args = small_args(2);
  args.input_visibility.kind = Visibility::Kind::public_;
  return args;
}

// ---- The prover

const Srs& setup_of(unsigned logrows) {
  static std::map<unsigned, Srs> setups;
  const auto found = setups.find(logrows);
  if (found != setups.end()) return found->second;
  return setups.emplace(logrows, srs_from_secret(logrows, Fr::from_u64(1234567))).first->second;
}

plonk::ProvingKey key_of(const Bench& bench) {
  const unsigned k = bench.settings.run_args.logrows;
  return plonk::keygen(bench.circuit.cs, k, bench.assembly, setup_of(k), true);
}

std::vector<std::uint8_t> proof_of(const plonk::ProvingKey& key, plonk::AdviceSource& cells, const Instances& shown,
                                   const plonk::Forging& forging = {}) {
  Random random = Random::from_seed(1);
  plonk::ProverOptions options;
  options.forging = &forging;
  return plonk::create_proof(setup_of(key.vk.k), key, cells, shown, random, options);
}
std::vector<std::uint8_t> proof_of(const plonk::ProvingKey& key, const Columns& columns, const Instances& shown,
                                   const plonk::Forging& forging = {}) {
  Given cells(columns);
  return proof_of(key, cells, shown, forging);
}

/// `honest`: instances of the number that the statement has, which a verifier knows from the settings.
plonk::Verdict verdict_on(const plonk::VerifyingKey& vk, const Instances& honest, const Instances& shown,
                          const std::vector<std::uint8_t>& proof) {
  std::vector<std::size_t> counts;
  for (const auto& column : honest) counts.push_back(column.size());
  return plonk::verify_proof(setup_of(vk.k).verifier(), vk, counts, shown, proof);
}

/// A circuit, an honest run of it on an input that everybody knows, and its cells.
struct Forger {
  const ClaimCircuit& circuit;
  RunArgs args = shown_args();
  Bench bench;
  CircuitWitness witness;
  CellForgery cells;

  Forger(const ClaimCircuit& c, bool published)
      : circuit(c),
        bench(record(), published ? published_settings(record(), args) : own_settings(record(), args)),
        witness(bench.record, bench.settings, bench.circuit, {c.input}),
        cells(bench, witness) {
    for (std::size_t i = 0; i < c.input.size(); ++i) cells.pin(cells.shown(i));
    EXPECT_EQ(text(cells.mock()), "") << c.claim;
  }
  claims::Record record() const { return model(args, circuit.shape, 20, circuit.build); }
  std::size_t outputs() const { return witness.instances()[0].size() - circuit.input.size(); }
};

// ---- Attacks on claims

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

// ---- Attacks on statements

TEST(Statement, InstancesKeysAndOrder) {
  const ClaimCircuit circuit{"statement", {3}, {3, 4, 5}, [](Writer& w, Tensor x) { return w.scale(x, 2); }};
  Forger run(circuit, true);
  const auto key = key_of(run.bench);
  const Columns honest = run.witness.columns();
  const Instances truth = run.witness.instances();
  const auto proof = proof_of(key, honest, truth);
  const auto attempt = [&](const char* attack, const plonk::VerifyingKey& vk, const Instances& shown,
                           const std::vector<std::uint8_t>& bytes) {
    table().add("bind public", attack, reason_of(verdict_on(vk, truth, shown, bytes)));
  };
  for (std::size_t i = 0; i < truth[0].size(); ++i) {
    for (const Fr& by : {Fr::one(), -Fr::one(), half_of_the_field}) {
      Instances shown = truth;
      shown[0][i] += by;
      attempt("an instance changed after proving", key.vk, shown, proof);
      attempt("an instance changed before proving", key.vk, shown, proof_of(key, honest, shown));
    }
  }
  Instances shown = truth;
  shown[0].push_back(Fr::one());
  attempt("an instance more", key.vk, shown, proof);
  attempt("a proof made for an instance more", key.vk, shown, proof_of(key, honest, shown));
  shown = truth;
  shown[0].pop_back();
  attempt("an instance less", key.vk, shown, proof);
  attempt("a proof made for an instance less", key.vk, shown, proof_of(key, honest, shown));
  shown = truth;
  std::swap(shown[0][0], shown[0][1]);
  attempt("two instances swapped", key.vk, shown, proof);
  attempt("no instances", key.vk, {{}}, proof);

  for (std::size_t a = 0; a + 1 < 8; ++a) {
    auto swapped = proof;
    std::swap_ranges(swapped.begin() + std::ptrdiff_t(64 * a), swapped.begin() + std::ptrdiff_t(64 * (a + 1)),
                     swapped.begin() + std::ptrdiff_t(64 * (a + 1)));
    if (swapped != proof) attempt("two commitments of a proof swapped", key.vk, truth, swapped);
  }
  auto longer = proof;
  longer.push_back(0);
  attempt("a byte more", key.vk, truth, longer);
  longer.resize(proof.size() - 32);
  attempt("an element less", key.vk, truth, longer);

  const ClaimCircuit other_model{"", {3}, {3, 4, 5}, [](Writer& w, Tensor x) { return w.scale(x, 3); }};
  attempt("another model's key", key_of(Forger(other_model, true).bench).vk, truth, proof);
  RunArgs args = shown_args();
  args.lookup_range = {-41, 40};
  GraphSettings settings = published_settings(run.record(), args);
  settings.required_range_checks = {{-1, 1}, {0, 31}};
  attempt("a key of other settings", key_of(Bench(run.record(), settings)).vk, truth, proof);
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
  }
}

}  // namespace
}  // namespace ezkl

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(&ezkl::table());
  return RUN_ALL_TESTS();
}
