// Visibilities: what the statement shows is tied to the very cells the model uses.
#include <gtest/gtest.h>

#include <array>

#include "circuit_bench.hpp"
#include "commit/srs.hpp"
#include "plonk/prover.hpp"
#include "plonk/verifier.hpp"
#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Slot;
using claims::Tensor;
using claims::Values;
using Kind = Visibility::Kind;

/// y = x·p + x with the three visibilities given.
claims::Record product(const RunArgs& args) {
  claims::Recorder w(args);
  w.enter_node("product");
  const Tensor x = w.input({3}, {-20, 20}, true);
  w.bind(x, args.input_visibility, {Slot::Group::input, 0});
  const auto values = std::make_shared<const Values>(Values{5, -6, 7});
  const bool fixed = args.param_visibility.kind == Kind::fixed;
  const Tensor p = w.param({3}, values, fixed);
  if (!fixed) w.bind(p, args.param_visibility, {Slot::Group::param, 0});
  const Tensor y = w.add(w.mul(x, p), x);
  w.output(y);
  w.bind(y, args.output_visibility, {Slot::Group::output, 0});
  return w.finish();
}

RunArgs visible(Kind input, Kind param, Kind output) {
  RunArgs args = small_args(2);
  args.logrows = 9;
  args.input_visibility.kind = input;
  args.param_visibility.kind = param;
  args.output_visibility.kind = output;
  return args;
}

const Values inputs{3, -20, 11}, outputs{18, 100, 88}, params{5, -6, 7};

Fr hash_of(const Values& message) {
  std::vector<Fr> elements;
  for (const Int128 v : message) elements.push_back(Fr::from_i128(v));
  return poseidon_hash(elements);
}

std::vector<Fr> elements_of(std::initializer_list<Values> lists) {
  std::vector<Fr> out;
  for (const Values& list : lists) {
    for (const Int128 v : list) out.push_back(Fr::from_i128(v));
  }
  return out;
}

TEST(Modules, PublicValuesAreInstancesInOrder) {
  const RunArgs args = visible(Kind::public_, Kind::private_, Kind::public_);
  const auto record = product(args);
  const Bench bench(record, own_settings(record, args));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, {inputs});
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  ASSERT_EQ(witness.instances().size(), 1u);
  EXPECT_EQ(witness.instances()[0], elements_of({inputs, outputs}));
  EXPECT_EQ(bench.settings.model_instance_shapes, (std::vector<std::vector<std::size_t>>{{3}, {3}}));
  for (std::size_t i = 0; i < 6; ++i) {
    auto shown = witness.instances();
    shown[0][i] += Fr::one();
    EXPECT_FALSE(
        plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, witness.columns(), shown, {}, {}).empty());
  }
}

TEST(Modules, HashesComeFirstAndAreThoseOfTheCellsUsed) {
  const RunArgs args = visible(Kind::hashed_public, Kind::hashed_public, Kind::hashed_public);
  const auto record = product(args);
  const Bench bench(record, own_settings(record, args));
  EXPECT_EQ(bench.settings.poseidon_counts, std::vector<std::size_t>{3});
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, {inputs});
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  EXPECT_EQ(witness.instances()[0], (std::vector<Fr>{hash_of(inputs), hash_of(params), hash_of(outputs)}));
  for (std::size_t i = 0; i < 3; ++i) {
    auto shown = witness.instances();
    shown[0][i] += Fr::one();
    EXPECT_FALSE(
        plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, witness.columns(), shown, {}, {}).empty());
  }
  // Other values under the same hash, or a hash of other values: refused.
  for (const Tensor t : {record.inputs[0], record.params[0].first, record.outputs[0]}) {
    CircuitWitness::Options options;
    options.check = false;
    options.forged[t.id] = {1, 2, 3};
    CircuitWitness forged(bench.record, bench.settings, bench.circuit, {inputs}, options);
    EXPECT_FALSE(bench.mock(forged, forged.columns()).empty());
  }
}

