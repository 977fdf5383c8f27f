#include "commit/shplonk.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "curve/msm.hpp"
#include "field/kernels.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

/// The coefficients of the polynomial of degree below points.size() through (points[i], values[i]).
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

Fr horner(std::span<const Fr> coeffs, const Fr& x) {
  Fr out = Fr::zero();
  for (std::size_t i = coeffs.size(); i-- > 0;) out = out * x + coeffs[i];
  return out;
}

Fr vanishing(std::span<const Fr> points, const Fr& x) {
  Fr out = Fr::one();
  for (const Fr& p : points) out *= x - p;
  return out;
}

/// sum[i] += factor * poly[i]
void add_scaled(std::span<Fr> sum, const Fr& factor, std::span<const Fr> poly) {
  parallel_for(poly.size(), 4096, [&](std::size_t begin, std::size_t end) {
    fr_kernels().mul_scalar_add(sum.data() + begin, poly.data() + begin, factor, sum.data() + begin, end - begin);
  });
}

/// A set after its polynomials were combined by powers of y.
struct Combined {
  std::vector<Fr> poly;       ///< sum of y^j p_j
  std::vector<Fr> remainder;  ///< sum of y^j R_j: takes the values of `poly` at the points
};

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

Combined combine(const OpeningSet& set, std::size_t n, const Fr& y) {
  EZKL_ENSURE(!set.points.empty() && !set.polynomials.empty() && set.values.size() == set.polynomials.size(),
              "an opening set needs points, and values for each of its polynomials");
  Combined out{std::vector<Fr>(n), std::vector<Fr>(set.points.size())};
  const std::vector<Fr> y_powers = powers(y, set.polynomials.size());
  std::vector<Fr> values(set.points.size());
  std::vector<std::size_t> absent;
  for (std::size_t j = 0; j < set.polynomials.size(); ++j) {
    EZKL_ENSURE(set.polynomials[j].size() <= n && set.values[j].size() == set.points.size(),
                "an opened polynomial has at most n coefficients and one value a point");
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += y_powers[j] * set.values[j][i];
    if (set.polynomials[j].empty() && set.load) absent.push_back(j);
  }
  out.remainder = interpolate(set.points, values);
  add_combination(out.poly, set.polynomials, y_powers);

  std::vector<std::vector<Fr>> scratch(std::min(absent.size(), static_cast<std::size_t>(thread_count())),
                                       std::vector<Fr>(n));
  for (std::size_t first = 0; first < absent.size(); first += scratch.size()) {
    const std::size_t count = std::min(scratch.size(), absent.size() - first);
    std::vector<std::span<const Fr>> loaded(count);
    std::vector<Fr> factors(count);
    parallel_tasks(count, [&](std::size_t i) {
      loaded[i] = set.load(absent[first + i], scratch[i]);
      factors[i] = y_powers[absent[first + i]];
    });
    add_combination(out.poly, loaded, factors);
  }
  return out;
}

G1Affine commit(const Srs& srs, std::span<const Fr> coeffs) {
  return msm(srs.g().first(coeffs.size()), coeffs).to_affine();
}

}  // namespace

void shplonk_open(const Srs& srs, std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript) {
  EZKL_ENSURE(!sets.empty(), "nothing to open");
  const std::size_t n = srs.n();
  const Fr y = transcript.squeeze();
  const Fr v = transcript.squeeze();
  const std::vector<Fr> v_powers = powers(v, sets.size());

  Phase phase("combine");
  std::vector<Combined> combined;
  std::vector<Fr> w(n);
  std::vector<Fr> all_points;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    combined.push_back(combine(sets[i], n, y));
    std::vector<Fr> quotient = combined[i].poly;
    for (std::size_t d = 0; d < combined[i].remainder.size(); ++d) quotient[d] -= combined[i].remainder[d];
    for (const Fr& point : sets[i].points) {
      kate_divide_in_place(quotient, point);
      if (std::find(all_points.begin(), all_points.end(), point) == all_points.end()) all_points.push_back(point);
    }
    add_scaled(w, v_powers[i], quotient);
  }
  phase.next("commit");
  transcript.write_point(commit(srs, w));
  const Fr u = transcript.squeeze();

  phase.next("combine");
  // L(X) divided by the factor of set 0, which the verifier leaves out.
  const Fr all_at_u = vanishing(all_points, u);
  const Fr own_0 = vanishing(sets[0].points, u);
  const Fr missing_0_inverse = own_0 * all_at_u.inverse();
  std::vector<Fr> l(n);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const Fr missing = all_at_u * vanishing(sets[i].points, u).inverse();
    const Fr factor = v_powers[i] * missing * missing_0_inverse;
    add_scaled(l, factor, combined[i].poly);
    l[0] -= factor * horner(combined[i].remainder, u);
  }
  add_scaled(l, -own_0, w);
  kate_divide_in_place(l, u);
  phase.next("commit");
  transcript.write_point(commit(srs, l));
}

}  // namespace ezkl
