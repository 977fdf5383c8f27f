#include "poly/domain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/cpu.hpp"
#include "base/parallel.hpp"
#include "ezkl/error.hpp"
#include "field/random.hpp"
#include "poly/ntt_kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

std::vector<Fr> random_values(std::size_t n, std::uint64_t seed) {
  Random random = Random::from_seed(seed);
  std::vector<Fr> out(n);
  for (Fr& v : out) v = random_fr(random);
  return out;
}

TEST(Domain, RootsHaveTheRightOrder) {
  // omega for k = 10 and 17 as in the table of docs/spec/proof-protocol.md 2.
  EXPECT_EQ(Domain(10).omega().to_hex_be(), "0x2ad9021ed07c42ab19f77c5cf2cbd2deb135ea330f1b1573bd08d99309c4bb7d");
  EXPECT_EQ(Domain(17).omega().to_hex_be(), "0x304cd1e79cfa5b0f054e981a27ed7706e7ea6b06a7f266ef8db819c179c2c3ea");
  for (const unsigned k : {0u, 1u, 5u}) {
    const Domain domain(k);
    EXPECT_EQ(domain.omega().pow(domain.n()), Fr::one());
    if (k > 0) {
      EXPECT_EQ(domain.omega().pow(domain.n() / 2), -Fr::one());
    }
    EXPECT_EQ(domain.omega() * domain.omega_inv(), Fr::one());
    EXPECT_EQ(domain.omega_power(-3) * domain.omega_power(3), Fr::one());
  }
  EXPECT_THROW(Domain(29), Error);
}

TEST(Domain, TransformsAgreeWithEvaluation) {
  for (unsigned k = 0; k <= 9; ++k) {
    const Domain domain(k);
    const std::vector<Fr> coeffs = random_values(domain.n(), k);
    std::vector<Fr> values = coeffs, shifted = coeffs;
    const Fr shift = Fr::from_u64(7);
    domain.ntt(values);
    domain.coset_ntt(shifted, shift);
    for (std::size_t i = 0; i < domain.n(); ++i) {
      EXPECT_EQ(values[i], evaluate(coeffs, domain.omega_power(std::int64_t(i))));
      EXPECT_EQ(shifted[i], evaluate(coeffs, shift * domain.omega_power(std::int64_t(i))));
    }
    domain.intt(values);
    domain.coset_intt(shifted, shift);
    EXPECT_EQ(values, coeffs);
    EXPECT_EQ(shifted, coeffs);
  }
}

TEST(Domain, LargeTransforms) {
  for (unsigned k = 10; k <= 15; ++k) {
    const Domain domain(k);
    const std::vector<Fr> coeffs = random_values(domain.n(), k);
    std::vector<Fr> values = coeffs;
    domain.ntt(values);
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}, domain.n() / 2 + 3, domain.n() - 1}) {
      EXPECT_EQ(values[i], evaluate(coeffs, domain.omega_power(std::int64_t(i))));
    }
    std::vector<Fr> back = values;
    domain.intt(back);
    EXPECT_EQ(back, coeffs);
    std::vector<std::vector<Fr>> columns(3, coeffs);
    parallel_tasks(3, [&](std::size_t i) { domain.coset_ntt(columns[i], Fr::from_u64(5 + i)); });
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<Fr> alone = coeffs;
      domain.coset_ntt(alone, Fr::from_u64(5 + i));
      EXPECT_EQ(columns[i], alone) << "a transform inside a parallel call gives the same values";
      std::vector<Fr> apart(domain.n());
      Coset(domain, Fr::from_u64(5 + i)).ntt(coeffs, apart);
      EXPECT_EQ(apart, alone);
    }
    std::vector<Fr> apart(domain.n());
    domain.ntt(coeffs, apart);
    EXPECT_EQ(apart, values);
    domain.intt(values, apart);
    EXPECT_EQ(apart, coeffs);
  }
}

class EveryNttKernel : public ::testing::TestWithParam<const NttKernels*> {};

