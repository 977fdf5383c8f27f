#include "sumcheck/pair_sums.hpp"

#include <algorithm>
#include <vector>

#include "base/parallel.hpp"
#include "field/kernels.hpp"

namespace ezkl::sumcheck {
namespace {

constexpr std::size_t block = 256, grain = 2048;

Fr plain_sum(const Fr* values, std::size_t n) {
  Fr out;
  for (std::size_t i = 0; i < n; ++i) out += values[i];
  return out;
}

/// Where the leading variable is 0, is 1, or the difference of the two.
enum class At { zero, one, difference };

/// A block of one side of the tables: the tables' own entries, or `scratch` filled with differences.
const Fr* entries(const Fr* table, std::size_t n, std::size_t from, std::size_t count, At at, Fr* scratch) {
  if (at == At::zero) return table + from;
  if (at == At::one) return table + n + from;
  fr_kernels().sub(scratch, table + n + from, table + from, count);
  return scratch;
}

/// The sum over one block, at one place.
Fr block_sum(std::span<const PairFactors> factors, const Fr* weights, std::size_t n, std::size_t from,
             std::size_t count, At at) {
  const FrKernels& kernels = fr_kernels();
  Fr left[block], right[block], sums[block];
  bool first = true;
  for (const PairFactors& pair : factors) {
    // A lone factor has no term of degree 2 in the leading variable.
    if (pair.b == nullptr && at == At::difference) continue;
    const Fr* const a = entries(pair.a, n, from, count, at, left);
    if (pair.b == nullptr) {
      if (first) {
        std::copy_n(a, count, sums);
      } else {
        kernels.add(sums, sums, a, count);
      }
    } else {
      const Fr* const b = entries(pair.b, n, from, count, at, right);
      if (weights == nullptr && factors.size() == 1) return kernels.dot(a, b, count);
      if (first) {
        kernels.mul(sums, a, b, count);
      } else {
        kernels.mul_add(sums, a, b, sums, count);
      }
    }
    first = false;
  }
  if (first) return {};
  return weights == nullptr ? plain_sum(sums, count) : kernels.dot(sums, weights + from, count);
}

}  // namespace

PairSums pair_sums(std::span<const PairFactors> factors, const Fr* weights, std::size_t n, bool with_one) {
  std::vector<PairSums> parts((n + grain - 1) / grain);
  parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
    PairSums& part = parts[begin / grain];
    for (std::size_t from = begin; from < end; from += block) {
      const std::size_t count = std::min(block, end - from);
      part.at_zero += block_sum(factors, weights, n, from, count, At::zero);
      if (with_one) part.at_one += block_sum(factors, weights, n, from, count, At::one);
      part.leading += block_sum(factors, weights, n, from, count, At::difference);
    }
  });
  PairSums out;
  for (const PairSums& part : parts) {
    out.at_zero += part.at_zero;
    out.at_one += part.at_one;
    out.leading += part.leading;
  }
  return out;
}

}  // namespace ezkl::sumcheck
