#include "circuit/configure.hpp"

#include <gtest/gtest.h>

#include "base/int128.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

GraphSettings small_settings() {
  GraphSettings out;
  out.run_args.logrows = 6;
  out.run_args.num_inner_cols = 2;
  out.total_assignments = 20;
  return out;
}

TEST(Configure, BlocksAreNeverPlannedFull) {
  EXPECT_EQ(blocks_for(0, 10), 1u);
  EXPECT_EQ(blocks_for(8, 10), 1u);
  EXPECT_EQ(blocks_for(9, 10), 2u);
  EXPECT_EQ(blocks_for(17, 10), 2u);
  EXPECT_EQ(blocks_for(18, 10), 3u);
}

TEST(Configure, BaseCircuitHasThreeBlocksAndNineOperations) {
  const auto circuit = configure(small_settings());
  EXPECT_EQ(circuit.cs.num_advice, 6u);
  EXPECT_EQ(circuit.cs.num_instance, 1u);
  EXPECT_EQ(circuit.cs.num_fixed, 0u);
  EXPECT_EQ(circuit.cs.num_selectors, 3u * 2 + 6);
  EXPECT_EQ(circuit.cs.gates.size(), 12u);
  EXPECT_EQ(circuit.cs.permutation.size(), 7u);
  EXPECT_EQ(circuit.cs.blinding_factors(), 5u);
  EXPECT_EQ(circuit.columns.usable_rows, 58u);
  EXPECT_EQ(circuit.cs.gates.front().name, "ADD");
  EXPECT_EQ(circuit.columns.base.at({BaseOp::sub, 0, 0}), 1u);
}

TEST(Configure, RangeBeyondOneColumnGetsChunkNumbers) {
  auto settings = small_settings();
  settings.required_range_checks = {{-100, 10}};
  const auto circuit = configure(settings);
  const auto& table = circuit.columns.range_checks.at(0);
  EXPECT_EQ(table.col_size, 56u);
  EXPECT_EQ(table.inputs.size(), 2u);
  EXPECT_EQ(table.multipliers.at(0), Fr::from_u64(1));
  EXPECT_EQ(table.multipliers.at(1), Fr::from_u64(1));
  EXPECT_EQ(circuit.cs.lookups.size(), 2u);
}

TEST(Configure, TablesThatJustFillTheirColumns) {
  // 56 values a column at 2^6 rows. The published package counts (high - low) / 56 + 1.
  for (const auto& [high, columns] : {std::pair<Int128, std::size_t>{54, 1}, {55, 1}, {56, 2}, {111, 2}, {112, 3}}) {
    auto settings = small_settings();
    settings.required_range_checks = {{0, high}};
    const auto circuit = configure(settings);
    const auto& table = circuit.columns.range_checks.at(0);
    EXPECT_EQ(table.inputs.size(), columns) << to_string(high);
    EXPECT_EQ(table.multipliers.size(), columns);
    EXPECT_GE(Int128(columns * table.col_size), high + 1) << "every value has a row";
  }
}

TEST(Configure, RepeatedTablesCountOnce) {
  auto settings = small_settings();
  settings.run_args.lookup_range = {-3, 3};
  settings.required_lookups = {{"Tanh", {{"scale", 128.0f}}}, {"Tanh", {{"scale", 128.0f}}}};
  settings.required_range_checks = {{0, 9}, {0, 9}};
  const auto circuit = configure(settings);
  EXPECT_EQ(circuit.columns.lookups.size(), 1u);
  EXPECT_EQ(circuit.columns.range_checks.size(), 1u);
  EXPECT_EQ(circuit.cs.num_fixed, 3u);
}

TEST(Configure, PublicHashAllocatesTheInstanceColumnInTheChip) {
  auto settings = small_settings();
  settings.run_args.input_visibility.kind = Visibility::Kind::hashed_public;
  settings.poseidon_counts = {1};
  const auto circuit = configure(settings);
  ASSERT_EQ(circuit.columns.poseidon.size(), 1u);
  EXPECT_TRUE(circuit.columns.poseidon[0].public_hash);
  // The hash's last column of constants joins the permutation after the instance column.
  ASSERT_GE(circuit.cs.permutation.size(), 2u);
  EXPECT_EQ(circuit.cs.permutation.back(), circuit.columns.poseidon[0].constants_b[1]);
  EXPECT_EQ(circuit.columns.constants.back(), circuit.columns.poseidon[0].constants_b[0]);
}

TEST(Configure, FreivaldsAddsASecondPhase) {
  auto settings = small_settings();
  settings.einsum_equations = {{"mk,kn->mn", {{"m", 2}, {"k", 3}, {"n", 2}}}};
  settings.total_einsum_col_size = 1;
  const auto circuit = configure(settings);
  ASSERT_EQ(circuit.columns.freivalds.size(), 1u);
  EXPECT_EQ(circuit.cs.num_challenges, 2u);
  EXPECT_EQ(circuit.columns.freivalds[0].combinations.size(), 2u);
  EXPECT_EQ(circuit.cs.num_advice, 6u + 6 * 2);
}

