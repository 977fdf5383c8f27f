#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "plonk/row_window.hpp"

namespace ezkl::plonk {

/// Those polynomials of a prover that are lines on all but a few rows, by slot: each as that line and a numerator in a
/// window which they share, instead of n coefficients. Different slots may be set by different threads.
class WindowColumns {
 public:
  /// extents[slot]: after how many rows the polynomial is a line up to the blinding rows (n: not at all, or not known).
  WindowColumns(const Domain& domain, std::size_t usable_rows, std::vector<std::size_t> extents);

  /// Whether the polynomial is one of these.
  bool takes(std::uint32_t slot) const { return window_ && extents_[slot] <= window_->end(); }
  /// Sets one by its values on all rows, from which slope X has been taken already.
  void set_rows(std::uint32_t slot, std::vector<Fr> rows, const Fr& slope = Fr::zero());
  /// Whether it was set.
  bool has(std::uint32_t slot) const { return !numerators_[slot].empty(); }

  const std::optional<RowWindow>& window() const { return window_; }
  std::span<const Fr> numerator(std::uint32_t slot) const { return numerators_[slot]; }
  const Line& line(std::uint32_t slot) const { return lines_[slot]; }
  Fr value_at(std::uint32_t slot, const Fr& x) const;
  /// Adds the sum over (j, slot) of weights[j] times the slot's polynomial to n coefficients. `expansion`: of window().
  void add_weighted(std::span<const std::pair<std::size_t, std::uint32_t>> slots, std::span<const Fr> weights,
                    const WindowExpansion& expansion, std::span<Fr> sum) const;

 private:
  const Domain domain_;
  std::size_t usable_;
  std::vector<std::size_t> extents_;
  std::vector<std::vector<Fr>> numerators_;
  std::vector<Line> lines_;
  std::optional<RowWindow> window_;
};

}  // namespace ezkl::plonk
