#include "poly/poly_ops.hpp"

#include <algorithm>
#include <mutex>

#include "base/parallel.hpp"

namespace ezkl {

Fr evaluate(std::span<const Fr> coeffs, const Fr& x) {
  Fr total;
  std::mutex mutex;
  parallel_for(coeffs.size(), 4096, [&](std::size_t begin, std::size_t end) {
    Fr sum;
    for (std::size_t i = end; i-- > begin;) sum = sum * x + coeffs[i];
    if (begin != 0) sum *= x.pow(begin);
    const std::lock_guard lock(mutex);
    total += sum;
  });
  return total;
}

void kate_divide_in_place(std::span<Fr> coeffs, const Fr& a) {
  Fr carry;
  for (std::size_t i = coeffs.size(); i-- > 0;) {
    const Fr next = coeffs[i] + carry * a;
    coeffs[i] = carry;
    carry = next;
  }
}

std::vector<Fr> kate_divide(std::span<const Fr> coeffs, const Fr& a) {
  std::vector<Fr> out(coeffs.begin(), coeffs.end());
  kate_divide_in_place(out, a);
  if (!out.empty()) out.pop_back();
  return out;
}

std::vector<Fr> powers(const Fr& base, std::size_t count, const Fr& first) {
  std::vector<Fr> out(count);
  parallel_for(count, 4096, [&](std::size_t begin, std::size_t end) {
    Fr value = begin == 0 ? first : first * base.pow(begin);
    for (std::size_t i = begin; i < end; ++i) {
      out[i] = value;
      value *= base;
    }
  });
  return out;
}

}  // namespace ezkl
