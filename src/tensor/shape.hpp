#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ezkl {

/// Extents of a tensor, outermost axis first; elements lie in row-major order. A scalar has no axes and one element.
using Shape = std::vector<std::size_t>;

/// Number of elements. errors: Fault::range when the product exceeds 2^40.
std::size_t volume(const Shape& shape);

/// Row-major strides: how many elements one step along each axis skips.
std::vector<std::size_t> strides(const Shape& shape);

/// "[1, 3, 28, 28]"
std::string to_string(const Shape& shape);

/// The shape both operands of an elementwise operator are stretched to: axes aligned on the right, 1 stretches.
/// errors: Fault::format when two extents differ and neither is 1.
Shape broadcast_shape(const Shape& a, const Shape& b);

}  // namespace ezkl
