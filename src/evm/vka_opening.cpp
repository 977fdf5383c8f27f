#include "evm/vka_opening.hpp"

#include <algorithm>
#include <map>

#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

using Kind = plonk::PolynomialId::Kind;
using Set = plonk::ProofShape::RotationSet;

constexpr Address word_size = 0x20;
constexpr Address point_size = 0x40;
constexpr Address stored_one = 0x20;

enum class Place : unsigned { memory = 0, calldata = 1, quotient = 2 };

struct Commitment {
  Address at = 0;
  Place place = Place::calldata;
};

/// Neighbours in which follows(previous, next) holds stay together.
template <class Item, class Follows>
std::vector<std::vector<Item>> runs(const std::vector<Item>& items, Follows follows) {
  std::vector<std::vector<Item>> out;
  for (const Item& item : items) {
    if (!out.empty() && follows(out.back().back(), item)) {
      out.back().push_back(item);
    } else {
      out.push_back({item});
    }
  }
  return out;
}

class OpeningBuilder {
 public:
  OpeningBuilder(const ProofLayout& layout, Address fixed, Address sigma)
      : layout_(layout), sets_(layout.shape.sets), rotations_(layout.shape.rotations), fixed_(fixed), sigma_(sigma) {
    std::size_t weights = 0;
    for (const Set& set : sets_) weights += set.rotations.size();
    Address at = word_size;
    for (const Set& set : sets_) {
      weight_.push_back(at);
      at += word_size * set.rotations.size();
    }
    num_weights_ = weights;
    const Address free = word_size * (2 * (1 + weights) + 6);
    const std::size_t n = rotations_.size();
    for (std::size_t i = 0; i < n; ++i) {
      point_[rotations_[i]] = free + word_size * i;
      distance_[rotations_[i]] = free + word_size * (n + i);
    }
    vanishing_ = free + word_size * 2 * n;
    differences_ = vanishing_ + word_size;
    values_ = differences_ + word_size * sets_.size();
    sums_ = values_ + word_size * sets_.size();
  }

  OpeningSection build() {
    if (sets_.size() < 2) throw Error(Fault::unsupported, "a circuit with one rotation only has no on-chain verifier");
    points();
    vanishing_factors();
    weights();
    evaluations();
    weight_sums();
    commitments();
    const std::size_t scratch = 2 * (1 + num_weights_) + 6 + 2 * rotations_.size() + 1 + 3 * sets_.size();
    return {std::move(out_), scratch};
  }

 private:
  void append(const std::vector<Word>& words) { out_.insert(out_.end(), words.begin(), words.end()); }

  void append(Packer packer) { append(packer.take()); }

  /// Address of the point at a rotation, 0 when nothing is opened there.
  Address point_or_zero(std::int32_t rotation) const {
    const auto place = point_.find(rotation);
    return place == point_.end() ? 0 : place->second;
  }

  void points() {
    Packer up;
    up.put(static_cast<std::uint64_t>(rotations_.back()), 8);
    for (std::int32_t r = 1; r <= rotations_.back(); ++r) {
      up.room(16);
      up.put(point_or_zero(r), 16);
    }
    append(std::move(up));
    Packer down;
    down.put(point_.at(0), 16);
    down.put(static_cast<std::uint64_t>(-rotations_.front()), 8);
    for (std::int32_t r = -1; r >= rotations_.front(); --r) {
      down.room(16);
      down.put(point_or_zero(r), 16);
    }
    append(std::move(down));
  }

  void vanishing_factors() {
    const std::size_t n = rotations_.size();
    const Address first = distance_.at(rotations_.front());
    Packer head;
    head.put(first, 16);
    head.put(first + word_size * n, 16);
    head.put(point_.at(rotations_.front()), 16);
    head.put(0, 8);
    for (const std::int32_t r : sets_.front().rotations) {
      head.room(16);
      head.put(distance_.at(r), 16);
    }
    append(head.counted(48));
    Packer meta;
    meta.put(vanishing_, 16);
    meta.put(sets_.size(), 16);
    append(std::move(meta));
    for (const Set& set : sets_) {
      Packer packer;
      for (const std::int32_t r : rotations_) {
        if (!std::binary_search(set.rotations.begin(), set.rotations.end(), r)) packer.put(distance_.at(r), 16);
      }
      if (set.rotations.size() == n) packer.put(stored_one, 16);
      append(std::move(packer));
    }
  }

