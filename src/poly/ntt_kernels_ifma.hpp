#pragma once

#include "poly/ntt_kernels.hpp"

namespace ezkl {

#if defined(__x86_64__)
/// NttKernels::prepare, first and pass with AVX-512 IFMA.
void ntt_prepare_ifma(Fr* factors, std::size_t n);
void ntt_first_ifma(const Fr* in, Fr* out, unsigned k, const Fr* twiddles, bool coset, const Fr* factor,
                    std::size_t begin, std::size_t end);
void ntt_pass_ifma(Fr* block, unsigned layer, unsigned count, const Fr* twiddles, bool last, std::size_t begin,
                   std::size_t end);
#endif

}  // namespace ezkl
