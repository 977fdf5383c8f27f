#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/claims/claims.hpp"

/// Contractions as products of matrices, in doubles: sums of integers below 2^53 are exact.
namespace ezkl::claims {

/// An axis of a factor whose index may leave the source: base + Σ steps·loop must be in 0 … extent - 1.
struct Guard {
  std::int64_t base = 0, extent = 0;
  std::vector<std::int64_t> steps;  ///< one per loop
};

/// A factor as flat arithmetic: element = base + Σ steps·loop, zero where a guard does not hold.
struct Factor {
  std::int64_t base = 0;
  std::vector<std::int64_t> steps;
  std::vector<Guard> guards;
};

/// The loops of a contraction of two factors by what they move: rows the first factor only, columns the second only,
/// `batch` both; the others are summed over.
struct MatrixForm {
  std::vector<std::size_t> rows, columns, batch, summed;
};

/// `extents`: of the loops, the first `out_loops` of them the output's.
MatrixForm matrix_form(const Shape& extents, std::size_t out_loops, const Factor& a, const Factor& b);

/// Whether blocks of rows and columns are worth what packing them takes.
bool pays_as_matrices(const MatrixForm& form, const Shape& extents);

/// Writes every sum to its place in `out`. `out_steps`: what a step of each loop moves there, 0 for summed ones; `a`
/// and `b`: the sources' elements, integers whose sums of products have at most 53 bits. threads  parallel_for over the
/// rows memory   the factor of fewer lines, whole, with an element for each line and term
void multiply_matrices(const MatrixForm& form, const Shape& extents, const std::vector<std::size_t>& out_steps,
                       const Factor& a_factor, std::span<const double> a, const Factor& b_factor,
                       std::span<const double> b, std::span<Int128> out);

}  // namespace ezkl::claims
