#pragma once

#include <cstdint>
#include <span>

#include "curve/g1.hpp"
#include "curve/kernels.hpp"

namespace ezkl {

/// Multi-scalar multiplication in G1: the sum of scalars[i] * bases[i].
///
/// shapes   bases.size() == scalars.size() == n; n = 0 gives the identity.
/// units    bases affine, on the curve, not checked here.
/// result   Jacobian. Normalise many at once with `batch_to_affine` before hashing or writing them.
/// threads  parallel over windows and ranges of points. The point is the same for any thread count and any kernel.
/// errors   Fault::internal when the sizes differ (a caller's bug). Never fails on values.
/// source   bucket method: Bernstein, Doumen, Lange, Oosterwijk, ePrint 2012/549, with signed digits.
G1 msm(std::span<const G1Affine> bases, std::span<const Fr> scalars);

/// The same for small signed scalars: zeros cost a comparison, and only the windows that the largest magnitude needs
/// are visited.
G1 msm_small(std::span<const G1Affine> bases, std::span<const std::int64_t> scalars);

/// The same with a given implementation, for tests and benchmarks.
G1 msm_with(const CurveKernels& kernels, std::span<const G1Affine> bases, std::span<const Fr> scalars);
G1 msm_small_with(const CurveKernels& kernels, std::span<const G1Affine> bases, std::span<const std::int64_t> scalars);

}  // namespace ezkl
