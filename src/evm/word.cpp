#include "evm/word.hpp"

#include <string>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr unsigned word_bits = 256;

}  // namespace

Word Word::from_bytes_be(std::span<const std::uint8_t, 32> bytes) {
  Word out;
  for (std::size_t i = 0; i < 32; ++i) out.limb[(31 - i) / 8] |= std::uint64_t{bytes[i]} << (8 * ((31 - i) % 8));
  return out;
}

std::array<std::uint8_t, 32> Word::to_bytes_be() const {
  std::array<std::uint8_t, 32> out;
  for (std::size_t i = 0; i < 32; ++i) out[31 - i] = static_cast<std::uint8_t>(limb[i / 8] >> (8 * (i % 8)));
  return out;
}

void Packer::room(unsigned bits) {
  if (bit_ + bits <= word_bits) return;
  words_.emplace_back();
  bit_ = 0;
}

void Packer::put(std::uint64_t value, unsigned bits) {
  if (bits < 64 && (value >> bits) != 0) {
    throw Error(Fault::range, "the circuit is too large for a verifying-key artifact: " + std::to_string(value) +
                                  " does not fit " + std::to_string(bits) + " bits");
  }
  EZKL_ENSURE(bit_ + bits <= word_bits, "a field straddles two words of a verifying-key artifact");
  add_at(words_.size() - 1, value, bit_);
  bit_ += bits;
}

void Packer::add_at(std::size_t word, std::uint64_t value, unsigned bit) {
  auto& limb = words_.at(word).limb;
  limb.at(bit / 64) |= value << (bit % 64);
  if (bit % 64 != 0 && bit / 64 + 1 < limb.size()) limb[bit / 64 + 1] |= value >> (64 - bit % 64);
}

std::vector<Word> Packer::counted(unsigned shift) {
  add_at(0, words_.size(), shift);
  return take();
}

}  // namespace ezkl::evm
