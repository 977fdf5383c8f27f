// What is counted without laying out every product is what a key then holds, and the bound by which settings are put in
// order never lies above it.
#include "circuit/layout_count.hpp"

#include <gtest/gtest.h>

#include <random>

#include "circuit/walker.hpp"
#include "circuit_bench.hpp"
#include "graph/claims/compound.hpp"

namespace ezkl {
namespace {

using namespace test;
using claims::Rounding;
using claims::Tensor;
using claims::Values;
using claims::View;
using claims::Writer;

/// Weights with zeros and ones among them.
Values weights(std::size_t count, int seed) {
  std::mt19937 engine(static_cast<unsigned>(seed));
  std::uniform_int_distribution<int> value(-4, 4);
  Values out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(value(engine));
  return out;
}

/// [2, 9, 9] with 3×3 kernels of 5 channels, padded by one with `outside`.
Tensor convolution(Writer& w, Tensor x, Values kernel, Int128 outside) {
  const Tensor weight = w.constant({5, 2, 3, 3}, std::move(kernel));
  const Shape out{5, 9, 9}, sum{2, 3, 3}, loops{5, 9, 9, 2, 3, 3};
  const View data{x, loops, {{0, {{3, 1}}}, {-1, {{1, 1}, {4, 1}}}, {-1, {{2, 1}, {5, 1}}}}, outside};
  const View factor{weight, loops, {{0, {{0, 1}}}, {0, {{3, 1}}}, {0, {{4, 1}}}, {0, {{5, 1}}}}, 0};
  const View factors[] = {data, factor};
  return w.contract(out, sum, factors);
}

/// [2, 9, 9] as two matrices [9, 9], both factors unknown.
Tensor batched(Writer& w, Tensor a, Tensor b) {
  const Shape out{2, 9, 9}, sum{9}, loops{2, 9, 9, 9};
  const View left{a, loops, {{0, {{0, 1}}}, {0, {{1, 1}}}, {0, {{3, 1}}}}, 0};
  const View right{b, loops, {{0, {{0, 1}}}, {0, {{3, 1}}}, {0, {{2, 1}}}}, 0};
  const View factors[] = {left, right};
  return w.contract(out, sum, factors);
}

Tensor halved(Writer& w, Tensor x) { return claims::divide(w, x, 2, Rounding::half_away); }

struct Model {
  const char* name;
  Build build;
};

const std::vector<Model>& models() {
  static const std::vector<Model> all{
      {"convolution", [](Writer& w, Tensor x) { return convolution(w, x, weights(90, 1), 0); }},
      {"padded by 7", [](Writer& w, Tensor x) { return convolution(w, x, weights(90, 2), 7); }},
      {"sums of windows", [](Writer& w, Tensor x) { return convolution(w, x, Values(90, 1), 0); }},
      {"no weights", [](Writer& w, Tensor x) { return convolution(w, x, Values(90, 0), 0); }},
      {"one weight",
       [](Writer& w, Tensor x) {
         Values kernel(90, 0);
         kernel[40] = 3;
         return convolution(w, x, std::move(kernel), 0);
       }},
      {"after a division", [](Writer& w, Tensor x) { return convolution(w, halved(w, x), weights(90, 3), 0); }},
      {"relu after it", [](Writer& w, Tensor x) { return claims::relu(w, convolution(w, x, weights(90, 4), 0)); }},
      {"one factor waits", [](Writer& w, Tensor x) { return batched(w, halved(w, x), x); }},
      {"both factors wait",
       [](Writer& w, Tensor x) {
         const Tensor y = halved(w, x);
         return batched(w, y, claims::absolute(w, y));
       }},
      {"square", [](Writer& w, Tensor x) { return batched(w, x, x); }},
  };
  return all;
}

struct Laid {
  std::uint64_t rows = 0, einsum_rows = 0;
  std::size_t constants = 0;
};

/// The layout of a key, cell by cell.
Laid laid_out(const claims::Record& record, const GraphSettings& settings) {
  const ConfiguredCircuit circuit = configure(settings);
  circuit::Tape tape(settings, false);
  plonk::Assembly assembly;
  assembly.fixed.assign(circuit.cs.num_fixed, plonk::ColumnValues(tape.geometry().n));
  assembly.selectors.assign(circuit.cs.num_selectors, plonk::SelectorBits(tape.geometry().n));
  tape.attach_keys(circuit.cs, circuit.columns, assembly);
  circuit::Walker walker(record, tape);
  walker.run();
  return {tape.usage().rows, walker.einsum_rows(), tape.usage().constants};
}

TEST(LayoutCount, IsWhatAKeyHolds) {
  for (const Model& m : models()) {
    for (const std::size_t width : {1, 2, 3, 4}) {
      for (const unsigned k : {9u, 11u, 15u}) {
        for (const bool freivalds : {false, true}) {
          RunArgs args = small_args(width);
          args.logrows = k;
          args.decomp_legs = 4;
          args.disable_freivalds = !freivalds;
          const auto record = model(args, {2, 9, 9}, 15, m.build);
          const GraphSettings settings = own_settings(record, args);
          const Laid laid = laid_out(record, settings);
          const std::string where = std::string(m.name) + " " + std::to_string(width) + " " + std::to_string(k);
          EXPECT_EQ(settings.num_rows, laid.rows) << where;
          EXPECT_EQ(settings.total_assignments, laid.rows * width) << where;
          EXPECT_EQ(settings.total_const_size, laid.constants) << where;
        }
      }
    }
  }
}

TEST(LayoutCount, IsNeverLessThanItsBound) {
  for (const Model& m : models()) {
    RunArgs args = small_args(2);
    args.logrows = 15;
    args.decomp_legs = 4;
    const auto record = model(args, {2, 9, 9}, 15, m.build);
    const circuit::LayoutProfile profile = circuit::layout_profile(record, args);
    const circuit::CheckCounts checks = circuit::check_counts(profile, record);
    for (const std::size_t width : {1, 2, 3, 4, 7}) {
      for (const unsigned k : {6u, 9u, 13u}) {
        for (const Int128 digits : {2, 16, 300, 4096}) {
          for (const bool freivalds : {false, true}) {
            RunArgs there = args;
            there.num_inner_cols = width;
            there.logrows = k;
            const std::vector<CheckedRange> ranges{{0, digits - 1}, {-1, 1}};
            const auto least = circuit::least_count(profile, checks, there, ranges, freivalds);
            const auto exact = circuit::exact_count(record, there, ranges, freivalds);
            const std::string where = std::string(m.name) + " " + std::to_string(width) + " " + std::to_string(k) +
                                      " " + to_string(digits) + (freivalds ? " freivalds" : "");
            EXPECT_LE(least.rows, exact.rows) << where;
            EXPECT_LE(least.einsum_rows, exact.einsum_rows) << where;
            EXPECT_LE(least.constants, exact.constants) << where;
            EXPECT_EQ(least.ranges, exact.ranges) << where;
            EXPECT_EQ(least.tables, exact.tables) << where;
            EXPECT_EQ(least.instances, exact.instances) << where;
            // In one block, and with products of constants, nothing is left to order.
            if (k == 13 && m.name == models()[0].name) {
              EXPECT_GE(least.rows * 10, exact.rows * 9) << where;
            }
          }
        }
      }
    }
  }
}

/// Bounds that follow from the base differ, nothing else: one profile serves both.
TEST(LayoutCount, OneProfileServesBasesOfTheSameClaims) {
  const auto build = [](Writer& w, Tensor x) { return claims::relu(w, convolution(w, x, weights(90, 4), 0)); };
  RunArgs args = small_args(2);
  args.decomp_legs = 4;
  const auto record = model(args, {2, 9, 9}, 15, build);
  RunArgs other = args;
  other.decomp_base = 64;
  other.decomp_legs = 3;
  EXPECT_TRUE(circuit::same_layout(record, model(other, {2, 9, 9}, 15, build)));
  EXPECT_FALSE(circuit::same_layout(
      record, model(args, {2, 9, 9}, 15, [&](Writer& w, Tensor x) { return build(w, halved(w, x)); })));
}

TEST(LayoutCount, PlanTakesTheBestOption) {
  const auto build = [](Writer& w, Tensor x) { return claims::relu(w, convolution(w, x, weights(90, 4), 0)); };
  std::vector<claims::Record> records;
  std::vector<PlanOption> options;
  records.reserve(3);
  for (const std::size_t base : {16, 64, 256}) {
    RunArgs args = small_args(2);
    args.logrows = 17;
    args.decomp_base = base;
    args.decomp_legs = base == 16 ? 4 : 3;
    records.push_back(model(args, {2, 9, 9}, 15, build));
    for (const std::size_t width : {2, 3, 4}) {
      args.num_inner_cols = width;
      GraphSettings settings;
      settings.run_args = args;
      options.push_back({&records.back(), settings});
    }
  }
  for (const ChoiceTarget target : {ChoiceTarget::prove, ChoiceTarget::size, ChoiceTarget::gas, ChoiceTarget::memory}) {
    const GraphSettings chosen = plan_settings(options, true, target);
    const double least = price(proving_cost(chosen), target);
    EXPECT_THROW(plan_settings(options, true, target, least), Error);
    EXPECT_EQ(price(proving_cost(plan_settings(options, true, target, least * 1.01)), target), least);
    for (const PlanOption& option : options) {
      const GraphSettings alone = plan_settings(*option.record, option.base, true, target);
      EXPECT_LE(price(proving_cost(chosen), target), price(proving_cost(alone), target) * 1.0000001);
    }
  }
}

}  // namespace
}  // namespace ezkl
