#include "curve/msm.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "curve/buckets.hpp"

namespace ezkl {
namespace {

constexpr unsigned largest_window = 18;

/// The window that needs the fewest additions: every window costs one a point and about two a bucket.
unsigned choose_window(std::size_t n, unsigned bits) {
  unsigned best = 1;
  double least = 0;
  for (unsigned window = 1; window <= std::min(largest_window, bits); ++window) {
    const double cost = double((bits + window - 1) / window) * (double(n) + double(std::size_t{1} << window));
    if (window == 1 || cost < least) {
      best = window;
      least = cost;
    }
  }
  return best;
}

G1 run(const CurveKernels& kernels, std::span<const G1Affine> bases, const SignedDigits& digits) {
  // Tasks of a few windows and a range of points: many, so that all threads end at about the same time, but none so
  // small that its additions would have to share an inversion with too few others.
  constexpr std::size_t least_work = 32768;
  const std::size_t wanted = 3 * std::size_t(thread_count());
  const unsigned windows = digits.windows;
  const unsigned batch = unsigned(std::clamp<std::size_t>((least_work + digits.n - 1) / digits.n, 1, windows));
  const std::size_t batches = (windows + batch - 1) / batch;
  const std::size_t parts = std::clamp<std::size_t>(
      wanted / batches, 1, std::max<std::size_t>(1, digits.n / std::max(least_work, digits.buckets())));
  std::vector<std::vector<G1Affine>> sums(batches * parts);
  parallel_tasks(sums.size(), [&](std::size_t task) {
    const std::size_t part = task % parts;
    const unsigned first = unsigned(task / parts) * batch;
    sums[task] = window_sums(kernels, bases, digits, first, std::min(batch, windows - first), digits.n * part / parts,
                             digits.n * (part + 1) / parts);
  });
  G1 total;
  for (unsigned w = windows; w-- > 0;) {
    for (unsigned j = digits.bits; j-- > 0;) {
      // entry j of a row belongs to bit j, the last one to bit 0
      total = total.dbl();
      for (std::size_t part = 0; part < parts; ++part) {
        const G1Affine* const row = sums[w / batch * parts + part].data() + (w % batch) * digits.bits;
        if (j + 1 < digits.bits) total += row[j];
        if (j == 0) total += row[digits.bits - 1];
      }
    }
  }
  return total;
}

}  // namespace

G1 msm_with(const CurveKernels& kernels, std::span<const G1Affine> bases, std::span<const Fr> scalars) {
  EZKL_ENSURE(bases.size() == scalars.size(), "msm: one scalar for every base");
  if (bases.empty()) return {};
  SignedDigits digits(bases.size(), choose_window(bases.size(), SignedDigits::field_bits), SignedDigits::field_bits);
  parallel_for(digits.n, 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) digits.set(i, scalars[i]);
  });
  return run(kernels, bases, digits);
}

G1 msm_small_with(const CurveKernels& kernels, std::span<const G1Affine> bases, std::span<const std::int64_t> scalars) {
  EZKL_ENSURE(bases.size() == scalars.size(), "msm_small: one scalar for every base");
  const auto magnitude = [](std::int64_t v) { return v < 0 ? ~std::uint64_t(v) + 1 : std::uint64_t(v); };
  std::uint64_t largest = 0;
  std::size_t used = 0;
  for (const std::int64_t v : scalars) {
    largest = std::max(largest, magnitude(v));
    used += v != 0 ? 1 : 0;
  }
  if (used == 0) return {};
  const unsigned bits = unsigned(std::bit_width(largest - 1)) + 1;
  SignedDigits digits(scalars.size(), choose_window(used, bits), bits);
  parallel_for(digits.n, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (scalars[i] == 0) {
        digits.clear(i);
        continue;
      }
      const std::uint64_t limb = magnitude(scalars[i]);
      digits.set(i, std::span(&limb, 1), scalars[i] < 0);
    }
  });
  return run(kernels, bases, digits);
}

G1 msm(std::span<const G1Affine> bases, std::span<const Fr> scalars) {
  return msm_with(curve_kernels(), bases, scalars);
}

G1 msm_small(std::span<const G1Affine> bases, std::span<const std::int64_t> scalars) {
  return msm_small_with(curve_kernels(), bases, scalars);
}

}  // namespace ezkl
