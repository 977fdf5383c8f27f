// Tables longer than a column: which of the columns a value is looked up in is the prover's to say, and only as the
// number of one of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "circuit_bench.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Tensor;
using claims::Values;
using claims::Writer;

/// x in a range of several columns, or looked up in a function's table of several.
struct SeveralColumns {
  RunArgs args = small_args(1);
  Bench bench;
  CircuitWitness witness;

  SeveralColumns(bool function, Int128 x)
      : bench(make(args, function)), witness(bench.record, bench.settings, bench.circuit, {{x}}) {}

  static Bench make(RunArgs& args, bool function) {
    args.logrows = 6;
    args.lookup_range = {-100, 100};
    claims::Recorder w(args);
    w.enter_node("n");
    const Tensor x = w.input({1}, {0, 111}, function);
    if (!function) w.range(x, {0, 111});
    const Tensor y = function ? w.table(x, {"Sigmoid", {{"scale", 16.0f}}}) : w.scale(x, 1, 0);
    w.output(y);
    w.bind(y, args.output_visibility, {claims::Slot::Group::output, 0});
    const auto record = w.finish();
    GraphSettings settings = own_settings(record, args);
    settings.required_range_checks = {{0, 111}};
    settings.total_assignments = 120;
    settings.total_const_size = 20;
    return Bench(record, settings);
  }

  const StaticTable& table(bool function) const {
    return function ? bench.circuit.columns.lookups.at(0) : bench.circuit.columns.range_checks.at(0);
  }
  /// The first row that is sent to the table.
  plonk::Cell place(bool function, std::size_t operand) const {
    const StaticTable& t = table(function);
    for (std::size_t block = 0; block < t.selectors.size(); ++block) {
      const auto& on = bench.assembly.selectors.at(t.selectors[block][0]);
      for (std::uint32_t row = 0; row < on.size(); ++row) {
        if (on.get(row)) return {bench.circuit.columns.model[operand][block][0], row};
      }
    }
    ADD_FAILURE() << "nothing is looked up";
    return {};
  }
  std::vector<plonk::MockFailure> with(const std::vector<std::pair<plonk::Cell, Fr>>& changes) {
    auto columns = witness.columns();
    for (const auto& [cell, value] : changes) columns[cell.column.index].set(cell.row, value);
    return plonk::mock_check(bench.circuit.cs, args.logrows, bench.assembly, columns, witness.instances(), {}, {}, 50);
  }
};

bool names(const std::vector<plonk::MockFailure>& failures, const std::string& constraint) {
  return std::any_of(failures.begin(), failures.end(),
                     [&](const plonk::MockFailure& f) { return f.constraint.rfind(constraint, 0) == 0; });
}

TEST(TableColumns, AnIndexOutsideIsRefused) {
  for (const bool function : {false, true}) {
    SeveralColumns s(function, 70);
    const std::size_t columns = s.table(function).inputs.size();
    ASSERT_GE(columns, 2u);
    ASSERT_EQ(text(s.with({})), "");
    const plonk::Cell index = s.place(function, 1);
    for (const Fr& value : {Fr::from_i64(-1), Fr::from_u64(columns), Fr::from_u64(columns + 7),
                            Fr::from_hex("0x1234567890abcdef1234567890abcdef"), Fr::from_u64(2).inverse()}) {
      EXPECT_TRUE(names(s.with({{index, value}}), "gate range_check_on_sel"));
    }
    // Another column of the table: the value is not there.
    for (std::size_t c = 0; c < columns; ++c) {
      const Fr value = Fr::from_u64(c);
      if (value == s.witness.columns()[index.column.index].at(index.row)) continue;
      EXPECT_TRUE(names(s.with({{index, value}}), "lookup"));
    }
  }
}

// For two columns of s values from 0 on and index v, the lookups are sent (1 - v)·x and v·(x - s) + s. With v = 55/56
// and s = 56 both find x = 112, which lies behind the range, among their values: the gate on the index alone refuses
// it.
TEST(TableColumns, AnIndexThatFitsBothLookupsIsRefusedByItsGate) {
  SeveralColumns s(false, 70);
  ASSERT_EQ(s.table(false).inputs.size(), 2u);
  ASSERT_EQ(s.table(false).col_size, 56u);
  const plonk::Cell index = s.place(false, 1), value = s.place(false, 0);
  const auto failures = s.with({{index, Fr::from_u64(55) * Fr::from_u64(56).inverse()}, {value, Fr::from_u64(112)}});
  EXPECT_TRUE(names(failures, "gate range_check_on_sel"));
  EXPECT_FALSE(names(failures, "lookup")) << text(failures);
}

}  // namespace
}  // namespace ezkl
