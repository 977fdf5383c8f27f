// Strings made from a known secret, and the Lagrange basis of a given one.
#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "commit/srs.hpp"
#include "curve/fixed_base.hpp"
#include "curve/kernels.hpp"
#include "ezkl/error.hpp"
#include "field/random.hpp"
#include "poly/domain.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
Srs srs_from_secret(unsigned k, const Fr& secret) {
  if (k > 26) throw Error(Fault::range, "an SRS of 2^" + std::to_string(k) + " points: at most 2^26 are made");
  const Domain domain(k);
  const std::size_t n = domain.n();
  if (secret.pow(n) == Fr::one()) throw Error(Fault::range, "the secret of an SRS must not be a root of unity");
  const G1Affine g = G1Affine::generator();
  return {k, multiply_base(g, powers(secret, n)), multiply_base(g, domain.lagrange_values(n, secret)),
          G2Affine::generator(), G2Affine::generator().mul(secret)};
}

Srs generate_srs(unsigned k, Random& random) {
  Fr secret = random_fr(random);
  while (secret.is_zero()) secret = random_fr(random);
  return srs_from_secret(k, secret);
}

std::vector<G1Affine> lagrange_basis(unsigned k, std::span<const G1Affine> g) {
  const Domain domain(k);
  const std::size_t n = domain.n();
  EZKL_ENSURE(g.size() == n, "a basis of 2^k points is asked for");
  std::vector<G1Affine> v(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t reversed = 0;
    for (unsigned b = 0; b < k; ++b) reversed |= (i >> b & 1) << (k - 1 - b);
    v[reversed] = g[i];
  }
  multiply_each(v, std::vector<Fr>(n, Fr::from_u64(n).inverse()));
  const std::vector<Fr> roots = powers(domain.omega_inv(), std::max<std::size_t>(n / 2, 1));
  const CurveKernels& kernels = curve_kernels();
  Progress progress("Lagrange basis of the SRS", k);
  for (std::size_t half = 1; half < n; half *= 2) {
    // The upper halves of all blocks times their roots, then sums and differences.
    std::vector<G1Affine> upper(n / 2);
    std::vector<Fr> factors(n / 2);
    for (std::size_t i = 0; i < n / 2; ++i) {
      upper[i] = v[i / half * 2 * half + half + i % half];
      factors[i] = roots[i % half * (n / 2 / half)];
    }
    if (half > 1) multiply_each(upper, factors);
    // one array, because additions take both points from one
    std::vector<G1Affine> both(upper);
    both.resize(n);
    parallel_for(n / 2, 2048, [&](std::size_t begin, std::size_t end) {
      std::vector<std::uint32_t> low, high, opposite, sum, difference;
      for (std::size_t i = begin; i < end; ++i) {
        const std::size_t at = i / half * 2 * half + i % half;
        both[n / 2 + i] = v[at];
        low.push_back(std::uint32_t(n / 2 + i));
        high.push_back(std::uint32_t(i));
        opposite.push_back(std::uint32_t(i) | PairList::negated_bit);
        sum.push_back(std::uint32_t(at));
        difference.push_back(std::uint32_t(at + half));
      }
      add_all_pairs(kernels, v.data(), both.data(), {low.data(), high.data(), sum.data(), sum.size()});
      add_all_pairs(kernels, v.data(), both.data(), {low.data(), opposite.data(), difference.data(), sum.size()});
    });
    progress.step();
  }
  return v;
}

}  // namespace ezkl