TEST(Modules, PublicInputsStandBetweenHashes) {
  const RunArgs args = visible(Kind::public_, Kind::hashed_public, Kind::hashed_public);
  const auto record = product(args);
  const Bench bench(record, own_settings(record, args));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, {inputs});
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  auto expected = elements_of({inputs});
  expected.insert(expected.begin(), hash_of(params));
  expected.push_back(hash_of(outputs));
  EXPECT_EQ(witness.instances()[0], expected);
}

TEST(Modules, CommittedTensorsFillTheFirstColumns) {
  const RunArgs args = visible(Kind::polycommit, Kind::polycommit, Kind::polycommit);
  const auto record = product(args);
  const Bench bench(record, own_settings(record, args));
  EXPECT_EQ(bench.settings.polycommit_sizes, (std::vector<std::size_t>{3, 3, 3}));
  CircuitWitness witness(bench.record, bench.settings, bench.circuit, {inputs});
  EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
  const Values* messages[] = {&inputs, &params, &outputs};
  for (std::size_t m = 0; m < 3; ++m) {
    const auto column = bench.circuit.columns.polycommit[m][0][0];
    EXPECT_EQ(column.index, m);
    for (std::size_t row = 0; row < 3; ++row) {
      EXPECT_EQ(witness.columns()[column.index].at(row), Fr::from_i128((*messages[m])[row]));
      auto columns = witness.columns();
      columns[column.index].set(row, Fr::from_u64(9));
      EXPECT_FALSE(bench.mock(witness, columns).empty());
    }
  }
}

TEST(Modules, FixedParametersAreConstants) {
  const RunArgs args = visible(Kind::private_, Kind::fixed, Kind::public_);
  const auto record = product(args);
  const Bench bench(record, own_settings(record, args));
  EXPECT_EQ(text(bench.mock({inputs})), "");
  EXPECT_GE(bench.settings.total_const_size, 3u);
}

/// The circuit of a model whose input is hashed, with an honest run.
struct HashBench {
  RunArgs args = visible(Kind::hashed_public, Kind::fixed, Kind::public_);
  Bench bench;
  CircuitWitness witness;

  HashBench()
      : bench(product(args), own_settings(product(args), args)),
        witness(bench.record, bench.settings, bench.circuit, {inputs}) {}
  const PoseidonColumns& chip() const { return bench.circuit.columns.poseidon.at(0); }
  bool refused(const std::vector<plonk::ColumnValues>& columns, const std::vector<std::vector<Fr>>& shown) const {
    return !plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, columns, shown, {}, {}).empty();
  }
};

TEST(Hash, EveryCellOfItsStateIsBound) {
  HashBench h;
  ASSERT_FALSE(h.refused(h.witness.columns(), h.witness.instances()));
  const std::size_t rows = h.bench.settings.poseidon_rows;
  ASSERT_EQ(rows, 1 + 38 * inputs.size());
  for (const plonk::Column& column : {h.chip().state[0], h.chip().state[1], h.chip().partial_sbox}) {
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t place = row % 38;  // 1: the word, 2 .. 5 full, 6 .. 33 partial, 34 .. 37 full rounds
      const bool word = row > 0 && place == 1;
      if (column == h.chip().state[1] && word) continue;  // a word has no second half
      if (column == h.chip().partial_sbox && (place < 6 || place > 33)) continue;
      auto columns = h.witness.columns();
      columns[column.index].set(row, columns[column.index].at(row) + Fr::one());
      EXPECT_TRUE(h.refused(columns, h.witness.instances())) << "column " << column.index << " row " << row;
    }
  }
}

