#pragma once

#include "poly/ntt_kernels.hpp"

namespace ezkl {

#if defined(__x86_64__)
/// NttKernels::prepare, first and pass with AVX2 and FMA.
void ntt_prepare_avx2(Fr* factors, std::size_t n);
void ntt_first_avx2(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, bool coset, const Fr* factor,
                    std::size_t begin, std::size_t end);
void ntt_pass_avx2(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool last, std::size_t begin,
                   std::size_t end);
#endif

}  // namespace ezkl
