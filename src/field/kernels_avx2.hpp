#pragma once

#include <cstddef>

#include "field/fq.hpp"
#include "field/kernels.hpp"

namespace ezkl {

#if defined(__x86_64__)
/// Puts the AVX2 functions into a table that holds those of a lower level.
void set_avx2_kernels(FrKernels& table);

/// FrKernels::invert for the base field. Needs cpu_avx2.
void invert_avx2(Fq* values, Fq* scratch, std::size_t n);
#endif

}  // namespace ezkl
