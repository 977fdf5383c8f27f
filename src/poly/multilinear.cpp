#include "poly/multilinear.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/parallel.hpp"
#include "field/kernels.hpp"

namespace ezkl::multilinear {
namespace {

constexpr std::size_t grain = 4096;

/// The sum of j eq_at(j, point) over all j.
Fr all_indices(std::span<const Fr> point) {
  Fr out;
  for (const Fr& x : point) out = out.dbl() + x;
  return out;
}

Fr power_of_two(std::size_t exponent) { return Fr::from_u64(std::uint64_t{1} << exponent); }

}  // namespace

Fr eq(std::span<const Fr> x, std::span<const Fr> y) {
  EZKL_ENSURE(x.size() == y.size(), "eq of points of one length");
  Fr out = Fr::one();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Fr both = x[i] * y[i];
    out *= both.dbl() + Fr::one() - x[i] - y[i];
  }
  return out;
}

Fr eq_at(std::uint64_t index, std::span<const Fr> point) {
  const std::size_t bits = point.size();
  EZKL_ENSURE(bits < 64 && index >> bits == 0, "an index of as many bits as the point has coordinates");
  Fr out = Fr::one();
  for (std::size_t i = 0; i < bits; ++i) {
    out *= (index >> (bits - 1 - i) & 1) != 0 ? point[i] : Fr::one() - point[i];
  }
  return out;
}

std::vector<Fr> eq_table(std::span<const Fr> point) {
  EZKL_ENSURE(point.size() < 40, "a table of eq fits the memory");
  std::vector<Fr> out(std::size_t{1} << point.size());
  out[0] = Fr::one();
  // From the last coordinate on: what is there becomes the lower half, its multiples the upper one.
  for (std::size_t filled = 1, i = point.size(); i-- > 0; filled *= 2) {
    parallel_for(filled, grain, [&](std::size_t begin, std::size_t end) {
      const FrKernels& kernels = fr_kernels();
      kernels.mul_scalar(&out[filled + begin], &out[begin], point[i], end - begin);
      kernels.sub(&out[begin], &out[begin], &out[filled + begin], end - begin);
    });
  }
  return out;
}

Fr below(std::uint64_t n, std::span<const Fr> point) {
  const std::size_t bits = point.size();
  EZKL_ENSURE(bits < 63 && n <= std::uint64_t{1} << bits, "a bound within the table");
  if (n == std::uint64_t{1} << bits) return Fr::one();
  Fr out, prefix = Fr::one();
  for (std::size_t i = 0; i < bits; ++i) {
    const Fr rest = prefix * (Fr::one() - point[i]);
    if ((n >> (bits - 1 - i) & 1) != 0) {
      out += rest;
      prefix *= point[i];
    } else {
      prefix = rest;
    }
  }
  return out;
}

Fr iota(std::uint64_t n, const Fr& first, std::span<const Fr> point) {
  const std::size_t bits = point.size();
  EZKL_ENSURE(bits < 63 && n <= std::uint64_t{1} << bits, "a bound within the table");
  if (n == std::uint64_t{1} << bits) return first + all_indices(point);
  // A block of 2^k indices for every bit k of n.
  Fr out, prefix = Fr::one(), start = first;
  for (std::size_t i = 0; i < bits; ++i) {
    const std::size_t left = bits - 1 - i;
    const Fr rest = prefix * (Fr::one() - point[i]);
    if ((n >> left & 1) != 0) {
      out += rest * (start + all_indices(point.subspan(i + 1)));
      start += power_of_two(left);
      prefix *= point[i];
    } else {
      prefix = rest;
    }
  }
  return out;
}

Fr evaluate(std::vector<Fr> table, std::span<const Fr> point) {
  EZKL_ENSURE(point.size() < 40 && table.size() == std::size_t{1} << point.size(), "a table of 2^m entries");
  for (const Fr& x : point) bind_first(table, x);
  return table[0];
}

void bind_first(std::vector<Fr>& table, const Fr& x) {
  EZKL_ENSURE(table.size() % 2 == 0 && !table.empty(), "a table with a variable left");
  const std::size_t half = table.size() / 2;
  parallel_for(half, grain, [&](std::size_t begin, std::size_t end) {
    constexpr std::size_t block = 256;
    Fr step[block];
    const FrKernels& kernels = fr_kernels();
    for (std::size_t at = begin; at < end; at += block) {
      const std::size_t n = std::min(block, end - at);
      kernels.sub(step, &table[half + at], &table[at], n);
      kernels.mul_scalar_add(&table[at], step, x, &table[at], n);
    }
  });
  table.resize(half);
}

}  // namespace ezkl::multilinear
