#include "plonk/column.hpp"

#include <algorithm>
#include <string>

#include "base/ensure.hpp"

namespace ezkl::plonk {
namespace {

constexpr std::int64_t small_limit = std::int64_t{1} << 61;

bool row_before(const std::pair<std::uint32_t, Fr>& entry, std::size_t row) { return entry.first < row; }

}  // namespace

void ColumnValues::set(std::size_t row, std::int64_t value) {
  EZKL_ENSURE(row < small_.size(), "column row " + std::to_string(row) + " of " + std::to_string(small_.size()));
  small_[row] = value;
  if (wide_.empty() || wide_.back().first < row) return;
  const auto place = std::lower_bound(wide_.begin(), wide_.end(), row, row_before);
  if (place != wide_.end() && place->first == row) wide_.erase(place);
}

void ColumnValues::set(std::size_t row, const Fr& value) {
  if (const auto small = value.to_small(); small && *small > -small_limit && *small < small_limit) {
    set(row, *small);
    return;
  }
  EZKL_ENSURE(row < small_.size(), "column row " + std::to_string(row) + " of " + std::to_string(small_.size()));
  small_[row] = 0;
  const auto key = static_cast<std::uint32_t>(row);
  if (wide_.empty() || wide_.back().first < row) {
    wide_.emplace_back(key, value);
    return;
  }
  const auto place = std::lower_bound(wide_.begin(), wide_.end(), row, row_before);
  if (place != wide_.end() && place->first == row) {
    place->second = value;
  } else {
    wide_.insert(place, {key, value});
  }
}

Fr ColumnValues::at(std::size_t row) const {
  EZKL_ENSURE(row < small_.size(), "column row " + std::to_string(row) + " of " + std::to_string(small_.size()));
  if (small_[row] != 0) return Fr::from_i64(small_[row]);
  const auto place = std::lower_bound(wide_.begin(), wide_.end(), row, row_before);
  return place != wide_.end() && place->first == row ? place->second : Fr::zero();
}

void ColumnValues::to_field(std::span<Fr> out) const {
  EZKL_ENSURE(out.size() == small_.size(), "column of " + std::to_string(small_.size()) + " rows written to " +
                                               std::to_string(out.size()));
  for (std::size_t row = 0; row < out.size(); ++row) {
    out[row] = small_[row] == 0 ? Fr::zero() : Fr::from_i64(small_[row]);
  }
  for (const auto& [row, value] : wide_) out[row] = value;
}

bool ColumnValues::is_zero() const {
  return wide_.empty() && std::all_of(small_.begin(), small_.end(), [](std::int64_t v) { return v == 0; });
}

}  // namespace ezkl::plonk
