#pragma once

#include <span>
#include <vector>

#include "field/fr.hpp"

namespace ezkl {

/// Value at x of the polynomial with these coefficients, lowest first. Parallel for long ones.
Fr evaluate(std::span<const Fr> coeffs, const Fr& x);

/// Quotient of the division by (X - a), one coefficient shorter (empty for a constant). The remainder, which is the
/// value at a, is dropped.
std::vector<Fr> kate_divide(std::span<const Fr> coeffs, const Fr& a);
/// The same in place: the top coefficient becomes 0.
void kate_divide_in_place(std::span<Fr> coeffs, const Fr& a);

/// 1, base, base^2, … (count of them), times `first`.
std::vector<Fr> powers(const Fr& base, std::size_t count, const Fr& first = Fr::one());
/// The same into `out`.
void fill_powers(std::span<Fr> out, const Fr& base, const Fr& first);

}  // namespace ezkl