/// Lays a hash out in the columns of `h` as its circuit wants it, from another first state and for another message.
Fr forge_hash(const HashBench& h, std::vector<plonk::ColumnValues>& columns, std::array<Fr, 2> state,
              const std::vector<Fr>& message) {
  const PoseidonParams& constants = poseidon_hash_params();
  const auto fifth = [](const Fr& x) { return x.square().square() * x; };
  const auto round = [&](std::size_t r, bool full) {
    const Fr a = fifth(state[0] + constants.round_constants[2 * r]);
    const Fr second = state[1] + constants.round_constants[2 * r + 1], b = full ? fifth(second) : second;
    state = {constants.mds[0] * a + constants.mds[1] * b, constants.mds[2] * a + constants.mds[3] * b};
    return a;
  };
  std::size_t row = 0;
  const auto put = [&] {
    for (std::size_t i = 0; i < 2; ++i) columns[h.chip().state[i].index].set(row, state[i]);
  };
  put();
  for (const Fr& word : message) {
    columns[h.chip().state[0].index].set(++row, word);
    state[0] += word;
    ++row;
    put();
    for (std::size_t r = 0; r < 64;) {
      if (r >= 4 && r < 60) {
        columns[h.chip().partial_sbox.index].set(row, round(r, false));
        round(r + 1, false);
        r += 2;
      } else {
        round(r++, true);
      }
      ++row;
      put();
    }
  }
  return state[0];
}

TEST(Hash, AnotherDomainOrMessageIsRefusedThoughEveryRoundHolds) {
  HashBench h;
  const std::vector<Fr> message = elements_of({inputs});
  const std::array<Fr, 2> start{Fr::zero(), Fr::from_i128(Int128{1} << 64)};
  const auto attempt = [&](const std::array<Fr, 2>& first, const std::vector<Fr>& words) {
    auto columns = h.witness.columns();
    auto shown = h.witness.instances();
    shown[0][0] = forge_hash(h, columns, first, words);
    return h.refused(columns, shown);
  };
  ASSERT_FALSE(attempt(start, message));
  EXPECT_TRUE(attempt({start[0], Fr::zero()}, message)) << "another capacity";
  EXPECT_TRUE(attempt({start[0], start[1] + Fr::one()}, message)) << "another domain";
  EXPECT_TRUE(attempt({hash_of({1}), start[1]}, message)) << "the state that another message left";
  auto other = message;
  std::swap(other[0], other[1]);
  EXPECT_TRUE(attempt(start, other)) << "another order";
  other = message;
  other.push_back(Fr::zero());
  EXPECT_TRUE(attempt(start, other)) << "a longer message";
  other = message;
  other.pop_back();
  EXPECT_TRUE(attempt(start, other)) << "a shorter message";
}

TEST(Hash, ProverAndVerifierRefuseWhatMockRefuses) {
  HashBench h;
  const Srs srs = srs_from_secret(h.args.logrows, Fr::from_u64(1234567));
  const auto key = plonk::keygen(h.bench.circuit.cs, h.args.logrows,
                                 assemble(h.bench.record, h.bench.settings, h.bench.circuit), srs, true);
  Random random = Random::from_seed(1);
  const auto prove = [&](const std::vector<plonk::ColumnValues>& columns, const std::vector<std::vector<Fr>>& shown) {
    Given source(columns);
    return plonk::create_proof(srs, key, source, shown, random);
  };
  const auto shown = h.witness.instances();
  const auto proof = prove(h.witness.columns(), shown);
  EXPECT_TRUE(plonk::verify_proof(srs.verifier(), key.vk, {shown[0].size()}, shown, proof).accepted);

  auto false_hash = shown;
  false_hash[0][0] = hash_of({1, 2, 3});
  EXPECT_FALSE(plonk::verify_proof(srs.verifier(), key.vk, {shown[0].size()}, false_hash, proof).accepted);

  auto columns = h.witness.columns();
  false_hash[0][0] = forge_hash(h, columns, {Fr::zero(), Fr::one()}, elements_of({inputs}));
  EXPECT_THROW(prove(columns, false_hash), Error);
  columns = h.witness.columns();
  columns[h.chip().state[1].index].set(20, Fr::one());
  EXPECT_THROW(prove(columns, shown), Error);
}

