#include "commit/shplonk.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/profile.hpp"
#include "commit/opening_polynomials.hpp"
#include "curve/msm.hpp"
#include "curve/pairing.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

G1Affine commit(const Srs& srs, std::span<const Fr> coeffs) {
  return msm(srs.g().first(coeffs.size()), coeffs).to_affine();
}

/// The points of all sets, each once.
template <class Set>
std::vector<Fr> union_of_points(std::span<const Set> sets) {
  std::vector<Fr> out;
  for (const Set& set : sets) {
    for (const Fr& point : set.points) {
      if (std::find(out.begin(), out.end(), point) == out.end()) out.push_back(point);
    }
  }
  return out;
}

}  // namespace

void shplonk_open(const Srs& srs, std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript) {
  EZKL_ENSURE(!sets.empty(), "nothing to open");
  const std::size_t n = srs.n();
  const Fr y = transcript.squeeze();
  const Fr v = transcript.squeeze();
  const std::vector<Fr> v_powers = powers(v, sets.size());

  Phase phase("combine");
  std::vector<CombinedSet> combined(sets.size());
  std::vector<Fr> w(n);
  // As many sets side by side as there are threads: each takes one more polynomial of n coefficients.
  const auto threads = static_cast<std::size_t>(thread_count());
  for (std::size_t first = 0; first < sets.size(); first += threads) {
    std::vector<std::vector<Fr>> quotients(std::min(threads, sets.size() - first));
    parallel_tasks(quotients.size(), [&](std::size_t i) {
      const OpeningSet& set = sets[first + i];
      combined[first + i] = combine(set, n, powers(y, set.polynomials.size()));
      quotients[i] = combined[first + i].quotient(set.points);
    });
    for (std::size_t i = 0; i < quotients.size(); ++i) add_scaled(w, v_powers[first + i], quotients[i]);
  }
  phase.next("commit");
  transcript.write_point(commit(srs, w));
  const Fr u = transcript.squeeze();

  phase.next("combine");
  // L(X) divided by the factor of set 0, which the verifier leaves out.
  const Fr all_at_u = vanishing(union_of_points(sets), u);
  const Fr own_0 = vanishing(sets[0].points, u);
  const Fr missing_0_inverse = own_0 * all_at_u.inverse();
  std::vector<Fr> l(n);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const Fr missing = all_at_u * vanishing(sets[i].points, u).inverse();
    const Fr factor = v_powers[i] * missing * missing_0_inverse;
    add_scaled(l, factor, combined[i].poly);
    l[0] -= factor * evaluate(combined[i].remainder, u);
  }
  add_scaled(l, -own_0, w);
  kate_divide_in_place(l, u);
  phase.next("commit");
  transcript.write_point(commit(srs, l));
}

std::optional<std::string> shplonk_check(const SrsVerifier& srs, std::span<const ClaimedSet> sets,
                                         EvmTranscriptReader& transcript) {
  EZKL_ENSURE(!sets.empty(), "nothing to open");
  const Fr y = transcript.squeeze();
  const Fr v = transcript.squeeze();
  const G1Affine w = transcript.read_point("SHPLONK W");
  const Fr u = transcript.squeeze();
  const G1Affine w_prime = transcript.read_point("SHPLONK W'");

  const Fr all_at_u = vanishing(union_of_points(sets), u);
  if (all_at_u.is_zero()) return "Multi-opening proof was invalid: u hits an opening point";
  const Fr own_0 = vanishing(sets[0].points, u);
  std::vector<G1Affine> bases;
  std::vector<Fr> scalars;
  Fr remainder;
  Fr v_power = Fr::one();
  for (const ClaimedSet& set : sets) {
    // what the points of other sets contribute, divided by the same of set 0
    const Fr factor = v_power * own_0 * vanishing(set.points, u).inverse();
    Fr y_power = Fr::one();
    for (const ClaimedSet::Polynomial& polynomial : set.polynomials) {
      const Fr weight = factor * y_power;
      remainder += weight * interpolate_at(set.points, polynomial.values, u);
      for (std::size_t i = 0; i < polynomial.bases.size(); ++i) {
        bases.push_back(polynomial.bases[i]);
        scalars.push_back(weight * polynomial.scalars[i]);
      }
      y_power *= y;
    }
    v_power *= v;
  }
  bases.insert(bases.end(), {srs.g, w, w_prime});
  scalars.insert(scalars.end(), {-remainder, -own_0, u});
  const G1Affine right = msm(bases, scalars).to_affine();
  const std::pair<G1Affine, G2Affine> pairs[] = {{w_prime, srs.s_g2}, {-right, srs.g2}};
  if (!pairing_product_is_one(pairs)) {
    return "The constraint system is not satisfied: the opening equation does not hold for this proof, key, setup and "
           "these instances";
  }
  return std::nullopt;
}

}  // namespace ezkl
