#include "commit/row_opening.hpp"

#include <array>
#include <utility>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "curve/msm.hpp"
#include "curve/pairing.hpp"
#include "poly/poly_ops.hpp"

namespace ezkl {
namespace {

/// Binds the least significant variable.
std::vector<Fr> fold(std::span<const Fr> row, const Fr& x) {
  std::vector<Fr> out(row.size() / 2);
  parallel_for(out.size(), 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = row[2 * i] + x * (row[2 * i + 1] - row[2 * i]);
  });
  return out;
}

std::vector<Fr> opening_points(const Fr& x) { return {x, -x, x.square()}; }

}  // namespace

void open_row(const Srs& srs, std::vector<Fr> row, std::span<const Fr> point, EvmTranscriptWriter& transcript) {
  const std::size_t c = point.size();
  EZKL_ENSURE(c >= 1 && c < srs.k() && row.size() == std::size_t{1} << c, "a row of 2^c cells under 2^(c + 1) powers");
  std::vector<std::vector<Fr>> folds{std::move(row)};
  for (std::size_t j = 0; j + 1 < c; ++j) {
    folds.push_back(fold(folds.back(), point[c - 1 - j]));
    transcript.write_point(msm(srs.g().first(folds.back().size()), folds.back()).to_affine());
  }
  OpeningSet set;
  set.points = opening_points(transcript.squeeze());
  set.blinds.resize(c);
  for (const std::vector<Fr>& polynomial : folds) {
    set.polynomials.emplace_back(polynomial);
    std::vector<Fr>& values = set.values.emplace_back();
    for (const Fr& at : set.points) {
      values.push_back(evaluate(polynomial, at));
      transcript.write_scalar(values.back());
    }
  }
  srs.prove_openings(std::span(&set, 1), transcript, Random::from_seed(0));  // draws nothing
}

std::optional<std::string> check_row(const SrsVerifier& srs, const ClaimedRow& row, std::span<const Fr> point,
                                     const Fr& value, EvmTranscriptReader& transcript) {
  const std::size_t c = point.size();
  EZKL_ENSURE(c >= 1 && row.bases.size() == row.scalars.size(), "a scalar for every base");
  ClaimedSet set;
  set.polynomials.push_back({row.bases, row.scalars, {}});
  for (std::size_t j = 0; j + 1 < c; ++j) {
    set.polynomials.push_back({{transcript.read_point("fold of the opened row")}, {Fr::one()}, {}});
  }
  const Fr x = transcript.squeeze();
  if (x.is_zero() || x == Fr::one() || x == -Fr::one()) return "the points of the opening coincide";
  set.points = opening_points(x);
  for (ClaimedSet::Polynomial& polynomial : set.polynomials) {
    for (std::size_t i = 0; i < set.points.size(); ++i)
      polynomial.values.push_back(transcript.read_scalar("opened value"));
  }
  // f_(j+1)(x²) = (1 - s)·(f_j(x) + f_j(-x)) / 2 + s·(f_j(x) - f_j(-x)) / 2x
  const Fr half = Fr::from_u64(2).inverse(), half_over_x = half * x.inverse();
  for (std::size_t j = 0; j < c; ++j) {
    const std::vector<Fr>& values = set.polynomials[j].values;
    const Fr& s = point[c - 1 - j];
    const Fr even = (values[0] + values[1]) * half, odd = (values[0] - values[1]) * half_over_x;
    if (!(even + s * (odd - even) == (j + 1 < c ? set.polynomials[j + 1].values[2] : value))) {
      return "the folds of the opened row do not lead to its value";
    }
  }
  return srs.check_openings(std::span(&set, 1), transcript);
}

bool powers_follow(std::span<const G1Affine> g, const SrsVerifier& srs, Random& random) {
  EZKL_ENSURE(!g.empty(), "a setup has a first point");
  if (g[0].is_identity() || !(g[0] == srs.g)) return false;
  std::vector<Fr> weights(g.size() - 1);
  for (Fr& weight : weights) {
    const std::uint64_t low = random.next_u64(), high = random.next_u64();
    weight = Fr::from_limbs({low, high, 0, 0}) * Fr::from_limbs(Fr::r2);
  }
  const G1Affine before = msm(g.first(weights.size()), weights).to_affine(),
                 after = msm(g.subspan(1), weights).to_affine();
  const std::pair<G1Affine, G2Affine> pairs[] = {{after, srs.g2}, {-before, srs.s_g2}};
  return pairing_product_is_one(pairs);
}

}  // namespace ezkl
