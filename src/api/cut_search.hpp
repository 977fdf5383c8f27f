#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "circuit/rows.hpp"

namespace ezkl {

/// Where to cut a chain of nodes, by estimates: `nodes` are the rows of each node, `links` the rows that what passes a
/// place takes on either side of a cut there, for the places 0 .. nodes.size(), and `crossing` the elements that pass.
class CutSearch {
 public:
  CutSearch(const std::vector<RowCount>& nodes, std::vector<std::uint64_t> links, std::vector<std::size_t> crossing);

  /// Rows of the part between two places: columns of the model, of products and of links stand side by side.
  std::uint64_t rows(std::size_t begin, std::size_t end) const;

  /// The fewest parts of at most `limit` rows, and of those the cuts that the fewest elements pass; a single node may
  /// be larger. Gives the places of the cuts, ascending; none if one part is enough.
  std::vector<std::size_t> within(std::uint64_t limit) const;

  /// So many parts, the largest of them near the least that can be, and of those cuts the ones that the fewest elements
  /// pass. errors: Fault::usage for more parts than nodes, or fewer than two.
  std::vector<std::size_t> into(std::size_t parts) const;

 private:
  /// The cheapest cuts for each number of parts up to `most`, with parts of at most `limit` rows: only the entry
  /// `parts` is asked for, or without it the first that there is.
  std::optional<std::vector<std::size_t>> cheapest(std::uint64_t limit, std::size_t most,
                                                   std::optional<std::size_t> parts) const;

  std::vector<std::uint64_t> model_{0}, products_{0};  ///< sums of the nodes before a place
  std::vector<std::uint64_t> links_;
  std::vector<std::size_t> crossing_;
};

}  // namespace ezkl
