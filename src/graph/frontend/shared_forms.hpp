#pragma once

#include "graph/frontend/converter.hpp"

/// Activations and normalizations that converters of several families build.
namespace ezkl {

/// x/2 · (1 + erf(x/√2)), or its approximation by tanh.
Value gelu(Converter& c, Value x, bool by_tanh);

struct Standardized {
  Value value, mean, inverse_deviation;
};

/// (x - mean) · rsqrt(mean of squares + epsilon) over `axes`.
Standardized standardize(Converter& c, Value x, const Integers& axes, double epsilon);

/// x · rsqrt(mean of squares + epsilon) over `axes`; its mean is x's own and counts for nothing.
Standardized scaled_to_unit(Converter& c, Value x, const Integers& axes, double epsilon);

/// Axes from `axis` to the last.
Integers axes_from(std::size_t axis, std::size_t rank);

/// [batch, sequence, heads · size] as [batch, heads, sequence, size], and back. errors: Fault::format when it does not
/// divide.
Value split_heads(Converter& c, const OnnxNode& n, Value x, std::int64_t heads);
Value merge_heads(Converter& c, Value x);

}  // namespace ezkl
