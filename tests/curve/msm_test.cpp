#include "curve/msm.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "field/random.hpp"

namespace ezkl {
namespace {

/// Bases with known logarithms: a sum is checked by one multiplication of the generator.
struct Bases {
  std::vector<Fr> logs;
  std::vector<G1Affine> points;
};

Bases make_bases(std::size_t n) {
  Bases out;
  std::vector<G1> points;
  Fr log = Fr::from_u64(0x9e3779b97f4a7c15).pow(7);
  const Fr step = Fr::from_u64(77).pow(60);
  G1 point = G1::generator().mul(log);
  const G1 point_step = G1::generator().mul(step);
  for (std::size_t i = 0; i < n; ++i) {
    out.logs.push_back(log);
    points.push_back(point);
    log += step;
    point += point_step;
  }
  out.points.resize(n);
  batch_to_affine(points, out.points);
  return out;
}

G1 expected(const Bases& bases, const std::vector<Fr>& scalars) {
  Fr total;
  for (std::size_t i = 0; i < scalars.size(); ++i) total += scalars[i] * bases.logs[i];
  return G1::generator().mul(total);
}

TEST(Msm, RandomScalarsOfManySizes) {
  Random random = Random::from_seed(5);
  for (const std::size_t n : {0u, 1u, 2u, 3u, 31u, 200u, 1000u, 5000u}) {
    const Bases bases = make_bases(n);
    std::vector<Fr> scalars(n);
    for (Fr& s : scalars) s = random_fr(random);
    EXPECT_EQ(msm(bases.points, scalars), expected(bases, scalars)) << n;
  }
}

TEST(Msm, EqualAndOppositePointsAndIdentities) {
  // Every bucket meets doublings, cancellations and identities.
  for (const std::size_t n : {4u, 300u, 3000u}) {
    Bases bases = make_bases(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (i % 3 != 0) {
        bases.points[i] = i % 3 == 1 ? bases.points[0] : -bases.points[0];
        bases.logs[i] = i % 3 == 1 ? bases.logs[0] : -bases.logs[0];
      }
      if (i % 7 == 5) {
        bases.points[i] = G1Affine::identity();
        bases.logs[i] = Fr::zero();
      }
    }
    for (const int kind : {0, 1, 2}) {
      std::vector<Fr> scalars(n);
      for (std::size_t i = 0; i < n; ++i) {
        scalars[i] = kind == 0 ? Fr::one() : kind == 1 ? -Fr::one() : Fr::from_i64(std::int64_t(i % 5) - 2);
      }
      EXPECT_EQ(msm(bases.points, scalars), expected(bases, scalars)) << n << " " << kind;
    }
  }
}

TEST(Msm, AllDigitsOfOneScalar) {
  const Bases bases = make_bases(40);
  std::vector<Fr> scalars(40);
  for (std::size_t i = 0; i < 40; ++i) scalars[i] = -Fr::from_u64(2).pow(6 * i) + Fr::from_u64(i);
  EXPECT_EQ(msm(bases.points, scalars), expected(bases, scalars));
}

TEST(MsmSmall, AllMagnitudes) {
  Random random = Random::from_seed(6);
  for (const std::size_t n : {1u, 50u, 3000u}) {
    const Bases bases = make_bases(n);
    for (const unsigned bits : {1u, 2u, 8u, 16u, 33u, 62u}) {
      std::vector<std::int64_t> values(n);
      std::vector<Fr> scalars(n);
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t draw = random.next_u64();
        const std::int64_t magnitude = std::int64_t(draw & ((std::uint64_t{1} << bits) - 1));
        values[i] = draw >> 63 ? -magnitude : magnitude;
        if (draw >> 62 == 1) values[i] = 0;
        scalars[i] = Fr::from_i64(values[i]);
      }
      EXPECT_EQ(msm_small(bases.points, values), expected(bases, scalars)) << n << " " << bits;
    }
  }
}

TEST(MsmSmall, Extremes) {
  const Bases bases = make_bases(3);
  const std::vector<std::int64_t> values{std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max(), -1};
  std::vector<Fr> scalars;
  for (const std::int64_t v : values) scalars.push_back(Fr::from_i64(v));
  EXPECT_EQ(msm_small(bases.points, values), expected(bases, scalars));
  EXPECT_TRUE(msm_small(bases.points, std::vector<std::int64_t>(3)).is_identity());
  EXPECT_TRUE(msm_small({}, {}).is_identity());
}

}  // namespace
}  // namespace ezkl
