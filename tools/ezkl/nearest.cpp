#include "nearest.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace ezkl::cli {
namespace {

/// Optimal string alignment distance.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string nearest(const std::string& word_typed, std::span<const std::string> words) {
  // Underscores as in other languages, capitals as at the beginning of a sentence.
  std::string typed = word_typed;
  std::transform(typed.begin(), typed.end(), typed.begin(),
                 [](unsigned char c) { return c == '_' ? '-' : char(std::tolower(c)); });
  constexpr std::size_t longest = 64;  // of a word that is compared: what is longer is none of ours
  if (typed.size() < 2 || typed.size() > longest) return "";
  std::string best;
  std::size_t least = typed.size() / 3 + 1;
  for (const std::string& word : words) {
    const std::size_t away = word.starts_with(typed) ? 0 : distance(typed, word);
    if (away < least) {
      least = away;
      best = word;
    }
  }
  return best;
}

}  // namespace ezkl::cli
