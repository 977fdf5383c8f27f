// Openings by inner products: many polynomials at many points become one polynomial at one point, whose coefficients
// are then folded in half k times. source: docs/spec/proof-protocol.md 13.2; Bowe, Grigg, Hopwood, ePrint 2019/1021.
#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "commit/ipa_params.hpp"
#include "commit/opening_polynomials.hpp"
#include "curve/fixed_base.hpp"
#include "curve/kernels.hpp"
#include "curve/msm.hpp"
#include "field/random.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

/// x^(count-1), …, x, 1: the weights of Horner's rule.
std::vector<Fr> descending_powers(const Fr& x, std::size_t count) {
  std::vector<Fr> out = powers(x, count);
  std::reverse(out.begin(), out.end());
  return out;
}

Fr inner_product(std::span<const Fr> a, std::span<const Fr> b) {
  Fr out;
  for (std::size_t i = 0; i < a.size(); ++i) out += a[i] * b[i];
  return out;
}

/// points[i] += factor * points[half + i]; the upper half is dropped.
void fold_points(std::vector<G1Affine>& points, const Fr& factor) {
  const std::size_t half = points.size() / 2;
  multiply_each(std::span(points).subspan(half), std::vector<Fr>(half, factor));
  const CurveKernels& kernels = curve_kernels();
  parallel_for(half, max_pairs, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> low, high;
    for (std::size_t i = begin; i < end; ++i) {
      low.push_back(static_cast<std::uint32_t>(i));
      high.push_back(static_cast<std::uint32_t>(half + i));
    }
    add_all_pairs(kernels, points.data(), points.data(), {low.data(), high.data(), low.data(), low.size()});
  });
  points.resize(half);
}

/// values[i] += factor * values[half + i]; the upper half is dropped.
void fold_values(std::vector<Fr>& values, const Fr& factor) {
  const std::size_t half = values.size() / 2;
  add_scaled(std::span(values).first(half), factor, std::span<const Fr>(values).subspan(half));
  values.resize(half);
}

/// What the points that are left over at the end are multiplied by: the coefficients of the product of
/// 1 + challenge[k-1-i] * X^(2^i).
std::vector<Fr> folding_weights(std::span<const Fr> challenges) {
  std::vector<Fr> out{Fr::one()};
  out.reserve(std::size_t{1} << challenges.size());
  for (std::size_t i = challenges.size(); i-- > 0;) {
    const std::size_t size = out.size();
    for (std::size_t j = 0; j < size; ++j) out.push_back(out[j] * challenges[i]);
  }
  return out;
}

}  // namespace

void IpaParams::prove_openings(std::span<const OpeningSet> sets, EvmTranscriptWriter& transcript, Random random) const {
  EZKL_ENSURE(!sets.empty(), "nothing to open");
  const auto commit = [&](std::span<const Fr> coefficients, const Fr& blind) {
    return blinded(msm(g(), coefficients), blind).to_affine();
  };
  const Fr x1 = transcript.squeeze();
  const Fr x2 = transcript.squeeze();
  std::vector<CombinedSet> combined;
  std::vector<Fr> quotient(n());
  const std::vector<Fr> x2_powers = descending_powers(x2, sets.size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    combined.push_back(combine(sets[i], n(), descending_powers(x1, sets[i].polynomials.size())));
    add_scaled(quotient, x2_powers[i], combined[i].quotient(sets[i].points));
  }
  const Fr quotient_blind = random_fr(random);
  transcript.write_point(commit(quotient, quotient_blind));
  const Fr x3 = transcript.squeeze();
  for (const CombinedSet& set : combined) transcript.write_scalar(evaluate(set.poly, x3));
  const Fr x4 = transcript.squeeze();

  // All as one polynomial, and a random one on top that hides what folding shows of it.
  const std::vector<Fr> x4_powers = descending_powers(x4, sets.size() + 1);
  std::vector<Fr> p(n());
  add_scaled(p, x4_powers[0], quotient);
  Fr blind = x4_powers[0] * quotient_blind;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    add_scaled(p, x4_powers[i + 1], combined[i].poly);
    blind += x4_powers[i + 1] * combined[i].blind;
  }
  combined.clear();
  std::vector<Fr> mask(n());
  for (Fr& coefficient : mask) coefficient = random_fr(random);
  mask[0] -= evaluate(mask, x3);
  const Fr mask_blind = random_fr(random);
  transcript.write_point(commit(mask, mask_blind));
  const Fr xi = transcript.squeeze();
  const Fr z = transcript.squeeze();
  add_scaled(p, xi, mask);
  blind += xi * mask_blind;
  p[0] -= evaluate(p, x3);  // the mask is 0 there: what is left is the value that was claimed

  std::vector<G1Affine> bases(g().begin(), g().end());
  std::vector<Fr> b = powers(x3, n());
  for (std::size_t half = n() / 2; half > 0; half /= 2) {
    const auto low = [&](auto& v) { return std::span(v).first(half); };
    const auto high = [&](auto& v) { return std::span(v).subspan(half); };
    const auto cross = [&](std::span<const G1Affine> points, std::span<const Fr> p_half, std::span<const Fr> b_half,
                           const Fr& own_blind) {
      const G1 product = G1(bases_.u).mul(z * inner_product(p_half, b_half));
      return blinded(msm(points, p_half) + product, own_blind).to_affine();
    };
    const Fr left_blind = random_fr(random);
    const Fr right_blind = random_fr(random);
    transcript.write_point(cross(low(bases), high(p), low(b), left_blind));
    transcript.write_point(cross(high(bases), low(p), high(b), right_blind));
    const Fr challenge = transcript.squeeze();
    const Fr inverse = challenge.inverse();
    fold_values(p, inverse);
    fold_values(b, challenge);
    if (half > 1) fold_points(bases, challenge);
    blind += inverse * left_blind + challenge * right_blind;
  }
  transcript.write_scalar(p[0]);
  transcript.write_scalar(blind);
}

