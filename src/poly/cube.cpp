#include "poly/cube.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "base/ensure.hpp"
#include "ezkl/error.hpp"
#include "poly/multilinear.hpp"

namespace ezkl {

unsigned axis_bits(std::size_t extent) {
  EZKL_ENSURE(extent >= 1, "an axis has an element");
  return static_cast<unsigned>(std::bit_width(extent - 1));
}

Cube::Cube(std::span<const std::size_t> extents) : extents_(extents.begin(), extents.end()) {
  for (const std::size_t extent : extents_) {
    if (extent == 0) throw Error(Fault::range, "a tensor without elements");
    const unsigned bits = ezkl::axis_bits(extent);
    if (bits > largest_bits - bits_) {
      throw Error(Fault::range, "a tensor that takes more than 2^" + std::to_string(largest_bits) + " cells");
    }
    axis_bits_.push_back(bits);
    first_.push_back(bits_);
    bits_ += bits;
    elements_ *= extent;
  }
  // Whole axes join a run as long as those behind them fill their bits.
  outer_ = extents_.size();
  while (outer_ > 0 && std::has_single_bit(run_)) run_ *= extents_[--outer_];
}

std::uint64_t Cube::run_cell(std::uint64_t k) const {
  std::uint64_t cell = 0;
  unsigned shift = outer_ < extents_.size() ? bits_ - first_[outer_] : 0;
  for (std::size_t axis = outer_; axis-- > 0;) {
    cell += k % extents_[axis] << shift;
    k /= extents_[axis];
    shift += axis_bits_[axis];
  }
  return cell;
}

void Cube::scatter(std::span<const Fr> elements, std::span<Fr> cells) const {
  EZKL_ENSURE(elements.size() == elements_ && cells.size() == this->cells(), "elements and cells of the cube");
  for (std::uint64_t at = 0; at < elements_; at += run_) {
    std::copy_n(elements.begin() + std::ptrdiff_t(at), run_, cells.begin() + std::ptrdiff_t(run_cell(at / run_)));
  }
}

std::vector<Fr> Cube::gather(std::span<const Fr> cells) const {
  EZKL_ENSURE(cells.size() == this->cells(), "cells of the cube");
  std::vector<Fr> out(elements_);
  for (std::uint64_t at = 0; at < elements_; at += run_) {
    std::copy_n(cells.begin() + std::ptrdiff_t(run_cell(at / run_)), run_, out.begin() + std::ptrdiff_t(at));
  }
  return out;
}

Fr Cube::ones(std::span<const Fr> point) const {
  EZKL_ENSURE(point.size() == bits_, "a point of the cube");
  Fr out = Fr::one();
  for (std::size_t axis = 0; axis < extents_.size(); ++axis) {
    out *= multilinear::below(extents_[axis], part(point, axis));
  }
  return out;
}

}  // namespace ezkl
