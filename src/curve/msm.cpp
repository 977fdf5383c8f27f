#include "curve/msm.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "base/ensure.hpp"
#include "base/parallel.hpp"

namespace ezkl {
namespace {

/// Scalars of one multiplication as signed digits of `window` bits, all of one window next to each other.
struct Digits {
  unsigned window = 0, windows = 0;
  std::size_t n = 0;
  std::vector<std::int32_t> values;  ///< windows * n, each in -2^(window-1) .. 2^(window-1)
};

unsigned choose_window(std::size_t n, unsigned bits) {
  unsigned best = 2;
  double least = 0;
  for (unsigned window = 2; window <= 18; ++window) {
    const unsigned windows = (bits + window) / window;
    const double cost = double(windows) * (double(n) + 2.5 * double(std::size_t{1} << (window - 1)));
    if (window == 2 || cost < least) {
      best = window;
      least = cost;
    }
  }
  return best;
}

/// Takes the windows of an integer from the bottom and carries when a digit is above half.
template <class Limbs>
void split(Digits& digits, std::size_t index, const Limbs& limbs, std::size_t limb_count, bool negative) {
  std::int32_t carry = 0;
  for (unsigned w = 0; w < digits.windows; ++w) {
    const unsigned at = w * digits.window;
    std::uint64_t raw = 0;
    if (at / 64 < limb_count) {
      raw = limbs[at / 64] >> (at % 64);
      if (at % 64 != 0 && at / 64 + 1 < limb_count) raw |= limbs[at / 64 + 1] << (64 - at % 64);
    }
    std::int32_t digit = std::int32_t(raw & ((std::uint64_t{1} << digits.window) - 1)) + carry;
    carry = 0;
    if (digit > std::int32_t(1) << (digits.window - 1)) {
      digit -= std::int32_t(1) << digits.window;
      carry = 1;
    }
    digits.values[w * digits.n + index] = negative ? -digit : digit;
  }
}

G1 sum_window(std::span<const G1Affine> bases, const Digits& digits, unsigned w, std::size_t begin, std::size_t end) {
  std::vector<G1> buckets(std::size_t{1} << (digits.window - 1));
  const std::int32_t* const values = digits.values.data() + w * digits.n;
  for (std::size_t i = begin; i < end; ++i) {
    if (values[i] > 0) buckets[std::size_t(values[i]) - 1] += bases[i];
    if (values[i] < 0) buckets[std::size_t(-values[i]) - 1] += -bases[i];
  }
  G1 running, total;
  for (std::size_t b = buckets.size(); b-- > 0;) {
    running += buckets[b];
    total += running;
  }
  return total;
}

G1 run(std::span<const G1Affine> bases, const Digits& digits) {
  const std::size_t threads = std::size_t(thread_count());
  const std::size_t parts = std::clamp<std::size_t>((2 * threads + digits.windows - 1) / digits.windows, 1,
                                                    std::max<std::size_t>(1, digits.n >> digits.window));
  std::vector<G1> sums(digits.windows * parts);
  parallel_tasks(sums.size(), [&](std::size_t task) {
    const std::size_t w = task / parts, part = task % parts;
    sums[task] = sum_window(bases, digits, unsigned(w), digits.n * part / parts, digits.n * (part + 1) / parts);
  });
  G1 total;
  for (unsigned w = digits.windows; w-- > 0;) {
    for (unsigned i = 0; i < digits.window; ++i) total = total.dbl();
    for (std::size_t part = 0; part < parts; ++part) total += sums[w * parts + part];
  }
  return total;
}

}  // namespace

G1 msm(std::span<const G1Affine> bases, std::span<const Fr> scalars) {
  EZKL_ENSURE(bases.size() == scalars.size(), "msm: one scalar for every base");
  if (bases.empty()) return {};
  Digits digits;
  digits.n = bases.size();
  digits.window = choose_window(digits.n, 254);
  digits.windows = (254 + digits.window) / digits.window;
  digits.values.resize(digits.windows * digits.n);
  parallel_for(digits.n, 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) split(digits, i, scalars[i].to_canonical(), 4, false);
  });
  return run(bases, digits);
}

G1 msm_small(std::span<const G1Affine> bases, std::span<const std::int64_t> scalars) {
  EZKL_ENSURE(bases.size() == scalars.size(), "msm_small: one scalar for every base");
  std::vector<std::size_t> used;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    if (scalars[i] == 0) continue;
    used.push_back(i);
    all |= scalars[i] < 0 ? ~std::uint64_t(scalars[i]) + 1 : std::uint64_t(scalars[i]);
  }
  if (used.empty()) return {};
  Digits digits;
  digits.n = used.size();
  const unsigned bits = unsigned(std::bit_width(all));
  digits.window = choose_window(digits.n, bits);
  digits.windows = (bits + digits.window) / digits.window;
  digits.values.resize(digits.windows * digits.n);
  std::vector<G1Affine> packed(digits.n);
  parallel_for(digits.n, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::int64_t v = scalars[used[i]];
      const std::uint64_t magnitude[1] = {v < 0 ? ~std::uint64_t(v) + 1 : std::uint64_t(v)};
      packed[i] = bases[used[i]];
      split(digits, i, magnitude, 1, v < 0);
    }
  });
  return run(packed, digits);
}

}  // namespace ezkl
