#pragma once

#include "graph/claims/claims.hpp"

namespace ezkl::claims {

enum class Order : std::uint8_t { ascending, descending };

struct Sorted {
  Tensor values;   ///< [lines, length], each line in order
  Tensor indices;  ///< where in its line of x each value stood
};

/// Each line of `x` [lines, length] in order, proven by a permutation of the rows (value, index) and by a range on the
/// distance of neighbours. The sorted values are unique; the indices are too when `ties_by_index` is set (then equal
/// values keep the order they had), else any order of equal values satisfies the claims.
///
/// errors  at evaluation: Fault::unsatisfied when the distance of two neighbours exceeds the decomposition limit.
/// source  claims.md section 3. A tie at index distance e and a difference d of length-n lines are told apart by the
///         single number d·n + e - 1, negative for every wrong order because |e| < n.
Sorted sort(Writer& w, Tensor x, Order order, bool ties_by_index);

}  // namespace ezkl::claims
