#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "curve/g1.hpp"
#include "field/fr.hpp"
#include "transcript/blake2b.hpp"
#include "transcript/keccak.hpp"

namespace ezkl {

/// What a transcript does with the values it sees: `absorb` them and `squeeze` challenges out of them. The encodings of
/// proof items belong to the same choice. source: docs/spec/proof-protocol.md 7 and 13.3.
enum class ProofEncoding : std::uint8_t {
  evm_words,   ///< points 64 bytes (x, y big-endian), scalars 32 bytes big-endian
  compressed,  ///< points 32 bytes compressed, scalars 32 bytes little-endian
};

/// Keccak over EVM words: the transcript of every proof of version 23.
class EvmHasher {
 public:
  static constexpr ProofEncoding encoding = ProofEncoding::evm_words;
  void absorb(const Fr& scalar);
  void absorb(const G1Affine& point);
  Fr squeeze();

 private:
  void append(std::span<const std::uint8_t> bytes);

  Keccak256 hash_;
  std::size_t length_ = 0;
};

/// The proof library's default. Personalisation "Halo2-Transcript", a tag byte before every item.
class Blake2bHasher {
 public:
  static constexpr ProofEncoding encoding = ProofEncoding::compressed;
  Blake2bHasher() : hash_("Halo2-Transcript") {}
  void absorb(const Fr& scalar);
  void absorb(const G1Affine& point);
  Fr squeeze();

 private:
  Blake2b512 hash_;
};

/// Poseidon sponge of width 5, used by releases up to 22.
class PoseidonHasher {
 public:
  static constexpr ProofEncoding encoding = ProofEncoding::compressed;
  PoseidonHasher();
  void absorb(const Fr& scalar);
  void absorb(const G1Affine& point);
  Fr squeeze();

 private:
  std::array<Fr, 5> state_;
  std::vector<Fr> pending_;
};

}  // namespace ezkl
