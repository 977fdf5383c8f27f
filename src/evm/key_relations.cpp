#include "evm/key_relations.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "base/ensure.hpp"

namespace ezkl::evm {
namespace {

// Pairs of points that are looked at: all of them for any key of a few hundred columns, else the nearest.
constexpr std::size_t most_pairs = 50'000;

/// a + sign * b, or a alone when b is `alone`.
struct Candidate {
  std::size_t a = 0, b = 0;
  int sign = 0;
};
constexpr std::size_t alone = static_cast<std::size_t>(-1);

using Terms = std::map<std::size_t, Fr>;

void add_to(Terms& terms, std::size_t index, const Fr& coefficient) {
  Fr& place = terms[index];
  place += coefficient;
  if (place.is_zero()) terms.erase(index);
}

void add_to(Terms& terms, const Candidate& candidate, const Fr& factor) {
  add_to(terms, candidate.a, factor);
  if (candidate.b != alone) add_to(terms, candidate.b, candidate.sign > 0 ? factor : -factor);
}

/// Which points stand for which; a point that stands for itself is its own combination.
class Elimination {
 public:
  explicit Elimination(std::size_t points) : combination_(points) {
    for (std::size_t i = 0; i < points; ++i) combination_[i] = {{i, Fr::one()}};
  }
  void vanish(std::size_t point) { combination_[point].clear(); }

  /// The weighted sum of points is the identity: the last point that it still holds is expressed by the others.
  void use(const Terms& relation) {
    Terms rest;
    for (const auto& [point, coefficient] : relation) {
      for (const auto& [basis, factor] : combination_[point]) add_to(rest, basis, coefficient * factor);
    }
    if (rest.empty()) return;
    const auto [last, leading] = *rest.rbegin();
    rest.erase(last);
    const Fr scale = -leading.inverse();
    for (Terms& terms : combination_) {
      const auto place = terms.find(last);
      if (place == terms.end()) continue;
      const Fr factor = place->second * scale;
      terms.erase(place);
      for (const auto& [basis, coefficient] : rest) add_to(terms, basis, coefficient * factor);
    }
  }

  const std::vector<Terms>& combinations() const { return combination_; }

 private:
  std::vector<Terms> combination_;
};

}  // namespace

std::vector<LinearCombination> key_relations(std::span<const KeyPoint> points) {
  Elimination elimination(points.size());
  std::vector<std::size_t> finite;
  std::vector<G1> normal(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EZKL_ENSURE(!points[i].unit.is_zero(), "a unit is zero");
    normal[i] = points[i].unit == Fr::one() ? G1(points[i].point) : G1(points[i].point).mul(points[i].unit.inverse());
    if (points[i].point.is_identity()) {
      elimination.vanish(i);
    } else {
      finite.push_back(i);
    }
  }

  std::vector<Candidate> candidates;
  std::vector<G1> sums;
  const auto put = [&](std::size_t a, std::size_t b, int sign) {
    candidates.push_back({a, b, sign});
    sums.push_back(b == alone ? normal[a] : sign > 0 ? normal[a] + normal[b] : normal[a] - normal[b]);
  };
  for (const std::size_t i : finite) put(i, alone, 0);
  const std::size_t reach = finite.empty() ? 0 : most_pairs / finite.size();
  for (std::size_t i = 0; i < finite.size(); ++i) {
    for (std::size_t j = i; j < std::min(finite.size(), i + reach); ++j) {
      put(finite[j], finite[i], 1);
      if (j > i) put(finite[j], finite[i], -1);
    }
  }
  std::vector<G1Affine> values(sums.size());
  batch_to_affine(sums, values);

  // Two candidates with the same x are equal or opposite.
  std::map<std::array<std::uint64_t, 4>, std::size_t> first_with;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Terms relation;
    add_to(relation, candidates[i], Fr::one());
    if (!values[i].is_identity()) {
      const auto [place, is_new] = first_with.try_emplace(values[i].x.to_canonical(), i);
      if (is_new) continue;
      add_to(relation, candidates[place->second], values[place->second] == values[i] ? -Fr::one() : Fr::one());
    }
    elimination.use(relation);
  }

  std::vector<LinearCombination> out(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    G1 sum;
    for (const auto& [basis, coefficient] : elimination.combinations()[i]) {
      out[i].emplace_back(basis, coefficient * points[i].unit * points[basis].unit.inverse());
      sum += G1(points[basis].point).mul(out[i].back().second);
    }
    EZKL_ENSURE(sum == G1(points[i].point), "a relation between commitments of the key does not hold");
  }
  return out;
}

}  // namespace ezkl::evm
