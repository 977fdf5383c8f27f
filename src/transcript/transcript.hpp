#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "curve/g1.hpp"
#include "field/fr.hpp"
#include "transcript/hashers.hpp"

namespace ezkl {

/// The prover's side: what is written is absorbed and appended to `proof`.
template <class Hasher>
class TranscriptWriter {
 public:
  void common_scalar(const Fr& scalar) { hasher_.absorb(scalar); }
  void common_point(const G1Affine& point) { hasher_.absorb(point); }
  void write_scalar(const Fr& scalar);
  void write_point(const G1Affine& point);
  Fr squeeze() { return hasher_.squeeze(); }

  std::vector<std::uint8_t> proof;

 private:
  Hasher hasher_;
};

/// The verifier's side: what is read from `proof` is checked (canonical, on the curve) and absorbed. `what` names the
/// item in the error. errors: Fault::format.
template <class Hasher>
class TranscriptReader {
 public:
  explicit TranscriptReader(std::span<const std::uint8_t> proof) : proof_(proof) {}

  void common_scalar(const Fr& scalar) { hasher_.absorb(scalar); }
  void common_point(const G1Affine& point) { hasher_.absorb(point); }
  Fr read_scalar(std::string_view what = "scalar");
  G1Affine read_point(std::string_view what = "point");
  Fr squeeze() { return hasher_.squeeze(); }
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return proof_.size() - position_; }

 private:
  std::span<const std::uint8_t> take(std::size_t size, std::string_view what);

  std::span<const std::uint8_t> proof_;
  std::size_t position_ = 0;
  Hasher hasher_;
};

using EvmTranscriptWriter = TranscriptWriter<EvmHasher>;
using EvmTranscriptReader = TranscriptReader<EvmHasher>;
using Blake2bTranscriptWriter = TranscriptWriter<Blake2bHasher>;
using Blake2bTranscriptReader = TranscriptReader<Blake2bHasher>;
using PoseidonTranscriptWriter = TranscriptWriter<PoseidonHasher>;
using PoseidonTranscriptReader = TranscriptReader<PoseidonHasher>;

extern template class TranscriptWriter<EvmHasher>;
extern template class TranscriptReader<EvmHasher>;
extern template class TranscriptWriter<Blake2bHasher>;
extern template class TranscriptReader<Blake2bHasher>;
extern template class TranscriptWriter<PoseidonHasher>;
extern template class TranscriptReader<PoseidonHasher>;

}  // namespace ezkl
