#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "curve/g1.hpp"
#include "field/fr.hpp"
#include "poly/cube.hpp"

/// Tensors committed row by row: of the cube of a tensor, row k is the cells k·C … k·C + C - 1, C = 2^c, and its
/// commitment the polynomial with these coefficients under the powers of an SRS. A tensor of fewer cells is the front
/// of one row. Small integers cost what msm_small costs; whatever is claimed of all tensors in the end is one row of
/// field elements. source: docs/spec/sumcheck.md 2.4; Wahby and others, "Doubly-efficient zkSNARKs without trusted
/// setup", ePrint 2017/1132
namespace ezkl {

/// Which rows a tensor has.
class RowShape {
 public:
  static constexpr unsigned least_bits = 1, most_bits = 20;

  /// errors: Fault::range for row_bits outside these.
  RowShape(Cube cube, unsigned row_bits);

  const Cube& cube() const { return cube_; }
  unsigned row_bits() const { return row_bits_; }
  std::size_t columns() const { return std::size_t{1} << row_bits_; }
  /// Rows that hold an element; others do not exist: they have no commitment and weight zero.
  std::uint64_t rows() const { return existing_.elements(); }
  /// Which of all the cube's rows the i-th of these is; ascending.
  std::uint64_t number(std::uint64_t i) const { return existing_.cell(i); }

  /// A point of the cube in two: the coordinates that choose a row, and those of the column, with zeros in front where
  /// the cube is smaller than a row.
  std::span<const Fr> row_part(std::span<const Fr> point) const;
  std::vector<Fr> column_part(std::span<const Fr> point) const;
  /// eq of the row part at each row that exists, times `factor`.
  std::vector<Fr> weights(std::span<const Fr> point, const Fr& factor) const;

 private:
  Cube cube_;
  unsigned row_bits_;
  Cube existing_;  ///< how the rows that hold an element lie among all
};

/// Elements in row-major order of the tensor: small integers, or field elements.
using RowValues = std::variant<std::span<const std::int64_t>, std::span<const Fr>>;

struct RowTensor {
  RowShape shape;
  RowValues values;
};

/// The commitments to the rows of each tensor.
///
/// bases    the powers, columns() of them at least. Not checked here.
/// memory   one copy of a row for every thread
/// threads  parallel over rows; the points are the same for any number of threads and any kernel
/// errors   Fault::internal for values of another number than the shape's elements, and for too few bases
std::vector<std::vector<G1Affine>> commit_rows(std::span<const G1Affine> bases, std::span<const RowTensor> tensors);

/// sum[j] += factor · Σ over rows of eq(row part of the point, row) · cell j of the row: the row that a point leaves of
/// a tensor. errors: Fault::internal for another size of `sum` or of the values.
void add_combined_rows(std::span<Fr> sum, const Fr& factor, const RowTensor& tensor, std::span<const Fr> point);

}  // namespace ezkl
