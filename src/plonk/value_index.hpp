#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "field/fr.hpp"

namespace ezkl::plonk {

/// Value -> first row that holds it: open addressing over row numbers, the values stay where they are.
class ValueIndex {
 public:
  static constexpr std::uint32_t missing = ~std::uint32_t{0};

  explicit ValueIndex(std::span<const Fr> values) : values_(values) {
    const std::size_t slots = std::bit_ceil(2 * values.size() + 2);
    mask_ = slots - 1;
    slots_.assign(slots, missing);
    for (std::uint32_t row = 0; row < values.size(); ++row) {
      std::size_t at = place(values[row]);
      while (slots_[at] != missing && !(values_[slots_[at]] == values[row])) at = (at + 1) & mask_;
      if (slots_[at] == missing) slots_[at] = row;
    }
  }

  std::uint32_t find(const Fr& value) const {
    std::size_t at = place(value);
    while (slots_[at] != missing && !(values_[slots_[at]] == value)) at = (at + 1) & mask_;
    return slots_[at];
  }

 private:
  std::size_t place(const Fr& value) const {
    std::uint64_t h = (value.limb[0] ^ std::rotl(value.limb[1], 17) ^ std::rotl(value.limb[2], 31) ^ value.limb[3]) *
                      0x9e3779b97f4a7c15u;
    h ^= h >> 32;
    return static_cast<std::size_t>(h) & mask_;
  }

  std::span<const Fr> values_;
  std::vector<std::uint32_t> slots_;
  std::size_t mask_ = 0;
};

}  // namespace ezkl::plonk
