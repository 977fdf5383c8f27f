#include "api/cut_search.hpp"

#include <algorithm>
#include <limits>

#include "base/ensure.hpp"
#include "base/session_state.hpp"
#include "ezkl/error.hpp"

namespace ezkl {
namespace {

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

}  // namespace

CutSearch::CutSearch(const std::vector<RowCount>& nodes, std::vector<std::uint64_t> links,
                     std::vector<std::size_t> crossing)
    : links_(std::move(links)), crossing_(std::move(crossing)) {
  EZKL_ENSURE(links_.size() == nodes.size() + 1 && crossing_.size() == nodes.size() + 1, "one more place than nodes");
  for (const RowCount& node : nodes) {
    model_.push_back(model_.back() + node.model);
    products_.push_back(products_.back() + node.products);
  }
}

std::uint64_t CutSearch::rows(std::size_t begin, std::size_t end) const {
  return std::max({model_[end] - model_[begin], products_[end] - products_[begin], links_[begin] + links_[end]});
}

std::optional<std::vector<std::size_t>> CutSearch::cheapest(std::uint64_t limit, std::size_t most,
                                                            std::optional<std::size_t> parts) const {
  const std::size_t last = crossing_.size() - 1;
  // passed[p][end]: elements that pass the cuts of p parts that end there; from: where the last of them begins.
  std::vector<std::vector<std::uint64_t>> passed{std::vector<std::uint64_t>(last + 1, never)};
  std::vector<std::vector<std::size_t>> from{std::vector<std::size_t>(last + 1, 0)};
  passed[0][0] = 0;
  for (std::size_t p = 1; p <= most; ++p) {
    passed.emplace_back(last + 1, never);
    from.emplace_back(last + 1, 0);
    for (std::size_t end = p; end <= last; ++end) {
      check_stop();
      for (std::size_t begin = p - 1; begin < end; ++begin) {
        if (passed[p - 1][begin] == never || (rows(begin, end) > limit && end - begin > 1)) continue;
        const std::uint64_t sum = passed[p - 1][begin] + (begin == 0 ? 0 : crossing_[begin]);
        if (sum >= passed[p][end]) continue;
        passed[p][end] = sum;
        from[p][end] = begin;
      }
    }
    if (passed[p][last] == never || (parts && p != *parts)) continue;
    std::vector<std::size_t> places;
    for (std::size_t end = last, k = p; k > 1; --k) {
      end = from[k][end];
      places.push_back(end);
    }
    std::reverse(places.begin(), places.end());
    return places;
  }
  return std::nullopt;
}

std::vector<std::size_t> CutSearch::within(std::uint64_t limit) const {
  const auto places = cheapest(limit, crossing_.size() - 1, std::nullopt);
  EZKL_ENSURE(places.has_value(), "a part for every node is always a way");
  return *places;
}

std::vector<std::size_t> CutSearch::into(std::size_t parts) const {
  const std::size_t last = crossing_.size() - 1;
  if (parts < 2)
    throw Error(Fault::usage, "a split has at least two parts", {{"parts", "{} is " + std::to_string(parts)}});
  if (parts > last) {
    throw Error(Fault::usage,
                "the model has " + std::to_string(last) + " nodes that depend on its inputs, and every part needs one",
                {{"parts", "{} is " + std::to_string(parts)}});
  }
  // The least largest part.
  std::vector<std::uint64_t> largest(last + 1, never);
  largest[0] = 0;
  for (std::size_t p = 1; p <= parts; ++p) {
    std::vector<std::uint64_t> next(last + 1, never);
    for (std::size_t end = p; end <= last; ++end) {
      for (std::size_t begin = p - 1; begin < end; ++begin) {
        if (largest[begin] == never) continue;
        next[end] = std::min(next[end], std::max(largest[begin], rows(begin, end)));
      }
    }
    largest = std::move(next);
  }
  const std::uint64_t least = largest[last];
  return *cheapest(least + least / 8, parts, parts);
}

}  // namespace ezkl
