#include "plonk/proof_shape.hpp"

#include <algorithm>
#include <set>

#include "base/ensure.hpp"
#include "commit/commitment_key.hpp"
#include "ezkl/error.hpp"

namespace ezkl::plonk {
namespace {

using Kind = PolynomialId::Kind;

constexpr std::size_t point_size = 64;
constexpr std::size_t scalar_size = 32;

PolynomialId id(Kind kind, std::size_t index) { return {kind, static_cast<std::uint32_t>(index)}; }

/// The instance queries, where instances are committed to.
std::vector<Opening> list_instances(const FinalSystem& system, Commitment scheme) {
  std::vector<Opening> out;
  if (!commits_to_instances(scheme)) return out;
  for (const auto& query : system.cs.instance_queries) {
    out.push_back({id(Kind::instance, query.column.index), query.rotation});
  }
  return out;
}

std::vector<Opening> list_evaluations(const FinalSystem& system, std::int32_t last, Commitment scheme) {
  std::vector<Opening> out = list_instances(system, scheme);
  for (const auto& query : system.cs.advice_queries) {
    out.push_back({id(Kind::advice, query.column.index), query.rotation});
  }
  for (const auto& query : system.cs.fixed_queries) {
    out.push_back({id(Kind::fixed, query.column.index), query.rotation});
  }
  out.push_back({id(Kind::random, 0), 0});
  for (std::size_t i = 0; i < system.cs.permutation.size(); ++i) out.push_back({id(Kind::sigma, i), 0});
  const std::size_t sets = system.permutation_sets();
  for (std::size_t i = 0; i < sets; ++i) {
    const auto z = id(Kind::permutation_product, i);
    out.push_back({z, 0});
    out.push_back({z, 1});
    // Every set but the last is chained to the next one by its value on the last row.
    if (i + 1 < sets) out.push_back({z, last});
  }
  for (std::size_t i = 0; i < system.arguments.size(); ++i) {
    out.push_back({id(Kind::lookup_sum, i), 0});
    out.push_back({id(Kind::lookup_sum, i), 1});
    out.push_back({id(Kind::lookup_count, i), 0});
  }
  for (std::size_t i = 0; i < system.shuffles.size(); ++i) {
    out.push_back({id(Kind::shuffle_product, i), 0});
    out.push_back({id(Kind::shuffle_product, i), 1});
  }
  return out;
}

std::vector<Opening> list_openings(const FinalSystem& system, std::int32_t last, Commitment scheme) {
  std::vector<Opening> out = list_instances(system, scheme);
  for (const auto& query : system.cs.advice_queries) {
    out.push_back({id(Kind::advice, query.column.index), query.rotation});
  }
  const std::size_t sets = system.permutation_sets();
  for (std::size_t i = 0; i < sets; ++i) {
    out.push_back({id(Kind::permutation_product, i), 0});
    out.push_back({id(Kind::permutation_product, i), 1});
  }
  for (std::size_t i = sets > 0 ? sets - 1 : 0; i-- > 0;) out.push_back({id(Kind::permutation_product, i), last});
  for (std::size_t i = 0; i < system.arguments.size(); ++i) {
    out.push_back({id(Kind::lookup_sum, i), 0});
    out.push_back({id(Kind::lookup_sum, i), 1});
    out.push_back({id(Kind::lookup_count, i), 0});
  }
  for (std::size_t i = 0; i < system.shuffles.size(); ++i) {
    out.push_back({id(Kind::shuffle_product, i), 0});
    out.push_back({id(Kind::shuffle_product, i), 1});
  }
  for (const auto& query : system.cs.fixed_queries) {
    out.push_back({id(Kind::fixed, query.column.index), query.rotation});
  }
  for (std::size_t i = 0; i < system.cs.permutation.size(); ++i) out.push_back({id(Kind::sigma, i), 0});
  out.push_back({id(Kind::quotient, 0), 0});
  out.push_back({id(Kind::random, 0), 0});
  return out;
}

std::vector<ProofShape::RotationSet> group(const std::vector<Opening>& openings) {
  std::vector<PolynomialId> order;
  std::map<PolynomialId, std::set<std::int32_t>> rotations;
  for (const auto& opening : openings) {
    const auto [place, is_new] = rotations.try_emplace(opening.polynomial);
    if (is_new) order.push_back(opening.polynomial);
    place->second.insert(opening.rotation);
  }
  std::vector<ProofShape::RotationSet> out;
  std::map<std::set<std::int32_t>, std::size_t> by_rotations;
  for (const auto& polynomial : order) {
    const auto& points = rotations.at(polynomial);
    const auto [place, is_new] = by_rotations.try_emplace(points, out.size());
    if (is_new) out.push_back({{points.begin(), points.end()}, {}});
    out[place->second].polynomials.push_back(polynomial);
  }
  return out;
}

}  // namespace

std::string to_string(const PolynomialId& polynomial) {
  const std::string index = '[' + std::to_string(polynomial.index) + ']';
  switch (polynomial.kind) {
    case Kind::advice:
      return "advice" + index;
    case Kind::permutation_product:
      return "permutation" + index + ".z";
    case Kind::lookup_sum:
      return "lookup" + index + ".phi";
    case Kind::lookup_count:
      return "lookup" + index + ".m";
    case Kind::shuffle_product:
      return "shuffle" + index + ".z";
    case Kind::fixed:
      return "fixed" + index;
    case Kind::sigma:
      return "sigma" + index;
    case Kind::quotient:
      return "h";
    case Kind::random:
      return "random";
    case Kind::instance:
      return "instance" + index;
  }
  throw Error(Fault::internal, "polynomial of unknown kind");
}

ProofShape::ProofShape(const FinalSystem& system, unsigned k, Commitment scheme) {
  const auto& cs = system.cs;
  last_rotation = -static_cast<std::int32_t>(cs.blinding_factors() + 1);
  evaluations = list_evaluations(system, last_rotation, scheme);
  openings = list_openings(system, last_rotation, scheme);
  sets = group(openings);

  std::set<std::int32_t> all;
  for (const auto& opening : openings) all.insert(opening.rotation);
  rotations.assign(all.begin(), all.end());
  std::set<std::int64_t> residues;
  const std::int64_t n = std::int64_t{1} << k;
  for (const std::int32_t rotation : rotations) {
    if (!residues.insert(((rotation % n) + n) % n).second) {
      throw Error(Fault::unsupported, "rotation " + std::to_string(rotation) +
                                          " coincides with another one on 2^" + std::to_string(k) +
                                          " rows: use a larger logrows");
    }
  }
  for (std::size_t i = 0; i < evaluations.size(); ++i) {
    const bool is_new = positions_.emplace(evaluations[i], i).second;
    EZKL_ENSURE(is_new, "one value is listed twice in a proof: " + to_string(evaluations[i].polynomial));
  }

  for (const std::uint8_t phase : cs.advice_phase) phases = std::max<std::size_t>(phases, phase + std::size_t{1});
  // SHPLONK: W, W'. Inner products: q', a value a set, S, k pairs of points, c, f.
  const bool ipa = scheme == Commitment::ipa;
  const std::size_t opening_points = ipa ? 2 + 2 * std::size_t{k} : 2, opening_scalars = ipa ? sets.size() + 2 : 0;
  constexpr std::size_t random_polynomial = 1;
  num_points = cs.num_advice + 2 * system.arguments.size() + system.permutation_sets() + system.shuffles.size() +
               system.quotient_pieces() + random_polynomial + opening_points;
  proof_size = point_size * num_points + scalar_size * (evaluations.size() + opening_scalars);
}

std::size_t ProofShape::evaluation_index(const PolynomialId& polynomial, std::int32_t rotation) const {
  const auto place = positions_.find({polynomial, rotation});
  EZKL_ENSURE(place != positions_.end(), to_string(polynomial) + " is not opened at rotation " +
                                             std::to_string(rotation));
  return place->second;
}

}  // namespace ezkl::plonk
