#pragma once

#include <span>

#include "graph/passes/rewriter.hpp"

/// The rewrites that decide which integers a witness has, by family; each function lives in the file of its name.
namespace ezkl {

/// x + 0, x - 0, x · 1, x · 0, x · x.
std::span<const Rewriter::Rule> neutral_rules();
/// Reciprocals of square roots, means of squares, normalizations, logarithms of sums of exponentials.
std::span<const Rewriter::Rule> mean_rules();
/// Strided 1-wide kernels, 1×1 convolutions as matrix products, padding and per-channel arithmetic into convolutions.
std::span<const Rewriter::Rule> convolution_rules();
/// Last choices before quantization: products with powers of two by scale alone, with other small constants without
/// loss, max(x, 0) as ReLU, choices by constant masks as data movement.
std::span<const Rewriter::Rule> selection_rules();

}  // namespace ezkl
