#include "poly/poly_ops.hpp"

#include <gtest/gtest.h>

#include "field/random.hpp"

namespace ezkl {
namespace {

TEST(PolyOps, DivisionByALinearFactor) {
  Random random = Random::from_seed(9);
  for (const std::size_t n : {1u, 2u, 7u, 251u, 20000u, 140000u}) {
    std::vector<Fr> coeffs(n);
    for (Fr& c : coeffs) c = random_fr(random);
    const Fr a = random_fr(random), x = random_fr(random);
    const std::vector<Fr> quotient = kate_divide(coeffs, a);
    EXPECT_EQ(quotient.size(), n - 1);
    EXPECT_EQ(evaluate(quotient, x) * (x - a) + evaluate(coeffs, a), evaluate(coeffs, x));
    std::vector<Fr> in_place = coeffs;
    kate_divide_in_place(in_place, a);
    EXPECT_TRUE(in_place.back().is_zero());
    in_place.pop_back();
    EXPECT_EQ(in_place, quotient);
  }
  EXPECT_TRUE(kate_divide({}, Fr::one()).empty());
  EXPECT_TRUE(evaluate({}, Fr::one()).is_zero());
}

TEST(PolyOps, Powers) {
  const Fr base = Fr::from_u64(3), first = Fr::from_u64(5);
  const std::vector<Fr> out = powers(base, 20000, first);
  for (const std::size_t i : {0u, 1u, 9999u, 10000u, 19999u}) EXPECT_EQ(out[i], first * base.pow(i));
}

}  // namespace
}  // namespace ezkl
