#include "curve/fixed_base.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
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
  const std::size_t tasks = (scalars.size() + batch - 1) / batch;
  Progress progress("multiples of a point", tasks);
  parallel_tasks(tasks, [&](std::size_t task) {
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
    progress.step();
  });
  points.erase(points.begin(), points.begin() + std::ptrdiff_t(table));
  return points;
}

namespace {

/// multiply_each for as many points as share an inversion: double and add in step, four bits at a time.
void multiply_batch(const CurveKernels& kernels, std::span<G1Affine> points, std::span<const Fr> scalars) {
  constexpr unsigned bits = 4;
  const std::size_t n = points.size();
  SignedDigits digits(n, bits, SignedDigits::field_bits);
  for (std::size_t i = 0; i < n; ++i) digits.set(i, scalars[i]);
  // row d - 1 holds d times the points; the sums stand behind the rows
  const std::size_t sums = digits.buckets() * n;
  std::vector<G1Affine> work(sums + n);
  std::copy(points.begin(), points.end(), work.begin());
  std::vector<std::uint32_t> left(n), right(n), to(n);
  for (std::size_t d = 2; d <= digits.buckets(); ++d) {
    if (d == 2) {
      std::copy(points.begin(), points.end(), work.begin() + std::ptrdiff_t(n));
      kernels.double_points(work.data() + n, n);
      continue;
    }
    for (std::size_t i = 0; i < n; ++i) {
      left[i] = std::uint32_t(i);
      right[i] = std::uint32_t((d - 2) * n + i);
      to[i] = std::uint32_t((d - 1) * n + i);
    }
    kernels.add_pairs(work.data(), work.data(), {left.data(), right.data(), to.data(), n});
  }
  for (unsigned w = digits.windows; w-- > 0;) {
    if (w + 1 != digits.windows) {
      for (unsigned b = 0; b < bits; ++b) kernels.double_points(work.data() + sums, n);
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::int32_t digit = digits.values[w * n + i];
      if (digit == 0) continue;
      left[count] = std::uint32_t(sums + i);
      right[count] = std::uint32_t((std::size_t(digit < 0 ? -digit : digit) - 1) * n + i) |
                     (digit < 0 ? PairList::negated_bit : 0);
      ++count;
    }
    kernels.add_pairs(work.data(), work.data(), {left.data(), right.data(), left.data(), count});
  }
  std::copy(work.begin() + std::ptrdiff_t(sums), work.end(), points.begin());
}

}  // namespace

void multiply_each(std::span<G1Affine> points, std::span<const Fr> scalars) {
  EZKL_ENSURE(points.size() == scalars.size(), "multiply_each: one scalar for every point");
  const CurveKernels& kernels = curve_kernels();
  constexpr std::size_t batch = max_pairs / 2;
  parallel_tasks((points.size() + batch - 1) / batch, [&](std::size_t task) {
    const std::size_t begin = task * batch, count = std::min(batch, points.size() - begin);
    multiply_batch(kernels, points.subspan(begin, count), scalars.subspan(begin, count));
  });
}

}  // namespace ezkl
