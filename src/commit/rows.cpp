#include "commit/rows.hpp"

#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "curve/msm.hpp"
#include "ezkl/error.hpp"
#include "field/kernels.hpp"
#include "poly/multilinear.hpp"

namespace ezkl {
namespace {

/// The tensor whose elements are the rows of `cube` that hold one: axes above a row, the one that a row cuts in blocks.
Cube rows_of(const Cube& cube, unsigned row_bits) {
  std::vector<std::size_t> extents;
  for (std::size_t axis = 0; axis < cube.extents().size(); ++axis) {
    const unsigned after = cube.bits() - cube.first_of(axis);  // bits of this axis and those behind it
    if (after <= row_bits) break;
    const unsigned behind = after - cube.bits_of(axis);
    const unsigned cut = row_bits > behind ? row_bits - behind : 0;
    const std::size_t block = std::size_t{1} << cut;
    extents.push_back((cube.extents()[axis] + block - 1) / block);
  }
  return Cube(extents);
}

/// Calls visit(element, column, length) for the elements of one row, in pieces that lie together.
template <class Visit>
void visit_row(const RowShape& shape, std::uint64_t number, Visit&& visit) {
  const Cube& cube = shape.cube();
  const std::uint64_t first = number << shape.row_bits(), past = first + shape.columns();
  // Runs are in ascending order of cells: the first that reaches into the row.
  const std::uint64_t runs = cube.elements() / cube.run();
  std::uint64_t low = 0, high = runs;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (cube.run_cell(middle) + cube.run() <= first) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (; low < runs; ++low) {
    const std::uint64_t cell = cube.run_cell(low);
    if (cell >= past) return;
    const std::uint64_t begin = std::max(cell, first), end = std::min(cell + cube.run(), past);
    visit(low * cube.run() + (begin - cell), begin - first, end - begin);
  }
}

template <class T>
std::vector<T> row_cells(const RowShape& shape, std::uint64_t number, std::span<const T> values) {
  std::vector<T> out(shape.columns());
  visit_row(shape, number, [&](std::uint64_t element, std::uint64_t column, std::uint64_t length) {
    std::copy_n(values.begin() + std::ptrdiff_t(element), length, out.begin() + std::ptrdiff_t(column));
  });
  return out;
}

std::size_t size_of(const RowValues& values) {
  return std::visit([](const auto& v) { return v.size(); }, values);
}

void check_values(const RowTensor& tensor) {
  EZKL_ENSURE(size_of(tensor.values) == tensor.shape.cube().elements(), "a value for every element of the tensor");
}

/// Integers as Montgomery products take them when the other factor carries 2^256 twice.
void as_limbs(Fr* out, const std::int64_t* values, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t magnitude = values[i] < 0 ? ~std::uint64_t(values[i]) + 1 : std::uint64_t(values[i]);
    const Fr limbs = Fr::from_limbs({magnitude, 0, 0, 0});
    out[i] = values[i] < 0 ? -limbs : limbs;
  }
}

/// sum += weight · values
void add_weighted(Fr* sum, const Fr& weight, std::span<const Fr> values) {
  fr_kernels().mul_scalar_add(sum, values.data(), weight, sum, values.size());
}
void add_weighted(Fr* sum, const Fr& weight, std::span<const std::int64_t> values) {
  constexpr std::size_t block = 256;
  Fr limbs[block];
  const Fr prepared = weight * Fr::from_limbs(Fr::r2);
  for (std::size_t at = 0; at < values.size(); at += block) {
    const std::size_t n = std::min(block, values.size() - at);
    as_limbs(limbs, &values[at], n);
    fr_kernels().mul_scalar_add(sum + at, limbs, prepared, sum + at, n);
  }
}

}  // namespace

RowShape::RowShape(Cube cube, unsigned row_bits) : cube_(std::move(cube)), row_bits_(row_bits) {
  if (row_bits < least_bits || row_bits > most_bits) {
    throw Error(Fault::range, "rows of 2^" + std::to_string(row_bits) + " cells, between 2^" +
                                  std::to_string(least_bits) + " and 2^" + std::to_string(most_bits) + " are possible");
  }
  existing_ = rows_of(cube_, row_bits_);
}

std::span<const Fr> RowShape::row_part(std::span<const Fr> point) const {
  EZKL_ENSURE(point.size() == cube_.bits(), "a point of the tensor's cube");
  return point.first(existing_.bits());
}

std::vector<Fr> RowShape::column_part(std::span<const Fr> point) const {
  const std::size_t skipped = row_part(point).size();
  std::vector<Fr> out(row_bits_ - (point.size() - skipped));
  out.insert(out.end(), point.begin() + std::ptrdiff_t(skipped), point.end());
  return out;
}

std::vector<Fr> RowShape::weights(std::span<const Fr> point, const Fr& factor) const {
  const std::vector<Fr> table = multilinear::eq_table(row_part(point));
  std::vector<Fr> out(rows());
  for (std::uint64_t i = 0; i < out.size(); ++i) out[i] = factor * table[number(i)];
  return out;
}

std::vector<std::vector<G1Affine>> commit_rows(std::span<const G1Affine> bases, std::span<const RowTensor> tensors) {
  struct Place {
    std::size_t tensor, row;
  };
  std::vector<Place> places;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    check_values(tensors[t]);
    EZKL_ENSURE(bases.size() >= tensors[t].shape.columns(), "a base for every cell of a row");
    for (std::size_t k = 0; k < tensors[t].shape.rows(); ++k) places.push_back({t, k});
  }
  std::vector<G1> points(places.size());
  parallel_tasks(places.size(), [&](std::size_t i) {
    const RowTensor& tensor = tensors[places[i].tensor];
    const std::uint64_t number = tensor.shape.number(places[i].row);
    const auto own = bases.first(tensor.shape.columns());
    if (const auto* const small = std::get_if<std::span<const std::int64_t>>(&tensor.values)) {
      points[i] = msm_small(own, row_cells(tensor.shape, number, *small));
    } else {
      points[i] = msm(own, row_cells(tensor.shape, number, std::get<std::span<const Fr>>(tensor.values)));
    }
  });
  std::vector<G1Affine> affine(points.size());
  batch_to_affine(points, affine);
  std::vector<std::vector<G1Affine>> out(tensors.size());
  for (std::size_t i = 0; i < places.size(); ++i) out[places[i].tensor].push_back(affine[i]);
  return out;
}

void add_combined_rows(std::span<Fr> sum, const Fr& factor, const RowTensor& tensor, std::span<const Fr> point) {
  const RowShape& shape = tensor.shape;
  check_values(tensor);
  EZKL_ENSURE(sum.size() == shape.columns(), "a place for every cell of a row");
  const std::vector<Fr> weights = shape.weights(point, factor);
  // Every part has a sum of its own; parts are few, as each costs a row.
  const std::size_t parts = std::clamp<std::size_t>(weights.size() / 8, 1, std::size_t(thread_count()));
  std::vector<std::vector<Fr>> sums(parts, std::vector<Fr>(sum.size()));
  parallel_tasks(parts, [&](std::size_t part) {
    for (std::size_t k = weights.size() * part / parts; k < weights.size() * (part + 1) / parts; ++k) {
      visit_row(shape, shape.number(k), [&](std::uint64_t element, std::uint64_t column, std::uint64_t length) {
        std::visit(
            [&](const auto& values) { add_weighted(&sums[part][column], weights[k], values.subspan(element, length)); },
            tensor.values);
      });
    }
  });
  for (const std::vector<Fr>& part : sums) fr_kernels().add(sum.data(), sum.data(), part.data(), sum.size());
}

}  // namespace ezkl
