#include "sumcheck/batch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"
#include "poly/multilinear.hpp"
#include "sumcheck/pair_sums.hpp"

namespace ezkl::sumcheck {
namespace {

/// eq weights of the last coordinates of a point, one fewer with every round.
class Suffixes {
 public:
  /// Weights for the first round of items of `bits` bits.
  Suffixes(std::span<const Fr> point, unsigned bits)
      : table_(multilinear::eq_table(multilinear::last(point, bits - 1))) {}
  const Fr* weights() const { return table_.data(); }
  std::size_t size() const { return table_.size(); }
  /// Drops the leading coordinate: eq of both its values add up to 1.
  void shorten() {
    if (table_.size() == 1) return;
    const std::size_t next = table_.size() / 2;
    parallel_for(next, 4096, [&](std::size_t begin, std::size_t end) {
      fr_kernels().add(&table_[begin], &table_[begin], &table_[next + begin], end - begin);
    });
    table_.resize(next);
  }

 private:
  std::vector<Fr> table_;
};

class Prover {
 public:
  Prover(Batch& batch, unsigned rounds) : batch_(batch), rounds_(rounds), states_(batch.items.size()) {
    for (const std::vector<Fr>& point : batch.points) {
      inverses_.push_back(point);
      batch_invert(inverses_.back());
    }
    largest_.resize(batch.points.size());
    FirstWeights first;
    for (std::size_t k = 0; k < batch.items.size(); ++k) prepare(k, first);
    for (std::size_t p = 0; p < batch.points.size(); ++p) {
      if (largest_[p] > 0) suffixes_.emplace(p, Suffixes(batch.points[p], largest_[p]));
    }
  }

  /// Coefficients 0, 2 and 3 of the round with `left` variables still free, its own included.
  std::array<Fr, 3> round(unsigned left) {
    std::array<Fr, 3> out;
    for (std::size_t k = 0; k < states_.size(); ++k) {
      const Batch::Item& item = batch_.items[k];
      State& state = states_[k];
      if (item.bits < left) {
        Fr copies = state.scale * state.value;
        for (unsigned i = item.bits + 1; i < left; ++i) copies = copies.dbl();
        out[0] += copies;
        continue;
      }
      // The sums of an item that joins late now were made before the first round.
      const bool joins = item.bits == left && left < rounds_;
      if (!joins) state.sums = sums(item, left, state);
      const PairSums& s = state.sums;
      if (item.point == Batch::none) {
        out[0] += state.scale * s.at_zero;
        out[1] += state.scale * s.leading;
        continue;
      }
      const Fr& z = coordinate(item, left);
      const Fr constant = Fr::one() - z, slope = z.dbl() - Fr::one(), linear = s.linear();
      out[0] += state.scale * (constant * s.at_zero);
      out[1] += state.scale * (constant * s.leading + slope * linear);
      out[2] += state.scale * (slope * s.leading);
    }
    return out;
  }

  void bind(unsigned left, const Fr& x) {
    for (std::size_t k = 0; k < states_.size(); ++k) {
      const Batch::Item& item = batch_.items[k];
      State& state = states_[k];
      if (item.bits < left || item.point == Batch::none) continue;
      const PairSums& s = state.sums;
      state.value = s.at_zero + x * (s.linear() + x * s.leading);
      state.scale *= multilinear::eq(std::span(&coordinate(item, left), 1), std::span(&x, 1));
    }
    for (std::vector<Fr>& table : batch_.tables) {
      if (table.size() == std::size_t{1} << left) multilinear::bind_first(table, x);
    }
    for (auto& [point, suffixes] : suffixes_) {
      if (largest_[point] >= left) suffixes.shorten();
    }
  }

 private:
  struct State {
    Fr scale;  ///< coefficient, late_factor, and eq of the variables bound so far
    Fr value;  ///< its sum over the variables still free, with eq of those alone
    PairSums sums;
  };

  /// eq weights of the round in which items join late, by point and bits.
  using FirstWeights = std::map<std::pair<std::size_t, unsigned>, Suffixes>;

