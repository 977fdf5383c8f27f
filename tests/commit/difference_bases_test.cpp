#include "commit/difference_bases.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "commit/srs.hpp"
#include "curve/msm.hpp"
#include "field/random.hpp"

namespace ezkl {
namespace {

TEST(DifferenceBases, CommitsToTheSamePoint) {
  const Srs srs = srs_from_secret(10, Fr::from_u64(987654321));
  const DifferenceBases differences(srs.g_lagrange());
  Random random = Random::from_seed(3);
  std::vector<Fr> values(srs.n());
  EXPECT_TRUE(differences.commit(values).is_identity());
  EXPECT_EQ(DifferenceBases::terms(values), 0u);

  for (Fr& v : values) v = random_fr(random);
  EXPECT_EQ(differences.commit(values), msm(srs.g_lagrange(), values));
  EXPECT_EQ(DifferenceBases::terms(values), values.size());

  // Random, then constant, then linear, each change in the middle of a block.
  const Fr step = random_fr(random);
  for (std::size_t i = 300; i < 600; ++i) values[i] = values[299];
  for (std::size_t i = 600; i < values.size(); ++i) values[i] = values[i - 1] + step;
  EXPECT_EQ(differences.commit(values), msm(srs.g_lagrange(), values));
  EXPECT_LT(DifferenceBases::terms(values), 320u);
}

TEST(DifferenceBases, TakesEqualAndOppositeBases) {
  // All bases one point: sums double, and with a change of sign pass through the identity.
  const G1Affine g = G1Affine::generator();
  std::vector<G1Affine> bases(512, g);
  for (std::size_t i = 0; i < bases.size(); i += 3) bases[i] = -g;
  bases[7] = G1Affine::identity();
  std::vector<Fr> values(bases.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = Fr::from_u64(i / 100 + 5 * i);
  EXPECT_EQ(DifferenceBases(bases).commit(values), msm(bases, values));
}

}  // namespace
}  // namespace ezkl
