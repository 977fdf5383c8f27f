#pragma once

#include "curve/kernels.hpp"

namespace ezkl {

#if defined(__x86_64__)
/// CurveKernels::add_pairs with AVX2 and FMA.
void add_pairs_avx2(G1Affine* out, const G1Affine* points, const PairList& pairs);
/// CurveKernels::double_points with AVX2 and FMA.
void double_points_avx2(G1Affine* points, std::size_t n);
/// CurveKernels::first_invalid with AVX2 and FMA.
std::size_t first_invalid_avx2(const G1Affine* points, std::size_t n);
#endif

}  // namespace ezkl