  /// Items that join late wait with their value, and with the sums of the round in which they join.
  void prepare(std::size_t k, FirstWeights& first) {
    const Batch::Item& item = batch_.items[k];
    State& state = states_[k];
    EZKL_ENSURE(item.bits <= rounds_ && !item.products.empty(), "an item has factors, and no more bits than rounds");
    for (const Batch::Factors& factors : item.products) {
      for (const std::size_t table : {factors.a, factors.b}) {
        EZKL_ENSURE(table == Batch::none || batch_.tables.at(table).size() == std::size_t{1} << item.bits,
                    "an item's tables have one entry a cell of its cube");
      }
    }
    EZKL_ENSURE(item.point == Batch::none || batch_.points.at(item.point).size() >= item.bits,
                "a point has a coordinate for every bit");
    state.scale = item.coefficient * late_factor(item.bits, rounds_);
    if (item.bits == 0) {
      for (const Batch::Factors& factors : item.products) {
        const Fr& a = batch_.tables[factors.a][0];
        state.value += factors.b == Batch::none ? a : a * batch_.tables[factors.b][0];
      }
      return;
    }
    if (item.point != Batch::none) largest_[item.point] = std::max(largest_[item.point], item.bits);
    if (item.bits == rounds_) return;
    const std::size_t n = std::size_t{1} << (item.bits - 1);
    if (item.point == Batch::none) {
      state.sums = pair_sums(factors(item), nullptr, n, true);
      state.value = state.sums.at_zero + state.sums.at_one;
      return;
    }
    const std::vector<Fr>& point = batch_.points[item.point];
    const Suffixes& weights = first.try_emplace({item.point, item.bits}, point, item.bits).first->second;
    state.sums = pair_sums(factors(item), weights.weights(), n, true);
    const Fr& z = coordinate(item, item.bits);
    state.value = state.sums.at_zero + z * (state.sums.at_one - state.sums.at_zero);
  }

  PairSums sums(const Batch::Item& item, unsigned left, const State& state) const {
    const std::size_t n = std::size_t{1} << (left - 1);
    if (item.point == Batch::none) return pair_sums(factors(item), nullptr, n, false);
    const Suffixes& suffixes = suffixes_.at(item.point);
    EZKL_ENSURE(suffixes.size() == n, "as many weights as pairs");
    const Fr &z = coordinate(item, left), &inverse = inverses_[item.point][batch_.points[item.point].size() - left];
    // value = (1 - z) h(0) + z h(1) gives h(1), but in the first round, where the value is not known, and for z = 0.
    const bool direct = left == rounds_ || z.is_zero();
    PairSums out = pair_sums(factors(item), suffixes.weights(), n, direct);
    if (!direct) out.at_one = out.at_zero + (state.value - out.at_zero) * inverse;
    return out;
  }

  const Fr& coordinate(const Batch::Item& item, unsigned left) const {
    const std::vector<Fr>& point = batch_.points[item.point];
    return point[point.size() - left];
  }

  std::vector<PairFactors> factors(const Batch::Item& item) const {
    std::vector<PairFactors> out;
    for (const Batch::Factors& f : item.products) {
      out.push_back({batch_.tables[f.a].data(), f.b == Batch::none ? nullptr : batch_.tables[f.b].data()});
    }
    return out;
  }

  Batch& batch_;
  unsigned rounds_;
  std::vector<State> states_;
  std::vector<std::vector<Fr>> inverses_;  ///< of the points' coordinates
  std::vector<unsigned> largest_;          ///< by point: most bits of an item that uses it
  std::map<std::size_t, Suffixes> suffixes_;
};

}  // namespace

Fr late_factor(unsigned bits, std::size_t rounds) {
  static const Fr half = Fr::from_u64(2).inverse();
  return half.pow(rounds - bits);
}

Reduced reduce(Channel& channel, std::string_view name, Scalar claim, unsigned rounds, unsigned degree, Batch* batch) {
  EZKL_ENSURE(degree == 2 || degree == 3, "degree 2 or 3");
  EZKL_ENSURE((batch != nullptr) == channel.proving(), "a prover has the tables, a verifier has none");
  std::optional<Prover> prover;
  if (batch != nullptr) prover.emplace(*batch, rounds);
  Reduced out{std::move(claim), {}};
  for (unsigned round = 1; round <= rounds; ++round) {
    const unsigned left = rounds - round + 1;
    const std::string number = std::to_string(round);
    std::array<Fr, 3> values;
    if (prover) values = prover->round(left);
    const std::vector<Scalar> sent =
        channel.send(std::string(name) + ".r" + number,
                     prover ? std::span<const Fr>(values).first(degree) : std::span<const Fr>(), degree);
    // the coefficient that was not sent: s(0) + s(1) is the claim
    Scalar linear = out.claim - sent[0] * Fr::from_u64(2);
    for (unsigned d = 1; d < degree; ++d) linear = linear - sent[d];
    const Fr x = channel.challenge(std::string(name) + ".x" + number);
    Fr power = x;
    out.claim = sent[0] + linear * x;
    for (unsigned d = 1; d < degree; ++d) {
      power *= x;
      out.claim.add(sent[d], power);
    }
    out.point.push_back(x);
    if (prover) prover->bind(left, x);
  }
  return out;
}

}  // namespace ezkl::sumcheck