std::optional<std::string> IpaVerifier::check_openings(std::span<const ClaimedSet> sets,
                                                       EvmTranscriptReader& transcript) const {
  EZKL_ENSURE(!sets.empty(), "nothing to open");
  const Fr x1 = transcript.squeeze();
  const Fr x2 = transcript.squeeze();
  const G1Affine quotient = transcript.read_point("IPA q'");
  const Fr x3 = transcript.squeeze();
  std::vector<Fr> at_x3;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    at_x3.push_back(transcript.read_scalar("IPA Q[" + std::to_string(i) + "] at x3"));
  }
  const Fr x4 = transcript.squeeze();

  std::vector<G1Affine> points{quotient};
  const std::vector<Fr> x4_powers = descending_powers(x4, sets.size() + 1);
  std::vector<Fr> scalars{x4_powers[0]};
  Fr quotient_at_x3, claimed;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    const ClaimedSet& set = sets[s];
    const std::vector<Fr> weights = descending_powers(x1, set.polynomials.size());
    std::vector<Fr> values(set.points.size());
    for (std::size_t j = 0; j < set.polynomials.size(); ++j) {
      const ClaimedSet::Polynomial& polynomial = set.polynomials[j];
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += weights[j] * polynomial.values[i];
      for (std::size_t i = 0; i < polynomial.bases.size(); ++i) {
        points.push_back(polynomial.bases[i]);
        scalars.push_back(x4_powers[s + 1] * weights[j] * polynomial.scalars[i]);
      }
    }
    const Fr divisor = vanishing(set.points, x3);
    if (divisor.is_zero()) return "Multi-opening proof was invalid: x3 hits an opening point";
    const Fr remainder = interpolate_at(set.points, values, x3);
    quotient_at_x3 = quotient_at_x3 * x2 + (at_x3[s] - remainder) * divisor.inverse();
    claimed += x4_powers[s + 1] * at_x3[s];
  }
  claimed += x4_powers[0] * quotient_at_x3;

  points.push_back(transcript.read_point("IPA S"));
  scalars.push_back(transcript.squeeze());
  const Fr z = transcript.squeeze();
  std::vector<Fr> challenges;
  for (unsigned j = 0; j < k_; ++j) {
    points.push_back(transcript.read_point("IPA L[" + std::to_string(j) + "]"));
    points.push_back(transcript.read_point("IPA R[" + std::to_string(j) + "]"));
    const Fr challenge = transcript.squeeze();
    if (challenge.is_zero()) return "Multi-opening proof was invalid: a folding challenge is zero";
    scalars.push_back(challenge.inverse());
    scalars.push_back(challenge);
    challenges.push_back(challenge);
  }
  const Fr c = transcript.read_scalar("IPA c");
  const Fr blind = transcript.read_scalar("IPA f");

  std::vector<Fr> on_g = folding_weights(challenges);
  const Fr b = evaluate(on_g, x3);
  for (Fr& weight : on_g) weight *= -c;
  on_g[0] -= claimed;
  points.insert(points.end(), {bases_.u, bases_.w});
  scalars.insert(scalars.end(), {-(c * b * z), -blind});
  if (!(msm(g_, on_g) + msm(points, scalars)).is_identity()) {
    return "The constraint system is not satisfied: the inner-product equation does not hold for this proof, key, "
           "setup and these instances";
  }
  return std::nullopt;
}

}  // namespace ezkl
