#pragma once

#include "graph/frontend/converter.hpp"

/// Activations and normalizations that converters of several families build.
namespace ezkl {

/// x/2 · (1 + erf(x/√2)), or its approximation by tanh.
Value gelu(Converter& c, Value x, bool by_tanh);

/// max(x, 0) + alpha · (exp(min(inner, 0)) - 1), inner being a positive multiple of x: e^x of large x leaves every
/// range.
Value linear_above_zero(Converter& c, Value x, Value inner, double alpha);

/// alpha · x + beta, kept within 0 … 1.
Value hard_sigmoid(Converter& c, Value x, double alpha, double beta);

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
