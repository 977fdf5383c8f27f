#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "plonk/keys.hpp"

namespace ezkl::plonk {

CopyConstraints::CopyConstraints(std::size_t columns, std::size_t n) : n_(n) {
  if (n != 0 && columns > std::numeric_limits<std::uint32_t>::max() / n) {
    throw Error(Fault::range, "copy constraints: " + std::to_string(columns) + " columns of " + std::to_string(n) +
                                  " rows are more cells than 32 bits can number");
  }
  next_.resize(columns * n);
  std::iota(next_.begin(), next_.end(), std::uint32_t{0});
  cycle_ = next_;
  size_.assign(next_.size(), 1);
}

void CopyConstraints::copy(std::size_t column_a, std::size_t row_a, std::size_t column_b, std::size_t row_b) {
  EZKL_ENSURE(row_a < n_ && row_b < n_ && (column_a + 1) * n_ <= next_.size() && (column_b + 1) * n_ <= next_.size(),
              "a copy constraint names a cell that does not exist");
  const auto a = static_cast<std::uint32_t>(column_a * n_ + row_a);
  const auto b = static_cast<std::uint32_t>(column_b * n_ + row_b);
  std::uint32_t kept = cycle_[a];
  std::uint32_t absorbed = cycle_[b];
  if (kept == absorbed) return;
  // The smaller cycle is relabelled, on a tie the right one. Which one it is does not show in the outcome, only in
  // time.
  if (size_[kept] < size_[absorbed]) std::swap(kept, absorbed);
  size_[kept] += size_[absorbed];
  std::uint32_t at = absorbed;
  do {
    cycle_[at] = kept;
    at = next_[at];
  } while (at != absorbed);
  std::swap(next_[a], next_[b]);
}

std::vector<std::uint32_t> CopyConstraints::take() {
  cycle_ = {};
  size_ = {};
  return std::exchange(next_, {});
}

}  // namespace ezkl::plonk