TEST(Configure, RefusesSizesThatMakeNoCircuit) {
  const auto expect_range = [](auto change) {
    auto settings = small_settings();
    change(settings);
    try {
      configure(settings);
      FAIL() << "accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range) << e.what();
    }
  };
  expect_range([](GraphSettings& s) { s.run_args.logrows = 3; });
  expect_range([](GraphSettings& s) { s.run_args.logrows = 40; });
  expect_range([](GraphSettings& s) { s.run_args.num_inner_cols = 0; });
  expect_range([](GraphSettings& s) { s.run_args.num_inner_cols = std::size_t{1} << 60; });
  expect_range([](GraphSettings& s) { s.total_assignments = ~std::size_t{0}; });
  expect_range([](GraphSettings& s) { s.total_assignments = std::size_t{1} << 39; });
  expect_range([](GraphSettings& s) { s.polycommit_sizes = {~std::size_t{0}}; });
  expect_range([](GraphSettings& s) { s.required_range_checks = {{0, Int128{1} << 100}}; });
  expect_range([](GraphSettings& s) { s.required_range_checks = {{5, 4}}; });
  static constexpr Int128 bits126 = Int128{1} << 126;  // the length of this range is beyond 128 bits
  expect_range([](GraphSettings& s) { s.required_range_checks = {{-bits126, bits126}}; });
  expect_range([](GraphSettings& s) { s.required_range_checks = {{-bits126 / 2, bits126 / 2}}; });
}

// Each of these few lines once asked for all memory or for minutes.
TEST(Configure, RefusesSettingsThatAskForMoreThanAnyCircuitHas) {
  const auto refusal = [](auto change) -> std::string {
    GraphSettings settings = small_settings();
    change(settings);
    try {
      configure(settings);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range) << e.what();
      return e.what();
    }
    return "accepted";
  };
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos ? testing::AssertionSuccess() : testing::AssertionFailure() << text;
  };
  // 2^40 constants in columns of 58 rows
  EXPECT_TRUE(has(refusal([](GraphSettings& s) { s.total_const_size = std::size_t{1} << 40; }), "columns of 2^6 rows"));
  // as many columns as there may be, each in both of the widest range check's 128 table columns
  const auto wide = [](GraphSettings& s) {
    s.run_args.num_inner_cols = 1;
    s.total_assignments = 50 * 5000;
    s.required_range_checks = {{0, 56 * 128 - 1}};
  };
  EXPECT_TRUE(has(refusal(wide), "larger logrows"));
  const auto tables = [](GraphSettings& s) {
    for (int i = 0; i < 1 << 18; ++i) s.required_range_checks.emplace_back(i, i + 1);
  };
  EXPECT_TRUE(has(refusal(tables), "selectors"));
  const auto tables_of_columns = [](GraphSettings& s) {
    s.required_range_checks = {{0, 56 * 128 - 1}};
    for (int i = 1; i < 64; ++i) s.required_range_checks.emplace_back(i, 56 * 128 - 1 + i);
  };
  EXPECT_TRUE(has(refusal(tables_of_columns), "expressions"));
  // every column of the model beside every column of a table
  const auto dynamic = [](GraphSettings& s) {
    s.run_args.num_inner_cols = 1;
    s.total_assignments = s.total_dynamic_col_size = 50 * 1000;
    s.num_dynamic_lookups = 1;
  };
  EXPECT_TRUE(has(refusal(dynamic), "selectors"));
  const auto wide_gates = [](GraphSettings& s) {
    s.run_args.num_inner_cols = 256;
    s.total_assignments = 50 * 256 * 12;
  };
  EXPECT_TRUE(has(refusal(wide_gates), "num_inner_cols"));
  const auto powers = [](GraphSettings& s) {
    s.run_args.num_inner_cols = 256;
    s.total_einsum_col_size = 1;
    const std::string axes = "abcdefghijklmn";
    std::map<std::string, std::size_t> sizes;
    for (const char axis : axes) sizes[std::string(1, axis)] = 2;
    s.einsum_equations = {{axes + "->" + axes, sizes}};
  };
  EXPECT_TRUE(has(refusal(powers), "einsum_params"));
  const auto products = [](GraphSettings& s) {
    s.total_einsum_col_size = 1;
    for (int i = 0; i < 1 << 17; ++i) s.einsum_equations.push_back({"a->a", {{"a", std::size_t{1} << 47}}});
  };
  EXPECT_TRUE(has(refusal(products), "einsum_params"));
}

TEST(Configure, MakesAsManyColumnsAsThereMayBe) {
  GraphSettings settings = small_settings();
  settings.run_args.num_inner_cols = 1;
  settings.total_assignments = 57 * 5400;
  const auto circuit = configure(settings);
  EXPECT_GT(circuit.cs.num_advice, 16000u);
  EXPECT_EQ(circuit.cs.permutation.size(), circuit.cs.num_advice + 1);
}

TEST(Configure, RefusesUnknownLookups) {
  auto settings = small_settings();
  settings.required_lookups = {{"Frobnicate", {{"scale", 1.0f}}}};
  EXPECT_THROW(configure(settings), Error);
}

}  // namespace
}  // namespace ezkl
