#pragma once

#include <span>
#include <vector>

#include "graph/op_table.hpp"

/// Operators that act on several axes at once.
namespace ezkl::ops {

inline constexpr AttributeRule axes_attribute[] = {attribute::integers("axes", 0)};

/// Attribute "axes", ascending. errors: Fault::format for an axis outside the operand or a reduction of no elements.
std::vector<std::size_t> reduced_axes(const OpContext& ctx);
/// The operand's shape with the reduced axes at 1.
Shape reduced_shape(const OpContext& ctx);

/// `t` as [lines, elements over `axes`], lines in the order of the other axes; `kept` is t's shape with `axes` at 1.
claims::Tensor lines_over(claims::Writer& w, claims::Tensor t, const std::vector<std::size_t>& axes, Shape& kept);
/// Undoes lines_over for a tensor [lines, elements]: back to `shape`.
claims::Tensor from_lines_over(claims::Writer& w, claims::Tensor lines, const std::vector<std::size_t>& axes,
                               const Shape& shape);

}  // namespace ezkl::ops
