#pragma once

#include <cstddef>

#include "field/fq.hpp"
#include "field/kernels.hpp"

namespace ezkl {

#if defined(__x86_64__)
/// Puts the AVX-512 IFMA functions into a table that holds those of a lower level.
void set_ifma_kernels(FrKernels& table);

/// FrKernels::invert for the base field. Needs cpu_avx512ifma.
void invert_ifma(Fq* values, Fq* scratch, std::size_t n);
#endif

}  // namespace ezkl
