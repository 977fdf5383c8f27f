#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "field/fr.hpp"

/// Multilinear extensions of tables on {0, 1}^m. A point lists its m coordinates most significant bit first, and a
/// table of 2^m entries is indexed in that order. source: docs/spec/sumcheck.md 2.1
namespace ezkl::multilinear {

/// The last `count` coordinates: what a long point is to a table of so many bits.
inline std::span<const Fr> last(std::span<const Fr> point, std::size_t count) {
  return point.subspan(point.size() - count);
}

/// The product of x_i y_i + (1 - x_i)(1 - y_i). errors: Fault::internal when the sizes differ.
Fr eq(std::span<const Fr> x, std::span<const Fr> y);
/// eq of the bits of `index` (as many as the point has coordinates) and a point.
Fr eq_at(std::uint64_t index, std::span<const Fr> point);
/// eq_at of every index: 2^m entries. Parallel; one product an entry.
std::vector<Fr> eq_table(std::span<const Fr> point);

/// The sum of eq_at(j, point) over j < n: the extension of [j < n], in m products. 0 <= n <= 2^m.
Fr below(std::uint64_t n, std::span<const Fr> point);
/// The sum of (first + j) eq_at(j, point) over j < n. 0 <= n <= 2^m.
Fr iota(std::uint64_t n, const Fr& first, std::span<const Fr> point);

/// The extension of a table of 2^m entries at a point.
Fr evaluate(std::vector<Fr> table, std::span<const Fr> point);
/// Binds the most significant variable to x: the table becomes half as long. Parallel; one product an entry left.
void bind_first(std::vector<Fr>& table, const Fr& x);

}  // namespace ezkl::multilinear
