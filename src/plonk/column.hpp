#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "field/fr.hpp"

namespace ezkl::plonk {

enum class ColumnKind : std::uint8_t { advice, fixed, instance };

/// A column of the constraint system. Columns of each kind are numbered from 0 in order of allocation.
struct Column {
  ColumnKind kind = ColumnKind::advice;
  std::uint32_t index = 0;
  std::uint8_t phase = 0;  ///< advice only

  auto operator<=>(const Column&) const = default;
};

struct Cell {
  Column column;
  std::uint32_t row = 0;

  bool operator==(const Cell&) const = default;
};

/// The values of one column on all n = 2^k rows, in Lagrange form. Most cells of a circuit are small signed integers,
/// and committing to those costs a fraction of committing to field elements, so they are kept as such: `small()` holds
/// every row (0 where the cell is wide) and `wide()` the few rows that need a whole field element (blinding, inverses,
/// large constants), sorted by row.
class ColumnValues {
 public:
  ColumnValues() = default;
  explicit ColumnValues(std::size_t n) : small_(n, 0) {}

  std::size_t size() const { return small_.size(); }
  void set(std::size_t row, std::int64_t value);
  /// Stores `value` as small when its signed value fits 62 bits, else as wide.
  void set(std::size_t row, const Fr& value);
  Fr at(std::size_t row) const;
  std::span<const std::int64_t> small() const { return small_; }
  std::span<const std::pair<std::uint32_t, Fr>> wide() const { return wide_; }
  /// Writes all rows as field elements; out.size() == size().
  void to_field(std::span<Fr> out) const;
  bool is_zero() const;

 private:
  std::vector<std::int64_t> small_;
  std::vector<std::pair<std::uint32_t, Fr>> wide_;
};

/// One bit a row: where a selector is active.
class SelectorBits {
 public:
  SelectorBits() = default;
  explicit SelectorBits(std::size_t n) : n_(n), bits_((n + 7) / 8, 0) {}
  std::size_t size() const { return n_; }
  bool get(std::size_t row) const { return (bits_[row / 8] >> (row % 8)) & 1; }
  void set(std::size_t row) { bits_[row / 8] |= std::uint8_t(1u << (row % 8)); }
  /// bit j (least significant first) of byte i is row 8i+j: the form of vk.key.
  std::span<const std::uint8_t> bytes() const { return bits_; }
  std::span<std::uint8_t> bytes() { return bits_; }

 private:
  std::size_t n_ = 0;
  std::vector<std::uint8_t> bits_;
};

}  // namespace ezkl::plonk
