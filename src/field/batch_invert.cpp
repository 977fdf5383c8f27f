#include "field/batch_invert.hpp"

#include <algorithm>
#include <vector>

#include "base/cpu.hpp"
#include "base/parallel.hpp"
#include "field/fq.hpp"
#include "field/fr.hpp"
#include "field/kernels.hpp"
#include "field/kernels_avx2.hpp"
#include "field/kernels_ifma.hpp"

namespace ezkl {
namespace {

void invert_range(Fr* values, Fr* scratch, std::size_t n) { fr_kernels().invert(values, scratch, n); }

void invert_range(Fq* values, Fq* scratch, std::size_t n) {
#if defined(__x86_64__)
  if (cpu_bits() & cpu_avx512ifma) return invert_ifma(values, scratch, n);
  if (cpu_bits() & cpu_avx2) return invert_avx2(values, scratch, n);
#endif
  invert_with(values, scratch, n, [](const Fq& a, const Fq& b) { return a * b; });
}

template <class F>
void invert_parallel(std::span<F> values) {
  parallel_for(values.size(), 2048, [&](std::size_t begin, std::size_t end) {
    // Pieces that stay in the cache: one inversion costs about as much as 400 products.
    constexpr std::size_t piece = 8192;
    std::vector<F> scratch(std::min(piece, end - begin));
    for (std::size_t at = begin; at < end; at += piece) {
      invert_range(values.data() + at, scratch.data(), std::min(piece, end - at));
    }
  });
}

}  // namespace

void batch_invert(std::span<Fr> values) { invert_parallel(values); }
void batch_invert(std::span<Fq> values) { invert_parallel(values); }

}  // namespace ezkl