/// y = x·p + x and z = x + x, of which hashed/private names some.
claims::Record two_outputs(const RunArgs& args) {
  claims::Recorder w(args);
  w.enter_node("model");
  const Tensor x = w.input({3}, {-20, 20}, true);
  w.bind(x, args.input_visibility, {Slot::Group::input, 0});
  const Tensor p = w.param({3}, std::make_shared<const Values>(params), false);
  w.bind(p, args.param_visibility, {Slot::Group::param, 0});
  const Tensor results[] = {w.add(w.mul(x, p), x), w.add(x, x)};
  for (std::uint32_t i = 0; i < 2; ++i) {
    w.output(results[i]);
    w.bind(results[i], args.output_visibility, {Slot::Group::output, i});
  }
  return w.finish();
}

const Values doubled{6, -40, 22};

TEST(Modules, PrivateHashesOfOutputsAndParametersAreBound) {
  RunArgs args = visible(Kind::public_, Kind::hashed_private, Kind::hashed_private);
  args.param_visibility.outlets = {0};
  for (const std::vector<std::size_t>& outlets : std::vector<std::vector<std::size_t>>{{0}, {1}, {1, 0}}) {
    args.output_visibility.outlets = outlets;
    const auto record = two_outputs(args);
    const Bench bench(record, own_settings(record, args));
    EXPECT_EQ(bench.settings.poseidon_counts, std::vector<std::size_t>{3}) << "as the published package counts";
    CircuitWitness witness(bench.record, bench.settings, bench.circuit, {inputs});
    EXPECT_EQ(text(bench.mock(witness, witness.columns())), "");
    std::vector<Fr> expected = elements_of({inputs});
    expected.insert(expected.begin(), hash_of(params));
    for (const std::size_t i : outlets) expected.push_back(hash_of(i == 0 ? outputs : doubled));
    EXPECT_EQ(witness.instances()[0], expected);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      auto shown = witness.instances();
      shown[0][i] += Fr::one();
      EXPECT_FALSE(
          plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, witness.columns(), shown, {}, {}).empty())
          << "instance " << i;
    }
    CircuitWitness::Options options;
    options.check = false;
    options.forged[record.outputs[outlets.back()].id] = {1, 2, 3};
    CircuitWitness forged(bench.record, bench.settings, bench.circuit, {inputs}, options);
    EXPECT_FALSE(bench.mock(forged, forged.columns()).empty());
  }
}

TEST(Modules, PrivateHashesThatMakeNoSenseAreRefused) {
  const auto refusal = [](const Visibility& input, const Visibility& param, const Visibility& output) {
    RunArgs args = visible(Kind::private_, Kind::fixed, Kind::public_);
    args.input_visibility = input;
    args.param_visibility = param;
    args.output_visibility = output;
    try {
      own_settings(two_outputs(args), args);
    } catch (const Error& e) {
      EXPECT_TRUE(e.fault() == Fault::unsupported || e.fault() == Fault::usage);
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  const Visibility none{Kind::private_, {}};
  const auto contains = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  EXPECT_TRUE(contains(refusal({Kind::hashed_private, {1}}, none, none), "tensor 1 is not there"));
  EXPECT_TRUE(contains(refusal(none, none, {Kind::hashed_private, {2}}), "tensor 2 is not there"));
  EXPECT_TRUE(contains(refusal(none, {Kind::hashed_private, {1}}, none), "tensor 1 is not there"));
  EXPECT_TRUE(contains(refusal(none, none, {Kind::hashed_private, {1, 1}}), "listed twice"));
  EXPECT_TRUE(contains(refusal(none, none, {Kind::hashed_private, {}}), "lists no tensor"));
}

}  // namespace
}  // namespace ezkl
