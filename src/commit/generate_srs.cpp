// Strings made from a known secret, and the Lagrange basis of a given one.
#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "commit/srs.hpp"
#include "curve/fixed_base.hpp"
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
  std::vector<G1> v(g.begin(), g.end());
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t j = 0;
    for (unsigned b = 0; b < k; ++b) j |= (i >> b & 1) << (k - 1 - b);
    if (i < j) std::swap(v[i], v[j]);
  }
  const std::vector<Fr> roots = powers(domain.omega_inv(), std::max<std::size_t>(n / 2, 1));
  for (unsigned layer = 0; layer < k; ++layer) {
    const std::size_t half = std::size_t{1} << layer, stride = n / 2 / half;
    parallel_for(n / 2, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        G1& lo = v[(i / half) * 2 * half + i % half];
        G1& hi = v[(i / half) * 2 * half + i % half + half];
        const G1 t = i % half == 0 ? hi : hi.mul(roots[(i % half) * stride]);
        hi = lo - t;
        lo += t;
      }
    });
  }
  const Fr scale = Fr::from_u64(n).inverse();
  parallel_for(n, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) v[i] = v[i].mul(scale);
  });
  std::vector<G1Affine> out(n);
  batch_to_affine(v, out);
  return out;
}

}  // namespace ezkl
