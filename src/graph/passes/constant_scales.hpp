#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.hpp"

namespace ezkl {

/// Which constants of a graph of reals are factors only, and how many bits behind the point these need.
class ConstantScales {
 public:
  explicit ConstantScales(const Graph& graph);

  /// Whether every reader multiplies by the constant: then its scale is free, for rebasing takes it out again.
  bool is_factor(std::uint32_t constant) const;

  /// The scale that keeps enough bits of every row, column or channel of a factor, should `usual` leave one with next
  /// to none. Slices that are nothing beside the largest do not count: of the kernels of convolutions those below a
  /// thousandth of it, unless `raw`, which says that what the constant is multiplied with may make up for it.
  int factor_scale(std::uint32_t constant, int usual, bool raw) const;

 private:
  struct Reader {
    std::uint32_t node;
    std::size_t position;
  };

  const Graph& graph_;
  std::vector<std::vector<Reader>> readers_;  ///< none for outputs, whose scale others see
};

/// How many bits more than usual a single factor gets; what needs more of them is next to nothing.
inline constexpr int most_more_of_factor = 24;

/// The least scale, from the usual one on, that keeps 9 bits of a factor other than 0; nothing where none does.
std::optional<int> scale_of_factor(double factor, int usual);

/// The largest magnitude in a whole tensor, then in each slice across one of its first `axes` axes.
std::vector<double> slice_sizes(const Shape& shape, const std::vector<double>& values, std::size_t axes);

}  // namespace ezkl
