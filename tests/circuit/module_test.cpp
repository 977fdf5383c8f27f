// Visibilities: what the statement shows is tied to the very cells the model uses.
#include <gtest/gtest.h>

#include "circuit_bench.hpp"
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

TEST(Modules, HashesInPlaceOfTensorsAreRefused) {
  RunArgs args = visible(Kind::hashed_private, Kind::fixed, Kind::public_);
  args.input_visibility.outlets = {0};
  const auto record = product(args);
  try {
    own_settings(record, args);
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::unsupported);
  }
}

}  // namespace
}  // namespace ezkl
