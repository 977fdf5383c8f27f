#include "curve/fixed_base.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "curve/kernels.hpp"
#include "curve/signed_digits.hpp"

namespace ezkl {
namespace {

/// Every window costs an addition a scalar, and one an entry of its table.
unsigned choose_window(std::size_t n) {
  unsigned best = 1;
  double least = 0;
  for (unsigned bits = 1; bits <= 15; ++bits) {
    const double cost = double((SignedDigits::field_bits + bits - 1) / bits) * (double(n) + double(1u << bits) / 2);
    if (bits == 1 || cost < least) {
      best = bits;
      least = cost;
    }
  }
  return best;
}

/// Multiples 1 .. buckets of 2^(bits w) * base, one window after the other.
std::vector<G1Affine> multiples(const CurveKernels& kernels, const G1Affine& base, const SignedDigits& digits) {
  const std::size_t row = digits.buckets();
  std::vector<G1> starts(digits.windows);
  G1 start = base;
  for (G1& s : starts) {
    s = start;
    for (unsigned i = 0; i < digits.bits; ++i) start = start.dbl();
  }
  std::vector<G1Affine> first(starts.size()), out(digits.windows * row);
  batch_to_affine(starts, first);
  parallel_tasks(digits.windows, [&](std::size_t w) {
    G1Affine* const table = out.data() + w * row;
    table[0] = first[w];
    std::vector<std::uint32_t> left, right, to;
    for (std::size_t m = 1; m < row; m *= 2) {
      // entry e holds the multiple e + 1: m * P + i * P for i = 1 .. m
      left.assign(m, std::uint32_t(m - 1));
      right.resize(m);
      to.resize(m);
      for (std::size_t i = 0; i < m; ++i) {
        right[i] = std::uint32_t(i);
        to[i] = std::uint32_t(m + i);
      }
      add_all_pairs(kernels, table, table, {left.data(), right.data(), to.data(), m});
    }
  });
  return out;
}

}  // namespace

std::vector<G1Affine> multiply_base(const G1Affine& base, std::span<const Fr> scalars) {
  const CurveKernels& kernels = curve_kernels();
  SignedDigits digits(scalars.size(), choose_window(scalars.size()), SignedDigits::field_bits);
  parallel_for(scalars.size(), 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) digits.set(i, scalars[i]);
  });
  // The sums stand behind the table in one array, because additions take both points from one.
  std::vector<G1Affine> points = multiples(kernels, base, digits);
  const std::size_t table = points.size();
  points.resize(table + scalars.size());
  constexpr std::size_t batch = max_pairs;
  parallel_tasks((scalars.size() + batch - 1) / batch, [&](std::size_t task) {
    std::vector<std::uint32_t> sum, term;
    for (unsigned w = 0; w < digits.windows; ++w) {
      sum.clear();
      term.clear();
      for (std::size_t i = task * batch; i < std::min(scalars.size(), (task + 1) * batch); ++i) {
        const std::int32_t digit = digits.values[w * digits.n + i];
        if (digit == 0) continue;
        const std::size_t entry = w * digits.buckets() + std::size_t(digit < 0 ? -digit : digit) - 1;
        sum.push_back(std::uint32_t(table + i));
        term.push_back(std::uint32_t(entry) | (digit < 0 ? PairList::negated_bit : 0));
      }
      add_all_pairs(kernels, points.data(), points.data(), {sum.data(), term.data(), sum.data(), sum.size()});
    }
  });
  points.erase(points.begin(), points.begin() + std::ptrdiff_t(table));
  return points;
}

}  // namespace ezkl
