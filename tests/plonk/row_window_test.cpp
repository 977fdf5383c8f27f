#include "plonk/row_window.hpp"

#include <gtest/gtest.h>

#include "field/random.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl::plonk {
namespace {

TEST(RowWindow, StandsForTheWholePolynomial) {
  Random random = Random::from_seed(3);
  const Domain domain(9);
  for (const unsigned log_size : {3u, 4u, 6u}) {
    for (const std::size_t before : {0u, 1u, 5u}) {
      const RowWindow window(domain, before, log_size);
      ASSERT_EQ(window.end(), window.size() - before);
      std::vector<Fr> coefficients(domain.n());
      for (std::size_t i = 0; i < window.end(); ++i) coefficients[i] = random_fr(random);
      for (std::size_t i = 1; i <= before; ++i) coefficients[domain.n() - i] = random_fr(random);
      domain.intt(coefficients);
      const std::vector<Fr> numerator = window.numerator(coefficients);
      ASSERT_EQ(numerator.size(), window.size());
      EXPECT_EQ(WindowExpansion(window).coefficients(numerator), coefficients);
      const Fr x = random_fr(random);
      EXPECT_EQ(evaluate(numerator, x) * window.factor_at(x), evaluate(coefficients, x));

      const Fr shift = random_fr(random);
      const Coset coset(domain, shift);
      const std::vector<Fr> factor = window.factor_on(coset, shift);
      std::vector<Fr> short_values(domain.n()), values(domain.n());
      coset.ntt(numerator, short_values);
      coset.ntt(coefficients, values);
      for (std::size_t i = 0; i < domain.n(); ++i) EXPECT_EQ(short_values[i] * factor[i], values[i]);
    }
  }
}

TEST(RowWindow, ColumnsEndWhereTheyBecomeConstant) {
  ColumnValues column(32);
  EXPECT_EQ(constant_from(column, 26), 0u);
  for (std::size_t row = 10; row < 26; ++row) column.set(row, 4);
  column.set(9, 4);
  column.set(8, 5);
  EXPECT_EQ(constant_from(column, 26), 9u);
  column.set(28, Fr::from_u64(3).inverse());  // a blinding row
  EXPECT_EQ(constant_from(column, 26), 9u);
  column.set(12, Fr::from_u64(3).inverse());
  EXPECT_EQ(constant_from(column, 26), 13u);
  column.set(25, Fr::from_u64(3).inverse());
  EXPECT_EQ(constant_from(column, 26), 26u);
}

TEST(RowWindow, IsChosenOnlyWhereColumnsAreShort) {
  constexpr unsigned k = 14;
  constexpr std::size_t before = 6;
  const std::vector<std::size_t> full(40, (1u << k) - before), brief(40, 100);
  EXPECT_EQ(choose_window(full, before, k), 0u);
  EXPECT_EQ(choose_window(brief, before, k), 7u);
  std::vector<std::size_t> mixed = brief;
  mixed.insert(mixed.end(), full.begin(), full.end());
  EXPECT_EQ(choose_window(mixed, before, k), 7u);
  EXPECT_EQ(choose_window(std::vector<std::size_t>(1, 100), before, k), 0u)
      << "one column does not pay for the divisor";
}

}  // namespace
}  // namespace ezkl::plonk
