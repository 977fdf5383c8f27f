// Contractions where only cells are counted: what a product takes follows from how many of its terms are not known to
// be zero, and that from two masks of bits, 64 terms a step. The cells are those of lower_contract.
#include <algorithm>
#include <array>
#include <bit>

#include "circuit/affine_index.hpp"
#include "circuit/walker.hpp"

namespace ezkl::circuit {
namespace {

using Words = std::vector<std::uint64_t>;

constexpr std::size_t word_bits = 64;
// Below, masks cost more than they save: of one sum, and of all.
constexpr std::size_t short_sum = 8, few_terms = 1 << 12;
constexpr std::size_t most_words = 1 << 24;  // of one factor's masks

/// What is known of the elements that one factor shows, a line of bits for each index of the output loops it reads.
struct Lines {
  std::vector<std::size_t> stride;  ///< lines that a step of each output loop goes on
  Shape extents;                    ///< of the output loops that are read; 1 for the others
  std::size_t count = 1, words = 0;
  Words present, one, used;  ///< not known to be zero; known to be one; stands in some row of a dot product
  bool constants = false;    ///< some element that is not zero is a constant

  std::size_t line(std::span<const std::size_t> index) const {
    std::size_t out = 0;
    for (std::size_t loop = 0; loop < index.size(); ++loop) out += index[loop] * stride[loop];
    return out;
  }
};

bool reads(const claims::View& view, std::size_t loop) {
  for (const auto& axis : view.axes) {
    for (const auto& [read, stride] : axis.strides) {
      if (read == loop && stride != 0) return true;
    }
  }
  return false;
}

Lines lines_of(const claims::View& view, const Shape& outer, std::size_t inner) {
  Lines out;
  out.words = (inner + word_bits - 1) / word_bits;
  out.stride.assign(outer.size(), 0);
  out.extents.assign(outer.size(), 1);
  for (std::size_t loop = outer.size(); loop-- > 0;) {
    if (!reads(view, loop)) continue;
    out.stride[loop] = out.count;
    out.extents[loop] = outer[loop];
    out.count *= outer[loop];
  }
  return out;
}

}  // namespace

void Walker::profile_contract(const claims::Claim& claim) {
  std::vector<ProductCells>& products = tape_.profiled()->products;
  const std::size_t known = products.size(), constants = tape_.constants_used();
  lower_contract(claim);
  if (products.size() == known) return;
  products.back().constants = tape_.constants_used() - constants;
  tape_.count_for(nullptr);
}

bool Walker::count_contract(const claims::Claim& claim, const std::vector<Factor>& factors) {
  const std::size_t count = volume(claim.out_extents), inner = volume(claim.sum_extents);
  if (tape_.attached() || factors.size() != 2 || inner < short_sum || count * inner < few_terms) return false;
  const auto waits = [&](const Factor& f) {
    return std::any_of(f.refs->begin(), f.refs->end(), [&](Var v) { return tape_.pending(v); });
  };
  // Of two values that wait for a range check only one gets it, so it matters which products come first.
  if (waits(factors[0]) && waits(factors[1])) return false;

  std::array<Lines, 2> lines;
  const auto each_element = [&](std::size_t k, const auto& body) {
    Factor factor = factors[k];
    std::vector<std::size_t> index(claim.out_extents.size(), 0);
    for (std::size_t line = 0; line < lines[k].count; ++line) {
      factor.index.set_outer(index);
      for (std::size_t s = 0; s < inner; ++s) {
        body(line * lines[k].words + s / word_bits, std::uint64_t{1} << (s % word_bits), factor.at(s));
      }
      advance(index, lines[k].extents);
    }
  };
  for (std::size_t k = 0; k < 2; ++k) {
    lines[k] = lines_of(claim.views[k], claim.out_extents, inner);
    const std::size_t words = lines[k].count * lines[k].words;
    if (words > most_words) return false;
    lines[k].present.resize(words);
    lines[k].one.resize(words);
    lines[k].used.resize(words);
    each_element(k, [&](std::size_t word, std::uint64_t bit, Var v) {
      if (tape_.is(v, 0)) return;
      lines[k].present[word] |= bit;
      if (!Tape::is_constant(v)) return;
      lines[k].constants = true;
      if (tape_.is(v, 1)) lines[k].one[word] |= bit;
    });
  }
  // Products of two constants are added up beforehand.
  if (lines[0].constants && lines[1].constants) return false;

  Refs result;
  result.reserve(count);
  std::vector<std::size_t> index(claim.out_extents.size(), 0);
  std::vector<Factor> own = factors;
  const std::size_t words = lines[0].words;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t a = lines[0].line(index) * words, b = lines[1].line(index) * words;
    std::size_t terms = 0;
    std::uint64_t scaled = 0;
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t both = lines[0].present[a + w] & lines[1].present[b + w];
      terms += static_cast<std::size_t>(std::popcount(both));
      scaled |= both & ~(lines[0].one[a + w] | lines[1].one[b + w]);
    }
    if (scaled == 0) {
      result.push_back(contract_element(own, index, inner, i));
    } else {
      for (std::size_t w = 0; w < words; ++w) {
        const std::uint64_t both = lines[0].present[a + w] & lines[1].present[b + w];
        lines[0].used[a + w] |= both;
        lines[1].used[b + w] |= both;
      }
      result.push_back(tape_.fresh());
      tape_.count_product(terms, result.back());
    }
    advance(index, claim.out_extents);
  }
  for (std::size_t k = 0; k < 2; ++k) {
    each_element(k, [&](std::size_t word, std::uint64_t bit, Var v) {
      if ((lines[k].used[word] & bit) != 0) tape_.count_use(v);
    });
  }
  refs(claim.out[0]) = std::move(result);
  return true;
}

}  // namespace ezkl::circuit
