#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "field/fq.hpp"
#include "field/fr.hpp"

namespace ezkl::evm {

/// A 256-bit word of the EVM, least significant limb first.
struct Word {
  std::array<std::uint64_t, 4> limb{};

  static Word of(std::uint64_t value) { return {{value, 0, 0, 0}}; }
  static Word of(const Fr& value) { return {value.to_canonical()}; }
  static Word of(const Fq& value) { return {value.to_canonical()}; }
  static Word from_bytes_be(std::span<const std::uint8_t, 32> bytes);

  std::array<std::uint8_t, 32> to_bytes_be() const;
  bool operator==(const Word&) const = default;
};

/// Packs small numbers into words from bit 0 upwards; a number that does not fit the rest of a word starts the next one.
class Packer {
 public:
  explicit Packer(unsigned first_bit = 0) : bit_(first_bit) {}

  /// Starts the next word unless `bits` more fit into this one.
  void room(unsigned bits);
  /// errors: Fault::range when the value has more than `bits` bits, Fault::internal when the word has no room.
  void put(std::uint64_t value, unsigned bits);
  /// Adds `value` at a bit of a word already written.
  void add_at(std::size_t word, std::uint64_t value, unsigned bit);
  /// The words, their number added to the first one at bit `shift`.
  std::vector<Word> counted(unsigned shift = 0);
  std::vector<Word> take() { return std::move(words_); }

  std::size_t size() const { return words_.size(); }
  unsigned bit() const { return bit_; }

 private:
  std::vector<Word> words_{1};
  unsigned bit_;
};

}  // namespace ezkl::evm