  void weights() {
    Packer sizes(8);
    for (const Set& set : sets_) {
      sizes.room(8);
      sizes.put(set.rotations.size(), 8);
    }
    append(sizes.counted());
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      const auto& set = sets_[i];
      Packer packer;
      if (set.rotations.size() > 1) {
        for (const std::int32_t r : set.rotations) packer.put(point_.at(r), 16);
      }
      for (const std::int32_t r : set.rotations) packer.put(distance_.at(r), 16);
      for (std::size_t j = 0; j < set.rotations.size(); ++j) packer.put(weight_[i] + word_size * j, 16);
      append(std::move(packer));
    }
    Packer tail;
    tail.put(word_size * (1 + num_weights_), 16);
    tail.put(differences_, 16);
    tail.put(word_size * sets_.size(), 16);
    append(std::move(tail));
  }

  void evaluations() {
    Packer meta(8);
    meta.put(differences_ + word_size, 16);
    meta.put(values_, 16);
    for (const Set& set : sets_) {
      meta.room(8);
      meta.put(word_size * set.rotations.size(), 8);
    }
    append(meta.counted());
    for (const Set& set : sets_) append(set.rotations.size() == 1 ? single_rotation(set) : several_rotations(set));
  }

  /// From the last polynomial to the first: the random one, h (implied), then runs of neighbouring evaluations.
  std::vector<Word> single_rotation(const Set& set) const {
    const std::size_t count = set.polynomials.size();
    if (count < 2 || set.polynomials[count - 1].kind != Kind::random ||
        set.polynomials[count - 2].kind != Kind::quotient) {
      throw Error(Fault::unsupported, "a column that is queried on one row only, and not its own, has no place in a "
                                      "verifying-key artifact");
    }
    Packer packer(8);
    packer.put(layout_.evaluation(set.polynomials[count - 1], 0), 16);
    std::vector<Address> rest;
    for (std::size_t i = count - 2; i-- > 0;) rest.push_back(layout_.evaluation(set.polynomials[i], 0));
    for (const auto& run : runs(rest, [](Address a, Address b) { return a - word_size == b; })) {
      const bool is_long = run.size() > 2;
      packer.room(is_long ? 40 : static_cast<unsigned>(8 + 16 * run.size()));
      packer.put(is_long ? 0 : run.size(), 8);
      if (is_long) {
        packer.put(run.front(), 16);
        packer.put(run.front() - word_size * run.size(), 16);
      } else {
        for (const Address at : run) packer.put(at, 16);
      }
    }
    return packer.counted();
  }

  std::vector<Word> several_rotations(const Set& set) const {
    if (set.rotations.size() > sets_.size()) {
      throw Error(Fault::unsupported, "a column is queried on more rows than a verifying-key artifact has room for");
    }
    Packer packer(8);
    for (std::size_t i = set.polynomials.size(); i-- > 0;) {
      // The published layout tests for room by the number of sets, not of evaluations.
      packer.room(static_cast<unsigned>(16 * sets_.size()));
      for (const std::int32_t r : set.rotations) packer.put(layout_.evaluation(set.polynomials[i], r), 16);
    }
    return packer.counted();
  }

  void weight_sums() {
    Packer packer(8);
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      packer.room(24);
      packer.put(word_size * sets_[i].rotations.size(), 8);
      packer.put(sums_ + word_size * i, 16);
    }
    append(packer.counted());
    Packer tail;
    tail.put(word_size * sets_.size(), 16);
    tail.put(sums_, 16);
    tail.put(values_ + word_size * (sets_.size() - 1), 16);
    append(std::move(tail));
  }

  Commitment commitment(const plonk::PolynomialId& polynomial) const {
    switch (polynomial.kind) {
      case Kind::fixed:
        return {fixed_ + point_size * polynomial.index, Place::memory};
      case Kind::sigma:
        return {sigma_ + point_size * polynomial.index, Place::memory};
      case Kind::quotient:
        return {0, Place::quotient};
      default:
        return {layout_.commitment(polynomial), Place::calldata};
    }
  }

  std::vector<Word> set_commitments(const Set& set) const {
    std::vector<Commitment> rest;
    for (std::size_t i = set.polynomials.size() - 1; i-- > 0;) rest.push_back(commitment(set.polynomials[i]));
    const Commitment last = commitment(set.polynomials.back());
    if (last.place != Place::calldata) {
      throw Error(Fault::unsupported, "a fixed column is queried where no column of the proof is: a verifying-key "
                                      "artifact has no place for it");
    }
    Packer packer;
    packer.put(last.at, 16);
    packer.put(last.at + word_size, 16);
    const auto follows = [](const Commitment& a, const Commitment& b) {
      return a.place == b.place && a.place != Place::quotient && a.at - point_size == b.at;
    };
    for (const auto& run : runs(rest, follows)) {
      const Place place = run.front().place;
      packer.room(run.size() == 2 ? 80 : place == Place::quotient ? 16 : 48);
      packer.put(static_cast<unsigned>(place), 8);
      packer.put(run.size() < 3 ? run.size() : 0, 8);
      if (place == Place::quotient) continue;
      if (run.size() < 3) {
        for (const Commitment& c : run) {
          packer.put(c.at, 16);
          packer.put(c.at + word_size, 16);
        }
      } else {
        packer.put(run.front().at, 16);
        packer.put(run.front().at - point_size * run.size(), 16);
      }
    }
    return packer.take();
  }

  void commitments() {
    std::vector<Word> data;
    std::vector<std::size_t> lengths;
    for (const Set& set : sets_) {
      const auto words = set_commitments(set);
      lengths.push_back(word_size * words.size());
      data.insert(data.end(), words.begin(), words.end());
    }
    Packer meta(8);
    const Address w = layout_.opening;
    for (const Address at : {differences_ + word_size, w, w + word_size, vanishing_, w + point_size,
                             w + point_size + word_size}) {
      meta.put(at, 16);
    }
    for (const std::size_t length : lengths) {
      meta.room(8);
      meta.put(length, 8);
    }
    append(meta.counted());
    append(data);
  }

  const ProofLayout& layout_;
  const std::vector<Set>& sets_;
  const std::vector<std::int32_t>& rotations_;
  Address fixed_, sigma_;
  std::size_t num_weights_ = 0;
  std::vector<Address> weight_;                // by set: address of its first weight
  std::map<std::int32_t, Address> point_;      // by rotation
  std::map<std::int32_t, Address> distance_;   // mu - point
  Address vanishing_ = 0, differences_ = 0, values_ = 0, sums_ = 0;
  std::vector<Word> out_;
};

}  // namespace

OpeningSection opening_section(const ProofLayout& layout, Address fixed, Address sigma) {
  return OpeningBuilder(layout, fixed, sigma).build();
}

}  // namespace ezkl::evm
