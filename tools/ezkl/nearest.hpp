#pragma once

#include <span>
#include <string>

namespace ezkl::cli {

/// The word that `typed` most likely stands for: the one of which `typed` is the beginning, or the fewest insertions,
/// deletions, changes and swaps of neighbours away, at most a third of its letters. Empty: none is near.
std::string nearest(const std::string& typed, std::span<const std::string> words);

}  // namespace ezkl::cli
