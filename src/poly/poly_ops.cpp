#include "poly/poly_ops.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "base/parallel.hpp"
#include "field/kernels.hpp"

namespace ezkl {

Fr evaluate(std::span<const Fr> coeffs, const Fr& x) {
  // Blocks as dot products with the powers of x, then Horner's rule over the blocks.
  const std::size_t block = std::min<std::size_t>(256, coeffs.size());
  const std::vector<Fr> low = powers(x, block);
  const Fr step = x.pow(block);
  const std::size_t blocks = block == 0 ? 0 : (coeffs.size() + block - 1) / block;
  Fr total;
  std::mutex mutex;
  parallel_for(blocks, 64, [&](std::size_t begin, std::size_t end) {
    Fr sum;
    for (std::size_t b = end; b-- > begin;) {
      sum = sum * step +
            fr_kernels().dot(coeffs.data() + b * block, low.data(), std::min(block, coeffs.size() - b * block));
    }
    if (begin != 0) sum *= step.pow(begin);
    const std::lock_guard lock(mutex);
    total += sum;
  });
  return total;
}

void kate_divide_in_place(std::span<Fr> coeffs, const Fr& a) {
  // Each coefficient of the quotient follows from the one above it. Cut into parts whose incoming value is known, many
  // parts advance side by side. The length is odd so that their places do not compete for the same cache lines.
  constexpr std::size_t length = 251, most = 256;
  const std::size_t parts = coeffs.size() / length;
  Fr carry;
  for (std::size_t i = coeffs.size(); i-- > parts * length;) {
    const Fr next = coeffs[i] + carry * a;
    coeffs[i] = carry;
    carry = next;
  }
  if (parts == 0) return;
  const FrKernels& kernels = fr_kernels();
  const std::vector<Fr> low = powers(a, length);
  std::vector<Fr> carries(parts);  // first each part's own value at a, then what comes into it from above
  parallel_for(parts, 32, [&](std::size_t begin, std::size_t end) {
    for (std::size_t p = begin; p < end; ++p) carries[p] = kernels.dot(coeffs.data() + p * length, low.data(), length);
  });
  const Fr step = a.pow(length);
  for (std::size_t p = parts; p-- > 0;) carry = std::exchange(carries[p], carry) + carry * step;
  parallel_for(parts, 32, [&](std::size_t begin, std::size_t end) {
    std::array<Fr, most> column;
    for (std::size_t at = begin; at < end; at += most) {
      const std::size_t count = std::min(most, end - at);
      for (std::size_t i = length; i-- > 0;) {
        for (std::size_t p = 0; p < count; ++p) {
          column[p] = std::exchange(coeffs[(at + p) * length + i], carries[at + p]);
        }
        kernels.mul_scalar_add(carries.data() + at, carries.data() + at, a, column.data(), count);
      }
    }
  });
}

std::vector<Fr> kate_divide(std::span<const Fr> coeffs, const Fr& a) {
  std::vector<Fr> out(coeffs.begin(), coeffs.end());
  kate_divide_in_place(out, a);
  if (!out.empty()) out.pop_back();
  return out;
}

std::vector<Fr> powers(const Fr& base, std::size_t count, const Fr& first) {
  std::vector<Fr> out(count);
  fill_powers(out, base, first);
  return out;
}

void fill_powers(std::span<Fr> out, const Fr& base, const Fr& first) {
  parallel_for(out.size(), 4096, [&](std::size_t begin, std::size_t end) {
    // A short run one by one, then each run from the one before it: products that do not wait for each other.
    constexpr std::size_t run = 64;
    Fr value = begin == 0 ? first : first * base.pow(begin);
    const std::size_t head = std::min(end, begin + run);
    for (std::size_t i = begin; i < head; ++i) {
      out[i] = value;
      value *= base;
    }
    const Fr step = base.pow(run);
    for (std::size_t i = head; i < end; i += run) {
      fr_kernels().mul_scalar(out.data() + i, out.data() + i - run, step, std::min(run, end - i));
    }
  });
}

}  // namespace ezkl
