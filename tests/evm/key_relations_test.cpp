// Which commitments of a key are sums of others.
#include "evm/key_relations.hpp"

#include <gtest/gtest.h>

namespace ezkl::evm {
namespace {

Fr number(std::uint64_t value) { return Fr::from_u64(value); }

/// Points whose discrete logarithms are known; far apart, so that none is a sum of others by chance.
G1 point(std::uint64_t seed) { return G1::generator().mul(number(1'000'003).pow(seed + 2)); }

std::vector<LinearCombination> relations(const std::vector<G1>& points, const std::vector<Fr>& units = {}) {
  std::vector<KeyPoint> key;
  for (std::size_t i = 0; i < points.size(); ++i) {
    key.push_back({points[i].to_affine(), units.empty() ? Fr::one() : units[i]});
  }
  return key_relations(key);
}

using Pair = std::pair<std::size_t, Fr>;

TEST(KeyRelations, UnrelatedPointsStandForThemselves) {
  const auto found = relations({point(0), point(1), point(2), point(3), point(4)});
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], LinearCombination({Pair(i, Fr::one())}));
}

TEST(KeyRelations, TheIdentityIsTheEmptySum) {
  const auto found = relations({point(0), G1::identity()});
  EXPECT_TRUE(found[1].empty());
  EXPECT_TRUE(relations({}).empty());
}

TEST(KeyRelations, EqualOppositeAndSummedPoints) {
  const G1 a = point(0), b = point(1), c = point(2);
  const auto found = relations({a, b, c, a, -b, a + b, a - c, a + b - c});
  const Fr one = Fr::one();
  EXPECT_EQ(found[3], LinearCombination({Pair(0, one)}));
  EXPECT_EQ(found[4], LinearCombination({Pair(1, -one)}));
  EXPECT_EQ(found[5], LinearCombination({Pair(0, one), Pair(1, one)}));
  EXPECT_EQ(found[6], LinearCombination({Pair(0, one), Pair(2, -one)}));
  EXPECT_EQ(found[7], LinearCombination({Pair(0, one), Pair(1, one), Pair(2, -one)}));
}

TEST(KeyRelations, MultipliedProgressionHangsOnTwoPoints) {
  const G1 start = point(0), step = point(1);
  std::vector<G1> points;
  std::vector<Fr> units;
  G1 place = start;
  for (std::uint64_t i = 0; i < 12; ++i, place += step) {
    units.push_back(number(5 + i * i * i));
    points.push_back(place.mul(units.back()));
  }
  const auto found = relations(points, units);
  for (std::size_t i = 2; i < points.size(); ++i) {
    // start + i step, times its unit
    const Fr scale = units[i];
    const Fr from_start = -number(i - 1) * scale * units[0].inverse();
    const Fr from_step = number(i) * scale * units[1].inverse();
    EXPECT_EQ(found[i], LinearCombination({Pair(0, from_start), Pair(1, from_step)})) << i;
  }
}

TEST(KeyRelations, WhatFollowsFromSeveralRelationsIsUsed) {
  // e holds three others, f only e and one more: f is a sum of four that stand for themselves
  const G1 a = point(0), b = point(1), c = point(2), d = point(3);
  const G1 e = a + b - c, f = e - d;
  const auto found = relations({a, b, c, d, e, f});
  const Fr one = Fr::one();
  EXPECT_EQ(found[5], LinearCombination({Pair(0, one), Pair(1, one), Pair(2, -one), Pair(3, -one)}));
}

}  // namespace
}  // namespace ezkl::evm
