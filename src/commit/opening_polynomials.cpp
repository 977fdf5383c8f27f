#include "commit/opening_polynomials.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

/// sum += factors[j] * polynomials[j]
void add_combination(std::span<Fr> sum, std::span<const std::span<const Fr>> polynomials, std::span<const Fr> factors) {
  // Ranges of coefficients, so that the sum stays in the cache while all polynomials are added to it.
  parallel_for(sum.size(), 1024, [&](std::size_t begin, std::size_t end) {
    constexpr std::size_t block = 512;
    for (std::size_t at = begin; at < end; at += block) {
      Fr* out = sum.data() + at;
      for (std::size_t j = 0; j < polynomials.size(); ++j) {
        const auto poly = polynomials[j];
        if (at >= poly.size()) continue;
        const std::size_t count = std::min({block, end - at, poly.size() - at});
        fr_kernels().mul_scalar_add(out, poly.data() + at, factors[j], out, count);
      }
    }
  });
}

}  // namespace

std::vector<Fr> interpolate(std::span<const Fr> points, std::span<const Fr> values) {
  const std::size_t count = points.size();
  std::vector<Fr> out(count);
  for (std::size_t j = 0; j < count; ++j) {
    std::vector<Fr> basis{Fr::one()};
    Fr scale = Fr::one();
    for (std::size_t i = 0; i < count; ++i) {
      if (i == j) continue;
      basis.insert(basis.begin(), Fr::zero());
      for (std::size_t d = 0; d + 1 < basis.size(); ++d) basis[d] -= basis[d + 1] * points[i];
      scale *= points[j] - points[i];
    }
    scale = values[j] * scale.inverse();
    for (std::size_t d = 0; d < count; ++d) out[d] += basis[d] * scale;
  }
  return out;
}

Fr interpolate_at(std::span<const Fr> points, std::span<const Fr> values, const Fr& x) {
  return evaluate(interpolate(points, values), x);
}

Fr vanishing(std::span<const Fr> points, const Fr& x) {
  Fr out = Fr::one();
  for (const Fr& p : points) out *= x - p;
  return out;
}

void add_scaled(std::span<Fr> sum, const Fr& factor, std::span<const Fr> poly) {
  parallel_for(poly.size(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul_scalar_add(sum.data() + begin, poly.data() + begin, factor, sum.data() + begin, end - begin);
  });
}

std::vector<Fr> CombinedSet::quotient(std::span<const Fr> points) const {
  std::vector<Fr> out = poly;
  for (std::size_t d = 0; d < remainder.size(); ++d) out[d] -= remainder[d];
  for (const Fr& point : points) kate_divide_in_place(out, point);
  return out;
}

CombinedSet combine(const OpeningSet& set, std::size_t n, std::span<const Fr> weights) {
  const std::size_t count = set.polynomials.size();
  EZKL_ENSURE(!set.points.empty() && count > 0 && set.values.size() == count && set.blinds.size() == count &&
                  weights.size() == count,
              "an opening set needs points, and values and a blind for each of its polynomials");
  CombinedSet out{std::vector<Fr>(n), {}, Fr::zero()};
  std::vector<Fr> values(set.points.size());
  std::vector<std::size_t> absent;
  for (std::size_t j = 0; j < count; ++j) {
    EZKL_ENSURE(set.polynomials[j].size() <= n && set.values[j].size() == set.points.size(),
                "an opened polynomial has at most n coefficients and one value a point");
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += weights[j] * set.values[j][i];
    if (set.polynomials[j].empty() && set.load) absent.push_back(j);
    out.blind += weights[j] * set.blinds[j];
  }
  out.remainder = interpolate(set.points, values);
  add_combination(out.poly, set.polynomials, weights);

  std::vector<std::vector<Fr>> scratch(std::min(absent.size(), static_cast<std::size_t>(thread_count())),
                                       std::vector<Fr>(n));
  for (std::size_t first = 0; first < absent.size(); first += scratch.size()) {
    const std::size_t together = std::min(scratch.size(), absent.size() - first);
    std::vector<std::span<const Fr>> loaded(together);
    std::vector<Fr> factors(together);
    parallel_tasks(together, [&](std::size_t i) {
      loaded[i] = set.load(absent[first + i], scratch[i]);
      factors[i] = weights[absent[first + i]];
    });
    add_combination(out.poly, loaded, factors);
  }
  if (set.add_others) set.add_others(weights, out.poly);
  return out;
}

}  // namespace ezkl
