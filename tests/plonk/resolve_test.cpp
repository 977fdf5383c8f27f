#include <gtest/gtest.h>

#include "ezkl/error.hpp"
#include "plonk/constraint_system.hpp"
#include "plonk/proof_shape.hpp"

namespace ezkl::plonk {
namespace {

SelectorBits rows(std::size_t n, std::initializer_list<std::size_t> active) {
  SelectorBits out(n);
  for (const std::size_t row : active) out.set(row);
  return out;
}

/// `count` gates s_i * a, each with a selector of its own.
ConstraintSystem gates_on_one_column(std::size_t count) {
  ConstraintSystem cs;
  const auto column = cs.advice_column();
  for (std::size_t i = 0; i < count; ++i) {
    const auto selector = cs.selector();
    cs.gate("gate", {selector * cs.query(column)});
  }
  return cs;
}

TEST(Queries, AreNumberedInOrderOfFirstUse) {
  ConstraintSystem cs;
  const auto a = cs.advice_column();
  const auto b = cs.advice_column();
  EXPECT_EQ(cs.query(b).node().query, 0u);
  EXPECT_EQ(cs.query(a, 1).node().query, 1u);
  EXPECT_EQ(cs.query(b).node().query, 0u);
  cs.enable_equality(a);
  EXPECT_EQ(cs.advice_queries.size(), 3u);
  EXPECT_EQ(cs.blinding_factors(), 5u);
  cs.query(a, -1);
  cs.query(a, 2);
  EXPECT_EQ(cs.blinding_factors(), 6u);
}

TEST(Identifiers, ReadAsTheyAreOrdered) {
  ConstraintSystem cs;
  const auto fixed = cs.query(cs.fixed_column(), -1);
  const auto selector = cs.selector(false);
  EXPECT_EQ((selector * (fixed - Expression::constant(Fr::one()))).identifier(),
            "(selector[0]*(fixed[0][-1]+(-0x" + std::string(63, '0') + "1)))");
  EXPECT_EQ(cs.challenge().scaled(Fr::from_u64(16)).identifier(), "challenge[0]*0x" + std::string(62, '0') + "10");
}

TEST(Resolve, DisjointSelectorsShareAColumnWithinTheDegree) {
  auto cs = gates_on_one_column(3);
  // Degree 3: a gate of degree 2 leaves room for two selectors in a column.
  const std::vector<SelectorBits> bits = {rows(8, {0}), rows(8, {1}), rows(8, {2})};
  const auto system = resolve(cs, bits, true);
  EXPECT_EQ(system.degree, 3u);
  EXPECT_EQ(system.combinations, (std::vector<std::vector<std::uint32_t>>{{0, 1}, {2}}));
  EXPECT_EQ(system.cs.num_fixed, 2u);
  EXPECT_EQ(system.selectors_in_digest, 3u);
  // Member 2 of two: q * (1 - q), times the gate.
  EXPECT_EQ(system.gates[1].degree(), 3u);
}

TEST(Resolve, SelectorsActiveOnOneRowStayApart) {
  auto cs = gates_on_one_column(3);
  const std::vector<SelectorBits> bits = {rows(8, {0, 5}), rows(8, {5}), rows(8, {2})};
  const auto system = resolve(cs, bits, true);
  EXPECT_EQ(system.combinations, (std::vector<std::vector<std::uint32_t>>{{0, 2}, {1}}));
}

TEST(Resolve, ManySelectorsAreCombinedAsFewAre) {
  // More than are compared in pairs, on rows that repeat: selector i meets i + 300 and, where both have row 299,
  // others.
  constexpr std::size_t count = 5000, n = 512;
  const auto cs = gates_on_one_column(count);
  std::vector<SelectorBits> bits;
  for (std::size_t i = 0; i < count; ++i) {
    bits.push_back(rows(n, {i % 300, i % 7 == 0 ? 299 : i % 300}));
    if (i % 11 != 0) continue;
    for (std::size_t row = 300; row < n; ++row) bits.back().set(row);  // of more rows than are looked up
  }
  // First fit, pair by pair.
  std::vector<std::vector<std::uint32_t>> wanted;
  std::vector<bool> placed(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (placed[i]) continue;
    wanted.push_back({i});
    for (std::uint32_t j = i + 1; j < count && wanted.back().size() == 1; ++j) {
      bool meet = placed[j];
      for (std::size_t row = 0; row < n && !meet; ++row) meet = bits[i].get(row) && bits[j].get(row);
      if (meet) continue;
      wanted.back().push_back(j);
      placed[j] = true;
    }
  }
  EXPECT_EQ(resolve(cs, bits, true).combinations, wanted);
}

TEST(Resolve, ComplexSelectorsComeFirstAndAlone) {
  auto cs = gates_on_one_column(1);
  const auto complex = cs.selector(false);
  const auto table = cs.fixed_column();
  cs.lookup({complex * cs.query({ColumnKind::advice, 0, 0})}, {cs.query(table)});
  const auto system = resolve(cs, {rows(8, {0}), rows(8, {1})}, true);
  EXPECT_EQ(system.combinations, (std::vector<std::vector<std::uint32_t>>{{1}, {0}}));
  EXPECT_EQ(system.first_selector_column, 1u);
}

TEST(Resolve, WithoutCompressionEverySelectorGetsAColumn) {
  auto cs = gates_on_one_column(3);
  const auto system = resolve(cs, {}, false);
  EXPECT_EQ(system.cs.num_fixed, 3u);
  EXPECT_EQ(system.selectors_in_digest, 0u);
  EXPECT_EQ(system.gates[2].degree(), 2u);
}

TEST(Resolve, NeedsOneActivationListPerSelector) {
  auto cs = gates_on_one_column(2);
  EXPECT_THROW(resolve(cs, {rows(8, {0})}, true), Error);
  EXPECT_THROW(resolve(cs, {rows(8, {0}), rows(16, {0})}, true), Error);
}

TEST(Resolve, InputsOfATableShareAnArgumentOnlyWithinTheDegree) {
  for (const unsigned gate_degree : {2u, 6u}) {
    ConstraintSystem cs;
    const auto a = cs.query(cs.advice_column());
    auto power = a;
    for (unsigned i = 1; i < gate_degree; ++i) power = power * a;
    cs.gate("power", {power});
    const auto table = cs.fixed_column();
    for (int i = 0; i < 3; ++i) cs.lookup({a}, {cs.query(table)});
    const auto system = resolve(cs, {}, true);
    // One input needs degree 4; each further one takes one more.
    EXPECT_EQ(system.arguments.size(), gate_degree == 2 ? 3u : 1u);
    EXPECT_EQ(system.degree, gate_degree == 2 ? 4u : 6u);
  }
}

TEST(ProofShape, ListsThePartsInProtocolOrder) {
  ConstraintSystem cs;
  const auto a = cs.advice_column();
  const auto fixed = cs.fixed_column();
  cs.enable_equality(a);
  cs.gate("step", {cs.query(a, 1) - cs.query(a)});
  cs.lookup({cs.query(a)}, {cs.query(fixed)});
  const auto system = resolve(cs, {}, true);
  const ProofShape shape(system, 4);
  std::string listed;
  for (const auto& e : shape.evaluations) listed += to_string(e.polynomial) + '@' + std::to_string(e.rotation) + ' ';
  EXPECT_EQ(listed,
            "advice[0]@0 advice[0]@1 fixed[0]@0 random@0 sigma[0]@0 permutation[0].z@0 permutation[0].z@1 "
            "lookup[0].phi@0 lookup[0].phi@1 lookup[0].m@0 ");
  // advice, m, z, phi, random, three pieces of h, W, W'.
  EXPECT_EQ(shape.num_points, 10u);
  EXPECT_EQ(shape.proof_size, 64 * 10 + 32 * 10u);
  ASSERT_EQ(shape.sets.size(), 2u);
  EXPECT_EQ(shape.sets[0].rotations, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(shape.sets[0].polynomials.size(), 3u);
}

TEST(ProofShape, EqualColumnsStayTwoPolynomials) {
  ConstraintSystem cs;
  const auto one = cs.fixed_column();
  const auto two = cs.fixed_column();
  cs.gate("both", {cs.query(one) * cs.query(two)});
  const ProofShape shape(resolve(cs, {}, true), 4);
  EXPECT_NE(shape.evaluation_index({PolynomialId::Kind::fixed, 0}, 0),
            shape.evaluation_index({PolynomialId::Kind::fixed, 1}, 0));
  EXPECT_THROW(shape.evaluation_index({PolynomialId::Kind::fixed, 0}, 1), Error);
}

TEST(ProofShape, RefusesRotationsThatCoincide) {
  ConstraintSystem cs;
  const auto a = cs.advice_column();
  cs.gate("wrap", {cs.query(a) - cs.query(a, 16)});
  const auto system = resolve(cs, {}, true);
  EXPECT_THROW(ProofShape(system, 4), Error);
  EXPECT_NO_THROW(ProofShape(system, 5));
}

}  // namespace
}  // namespace ezkl::plonk
