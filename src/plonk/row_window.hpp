#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "plonk/column.hpp"
#include "poly/domain.hpp"

namespace ezkl::plonk {

/// constant + slope X
struct Line {
  Fr constant, slope;
};

/// The rows that a circuit much smaller than its 2^k rows uses, with the blinding rows before them: n - before .. n - 1
/// and 0 .. size - before - 1. A polynomial p that is 0 on all other rows is N * (X^n - 1) / D, where D is the product
/// of X - omega^row over the window and N has size() coefficients. N takes a fraction of the memory of p and of the
/// time to get at p's values on a coset, and the other factor is the same for all such columns.
class RowWindow {
 public:
  /// 2^log_size rows; log_size is from 3 to k - 3, and k above 6.
  RowWindow(const Domain& domain, std::size_t before, unsigned log_size);

  std::size_t size() const { return std::size_t{1} << log_size_; }
  /// Columns that are a line from row end() to the blinding rows can be taken.
  std::size_t end() const { return size() - before_; }

  /// N, from the n coefficients of p.
  std::vector<Fr> numerator(std::span<const Fr> coefficients) const;
  /// (X^n - 1) / D on the points shift * omega^i.
  std::vector<Fr> factor_on(const Coset& coset, const Fr& shift) const;
  /// (X^n - 1) / D at x, which is not in the domain.
  Fr factor_at(const Fr& x) const;

 private:
  friend class WindowExpansion;

  const Domain domain_;
  std::size_t before_;
  unsigned log_size_;
  Domain twice_;                    ///< large enough for products of two polynomials of the window's size
  std::vector<Fr> divisor_;         ///< coefficients of D, size() + 1
  std::vector<Fr> divisor_values_;  ///< of D mod X^size() on twice_
};

/// The way back from numerators to coefficients, by the values on one coset.
class WindowExpansion {
 public:
  /// `window` must outlive the object. memory: 2 n elements.
  explicit WindowExpansion(const RowWindow& window);
  /// The n coefficients of N * (X^n - 1) / D.
  std::vector<Fr> coefficients(std::span<const Fr> numerator) const;

 private:
  const Domain& domain_;
  Coset coset_;
  std::vector<Fr> factor_;
};

/// The first row from which on all rows before `usable` hold the same small value as the last one of them; `usable`
/// when that one is wide.
std::size_t constant_from(const ColumnValues& column, std::size_t usable);

/// log_size of the window that saves the most work for columns of these extents (rows after which each is a line), or 0
/// when none is worth it.
unsigned choose_window(std::span<const std::size_t> extents, std::size_t before, unsigned k);

}  // namespace ezkl::plonk
