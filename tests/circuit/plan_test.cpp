// Settings that are planned leave room for the model they were planned for, at any size; rows stay below the published
// layout's; what does not fit is refused with the setting that is short.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "circuit/statement_of.hpp"
#include "circuit_bench.hpp"
#include "graph/claims/compound.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Rounding;
using claims::Tensor;
using claims::Values;
using claims::Writer;

Tensor mixed(Writer& w, Tensor x) {
  const std::size_t axes[] = {1};
  const Tensor y = claims::divide(w, w.mul(x, x), 8, Rounding::half_away);
  const Tensor z = w.table(y, {"Sigmoid", {{"scale", 16.0f}}});
  return w.sum(claims::relu(w, w.add(z, x)), axes);
}

TEST(Plan, LeavesRoomAtEverySize) {
  for (const std::size_t width : {1, 2, 4}) {
    for (unsigned k = 6; k <= 10; ++k) {
      for (const std::size_t lines : {1, 7, 40, 100}) {
        if (lines + 8 > (std::size_t{1} << k)) continue;  // as many public outputs
        RunArgs args = small_args(width);
        args.logrows = k;
        args.lookup_range = {-30, 70};
        const auto record = model(args, {lines, 5}, 15, mixed);
        const GraphSettings settings = own_settings(record, args);
        EXPECT_EQ(settings.run_args.logrows, k);
        EXPECT_NO_THROW(check_room(record, settings)) << width << " " << k << " " << lines;
        EXPECT_TRUE(std::is_sorted(settings.required_range_checks.begin(), settings.required_range_checks.end()));
      }
    }
  }
}

TEST(Plan, ChoosesRowsThatFit) {
  for (const std::size_t lines : {1, 30, 300}) {
    RunArgs args = small_args(2);
    args.logrows = 17;
    args.decomp_base = 16384;
    args.decomp_legs = 2;
    args.lookup_range = {-30, 70};
    const auto record = model(args, {lines, 5}, 15, mixed);
    const GraphSettings settings = own_settings(record, args, true);
    EXPECT_NO_THROW(check_room(record, settings));
    EXPECT_LE(settings.run_args.logrows, 14u);
    const Bench bench(record, settings);
    EXPECT_EQ(text(bench.mock({Values(lines * 5, -7)})), "");
  }
}

/// Cells an element in the published package's layout (docs/spec/operations.md 8), with 2 legs and 2 inner columns.
TEST(Plan, TakesFewerCellsThanThePublishedLayout) {
  struct Row {
    const char* name;
    double published;
    Build build;
  };
  const std::vector<Row> rows{
      {"relu", 16, [](Writer& w, Tensor x) { return claims::relu(w, x); }},
      {"absolute", 11, [](Writer& w, Tensor x) { return claims::absolute(w, x); }},
      {"sign", 16, [](Writer& w, Tensor x) { return claims::sign(w, x); }},
      {"greater", 22, [](Writer& w, Tensor x) { return claims::greater(w, x, w.constant({1}, {3})); }},
      {"equals", 5, [](Writer& w, Tensor x) { return claims::equals(w, x, w.constant({1}, {3})); }},
      {"divide", 46, [](Writer& w, Tensor x) { return claims::divide(w, x, 128, Rounding::half_away); }},
      {"reciprocal", 120, [](Writer& w, Tensor x) { return claims::reciprocal(w, x, 16384, 0); }},
      {"root", 104, [](Writer& w, Tensor x) { return claims::root(w, w.mul(x, x)); }},
      {"add", 1, [](Writer& w, Tensor x) { return w.add(x, x); }},
      {"product", 1, [](Writer& w, Tensor x) { return w.mul(x, x); }},
      {"table", 1,
       [](Writer& w, Tensor x) {
         return w.table(x, {"Sigmoid", {{"scale", 16.0f}}});
       }},
  };
  RunArgs args;
  args.lookup_range = {-100, 100};
  const std::size_t elements = 1000;
  const auto cells = [&](const Build& build) {
    const auto record = model(args, {elements}, 100, build);
    GraphSettings settings = own_settings(record, args);
    return double(settings.total_assignments);
  };
  const double nothing = cells([](Writer&, Tensor x) { return x; });
  for (const Row& row : rows) {
    const double taken = (cells(row.build) - nothing) / double(elements);
    EXPECT_LE(taken, row.published) << row.name;
    RecordProperty(row.name, std::to_string(taken));
  }
}

TEST(Plan, NamesWhatIsShort) {
  const RunArgs args = small_args(2);
  const auto record = model(args, {8, 5}, 15, mixed);
  const GraphSettings good = own_settings(record, args);
  const auto message = [&](GraphSettings settings) -> std::string {
    try {
      check_room(record, settings);
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::range);
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(message(good), "");
  GraphSettings rows = good;
  rows.total_assignments = 10;
  rows.run_args.logrows = 6;
  EXPECT_NE(message(rows).find("total_assignments"), std::string::npos);
  GraphSettings constants = good;
  constants.total_const_size = 0;
  EXPECT_NE(message(constants).find("total_const_size"), std::string::npos);
  GraphSettings tables = good;
  tables.required_lookups.clear();
  EXPECT_NE(message(tables).find("Sigmoid"), std::string::npos);
}

// The bindings of each tensor were searched for among all: minutes for the outputs of a model of 500 kB.
TEST(Statement, FindsWhatItShowsOfManyTensors) {
  constexpr std::uint32_t outputs = 50000;
  using Group = claims::Slot::Group;
  claims::Record record;
  const auto bind = [&](Group group, std::uint32_t index, Visibility::Kind kind) {
    record.bindings.push_back({{std::uint32_t(record.bindings.size())}, {kind, {}}, {group, index}});
  };
  bind(Group::param, 0, Visibility::Kind::hashed_public);
  for (std::uint32_t i = 0; i < outputs; ++i) bind(Group::output, i, Visibility::Kind::public_);
  bind(Group::input, 0, Visibility::Kind::private_);
  bind(Group::param, 1, Visibility::Kind::hashed_public);
  const auto start = std::chrono::steady_clock::now();
  const StatementOrder order = statement_order_of(record);
  ASSERT_EQ(order.instances.size(), outputs + 1);
  const BoundTensors bound(record);
  const auto params = bound.of(order.instances[0]);
  ASSERT_EQ(params.size(), 2u);
  EXPECT_EQ(params[0]->tensor.id, 0u);
  EXPECT_EQ(params[1]->tensor.id, outputs + 2);
  for (std::uint32_t i = 0; i < outputs; ++i) {
    ASSERT_EQ(bound.of(order.instances[i + 1]).size(), 1u);
    ASSERT_EQ(bound.of(order.instances[i + 1])[0]->tensor.id, i + 1);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace ezkl
