#pragma once

#include <span>
#include <vector>

#include "commit/commitment_key.hpp"

namespace ezkl {

/// The coefficients of the polynomial of degree below points.size() through (points[i], values[i]).
std::vector<Fr> interpolate(std::span<const Fr> points, std::span<const Fr> values);

/// Its value at x.
Fr interpolate_at(std::span<const Fr> points, std::span<const Fr> values, const Fr& x);

/// The product of x - points[i].
Fr vanishing(std::span<const Fr> points, const Fr& x);

/// sum[i] += factor * poly[i]; `poly` may be shorter.
void add_scaled(std::span<Fr> sum, const Fr& factor, std::span<const Fr> poly);

/// The polynomials of a set as one.
struct CombinedSet {
  std::vector<Fr> poly;       ///< sum of weights[j] * polynomial j, n coefficients
  std::vector<Fr> remainder;  ///< takes at the points of the set the values that were claimed
  Fr blind;

  /// (poly - remainder) / the product of X - points[i]
  std::vector<Fr> quotient(std::span<const Fr> points) const;
};

/// errors: Fault::internal when the set is empty or of uneven sizes.
CombinedSet combine(const OpeningSet& set, std::size_t n, std::span<const Fr> weights);

}  // namespace ezkl