TEST_P(EveryNttKernel, AgreesWithPortable) {
  if ((cpu_bits() & GetParam()->needs) != GetParam()->needs) GTEST_SKIP() << "this processor cannot run it";
  const NttKernels& portable = *compiled_ntt_kernels().back();
  for (unsigned k = 5; k <= 13; ++k) {
    const Domain domain(k);
    std::vector<Fr> in = random_values(domain.n(), k), want(domain.n()), got(domain.n());
    // The largest element everywhere: nothing may overflow on the way.
    if (k % 2 == 0)
      std::fill(in.begin(), in.end(),
                Fr::from_limbs({Fr::modulus[0] - 1, Fr::modulus[1], Fr::modulus[2], Fr::modulus[3]}));
    for (const bool coset : {false, true}) {
      const Fr shift = coset ? Fr::generator() : Fr::one();
      const std::vector<Fr> twiddles = ntt_twiddles(portable, k, domain.omega(), shift);
      const std::vector<Fr> own_twiddles = ntt_twiddles(*GetParam(), k, domain.omega(), shift);
      for (const Fr& factor : {Fr::one(), Fr::from_i64(-3)}) {
        transform(portable, in, want, k, twiddles.data(), coset, factor);
        transform(*GetParam(), in, got, k, own_twiddles.data(), coset, factor);
        EXPECT_EQ(got, want) << k << " " << coset;
        got = in;
        transform(*GetParam(), got, got, k, own_twiddles.data(), coset, factor);
        EXPECT_EQ(got, want) << k << " " << coset;
      }
    }
  }
}

TEST_P(EveryNttKernel, ShortPolynomialsSkipLayers) {
  if ((cpu_bits() & GetParam()->needs) != GetParam()->needs) GTEST_SKIP() << "this processor cannot run it";
  for (const unsigned k : {7u, 12u, 14u}) {
    const Domain domain(k);
    const std::vector<Fr> twiddles = ntt_twiddles(*GetParam(), k, domain.omega(), Fr::generator());
    for (unsigned s = 0; s + 3 <= k; ++s) {
      const std::vector<Fr> brief = random_values(std::size_t{1} << s, s);
      std::vector<Fr> padded = brief, want(domain.n()), got(domain.n());
      padded.resize(domain.n());
      transform(*GetParam(), padded, want, k, twiddles.data(), true, Fr::one());
      transform(*GetParam(), brief, got, k, twiddles.data(), true, Fr::one());
      EXPECT_EQ(got, want) << k << " " << s;
    }
    std::vector<Fr> out(domain.n());
    for (const std::size_t size : {domain.n() / 4, std::size_t{3}}) {
      EXPECT_THROW(transform(*GetParam(), std::vector<Fr>(size), out, k, twiddles.data(), true, Fr::one()), Error);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ntt, EveryNttKernel,
                         ::testing::ValuesIn(compiled_ntt_kernels().begin(), compiled_ntt_kernels().end()),
                         [](const auto& p) { return std::string(p.param->name); });

TEST(Domain, LagrangeValues) {
  const Domain domain(4);
  const Fr x = Fr::from_u64(123456);
  const std::vector<Fr> values = random_values(16, 3);
  std::vector<Fr> coeffs = values;
  domain.intt(coeffs);
  const std::vector<Fr> weights = domain.lagrange_values(16, x);
  Fr sum;
  for (std::size_t i = 0; i < 16; ++i) {
    sum += values[i] * weights[i];
    EXPECT_EQ(weights[i], domain.lagrange(std::int64_t(i), x));
    EXPECT_EQ(weights[i], domain.lagrange(std::int64_t(i) - 16, x));
  }
  EXPECT_EQ(sum, evaluate(coeffs, x));
  const Fr on_domain = domain.omega_power(5);
  EXPECT_EQ(domain.lagrange(5, on_domain), Fr::one());
  EXPECT_EQ(domain.lagrange(6, on_domain), Fr::zero());
  EXPECT_EQ(domain.lagrange_values(7, on_domain)[5], Fr::one());
  EXPECT_EQ(domain.lagrange_values(7, on_domain)[6], Fr::zero());
}

}  // namespace
}  // namespace ezkl
