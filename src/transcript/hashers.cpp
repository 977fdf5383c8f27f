#include "transcript/hashers.hpp"

#include <algorithm>
#include <span>

#include "transcript/poseidon.hpp"

namespace ezkl {
namespace {

Fr reduced_be(const std::array<std::uint8_t, 32>& hash) {
  std::array<std::uint8_t, 64> wide{};
  std::reverse_copy(hash.begin(), hash.end(), wide.begin());
  return Fr::from_uniform_bytes(wide);
}

Fr base_to_scalar(const Fq& coordinate) {
  const auto bytes = coordinate.to_bytes_le();
  std::array<std::uint8_t, 64> wide{};
  std::copy(bytes.begin(), bytes.end(), wide.begin());
  return Fr::from_uniform_bytes(wide);
}

}  // namespace

void EvmHasher::append(std::span<const std::uint8_t> bytes) {
  hash_.update(bytes);
  length_ += bytes.size();
}

void EvmHasher::absorb(const Fr& scalar) { append(scalar.to_bytes_be()); }

void EvmHasher::absorb(const G1Affine& point) {
  append(point.x.to_bytes_be());
  append(point.y.to_bytes_be());
}

Fr EvmHasher::squeeze() {
  // A state of exactly one hash means that nothing was absorbed since the last squeeze.
  if (length_ == 32) {
    constexpr std::array<std::uint8_t, 1> again = {1};
    append(again);
  }
  const auto hash = hash_.finish();
  hash_ = Keccak256();
  length_ = 0;
  append(hash);
  return reduced_be(hash);
}

void Blake2bHasher::absorb(const Fr& scalar) {
  constexpr std::array<std::uint8_t, 1> tag = {2};
  hash_.update(tag);
  hash_.update(scalar.to_bytes_le());
}

void Blake2bHasher::absorb(const G1Affine& point) {
  constexpr std::array<std::uint8_t, 1> tag = {1};
  hash_.update(tag);
  hash_.update(point.x.to_bytes_le());
  hash_.update(point.y.to_bytes_le());
}

Fr Blake2bHasher::squeeze() {
  constexpr std::array<std::uint8_t, 1> tag = {0};
  hash_.update(tag);
  Blake2b512 copy = hash_;
  return Fr::from_uniform_bytes(copy.finish());
}

PoseidonHasher::PoseidonHasher() { state_[0] = Fr::from_u64(std::uint64_t{1} << 32).square(); }

void PoseidonHasher::absorb(const Fr& scalar) { pending_.push_back(scalar); }

void PoseidonHasher::absorb(const G1Affine& point) {
  pending_.push_back(base_to_scalar(point.x));
  pending_.push_back(base_to_scalar(point.y));
}

Fr PoseidonHasher::squeeze() {
  constexpr std::size_t rate = 4;
  // A last block that is not full carries a 1 after its words; one more, empty, follows when every block was full.
  for (std::size_t start = 0; start <= pending_.size(); start += rate) {
    const std::size_t count = std::min(rate, pending_.size() - start);
    for (std::size_t i = 0; i < count; ++i) state_[1 + i] += pending_[start + i];
    if (count < rate) state_[1 + count] += Fr::one();
    poseidon_permute(poseidon_transcript_params(), state_);
  }
  pending_.clear();
  return state_[1];
}

}  // namespace ezkl
