#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "plonk/column.hpp"
#include "poly/domain.hpp"

namespace ezkl::plonk {

/// The labels of cells under equality: cell (column position c, row j) has delta^c * omega^j.
class CellLabels {
 public:
  CellLabels(const Domain& domain, std::size_t columns);

  std::size_t n() const { return rows_.size(); }
  const Fr& row(std::size_t j) const { return rows_[j]; }
  std::span<const Fr> rows() const { return rows_; }
  const Fr& column(std::size_t c) const { return columns_[c]; }
  Fr label(std::uint32_t cell) const { return columns_[cell / n()] * rows_[cell % n()]; }

 private:
  std::vector<Fr> rows_, columns_;
};

/// The values of sigma_c on the domain: the label of the cell that follows each cell of column position c.
/// `next` as Assembly::next; out.size() == n.
void sigma_values(const CellLabels& labels, std::span<const std::uint32_t> next, std::size_t c, std::span<Fr> out);

/// The row below which no cell of column position c is copied, up to row `usable`.
std::size_t copied_rows(std::span<const std::uint32_t> next, std::size_t n, std::size_t c, std::size_t usable);

/// What a grand product is made of on one row: a pair (numerator, denominator).
struct RatioRow {
  std::uint32_t row = 0;
  Fr numerator, denominator;
};

/// The quotients numerator / denominator of `rows`, in order.
std::vector<Fr> ratios(std::span<const RatioRow> rows);

/// The numerators and denominators of one permutation set, on the rows where they differ: a cell that is copied nowhere
/// has the same factor in both. `first` .. `last`-1 are the column positions of the set.
std::vector<RatioRow> permutation_ratios(const CellLabels& labels, std::span<const std::uint32_t> next,
                                         std::size_t first, std::size_t last,
                                         const std::function<const ColumnValues&(std::size_t position)>& column,
                                         const Fr& beta, const Fr& gamma);

/// Running product over all rows: z[0] = start, z[i+1] = z[i] * ratio of row i. Rows beyond `usable` are random.
/// Returns z[usable].
Fr running_product(std::span<const RatioRow> rows, std::span<const Fr> ratio, const Fr& start, std::size_t usable,
                   Random& random, std::span<Fr> z);

}  // namespace ezkl::plonk
