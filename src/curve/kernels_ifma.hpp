#pragma once

#include "curve/kernels.hpp"

namespace ezkl {

#if defined(__x86_64__)
/// CurveKernels::add_pairs with AVX-512 IFMA.
void add_pairs_ifma(G1Affine* out, const G1Affine* points, const PairList& pairs);
/// CurveKernels::double_points with AVX-512 IFMA.
void double_points_ifma(G1Affine* points, std::size_t n);
/// CurveKernels::first_invalid with AVX-512 IFMA.
std::size_t first_invalid_ifma(const G1Affine* points, std::size_t n);
#endif

}  // namespace ezkl
