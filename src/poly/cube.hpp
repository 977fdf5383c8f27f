#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "field/fr.hpp"

namespace ezkl {

/// Bits that an axis of this extent takes: ceil(log2 extent). extent >= 1.
unsigned axis_bits(std::size_t extent);

/// How a tensor lies on {0, 1}^m: every axis takes ceil(log2 extent) bits, the first axis the most significant ones; an
/// axis of extent 1 takes none, a scalar has one cell. source: docs/spec/sumcheck.md 2.1
class Cube {
 public:
  /// The most cells a cube may have: 2^34. Nothing is reserved before this is known.
  static constexpr unsigned largest_bits = 34;

  Cube() = default;
  /// errors: Fault::range for an extent of 0 and for more cells than that.
  explicit Cube(std::span<const std::size_t> extents);

  std::span<const std::size_t> extents() const { return extents_; }
  unsigned bits() const { return bits_; }
  std::uint64_t cells() const { return std::uint64_t{1} << bits_; }
  std::uint64_t elements() const { return elements_; }
  /// Bits of one axis, and the place of its first coordinate in a point.
  unsigned bits_of(std::size_t axis) const { return axis_bits_[axis]; }
  unsigned first_of(std::size_t axis) const { return first_[axis]; }
  /// The coordinates of one axis.
  std::span<const Fr> part(std::span<const Fr> point, std::size_t axis) const {
    return point.subspan(first_[axis], axis_bits_[axis]);
  }

  /// Elements that lie next to each other on the cube as they do in the tensor come in runs of this length, a divisor
  /// of elements().
  std::uint64_t run() const { return run_; }
  /// The cell of the first element of run number k.
  std::uint64_t run_cell(std::uint64_t k) const;
  /// The cell of an element, numbered in row-major order.
  std::uint64_t cell(std::uint64_t element) const { return run_cell(element / run_) + element % run_; }

  /// Puts elements, in row-major order of the tensor, where their cells are; leaves the other cells as they are.
  /// errors, here and below: Fault::internal for another number of elements, or of cells.
  void scatter(std::span<const Fr> elements, std::span<Fr> cells) const;
  /// The elements among cells, in row-major order of the tensor.
  std::vector<Fr> gather(std::span<const Fr> cells) const;

  /// The extension of the indicator of the tensor's cells.
  Fr ones(std::span<const Fr> point) const;

 private:
  std::vector<std::size_t> extents_;
  std::vector<unsigned> axis_bits_, first_;
  unsigned bits_ = 0;
  std::uint64_t elements_ = 1, run_ = 1;
  std::size_t outer_ = 0;  ///< axes before those that a run spans
};

}  // namespace ezkl
