#pragma once

#include <functional>
#include <span>

#include "graph/op_table.hpp"

/// What operators that work element by element share.
namespace ezkl::ops {

/// Shape of the operands broadcast together, numpy rules. errors: Fault::format.
Shape broadcast_all(const OpContext& ctx);
Shape shape_of_first(const OpContext& ctx);
std::vector<std::size_t> first_two(const OpContext& ctx);

/// `function` on every element, rounded to the operand's type.
FloatTensor map_reals(const FloatTensor& x, const std::function<double(double)>& function);
/// `function` on every pair of elements broadcast together, rounded to `type`.
FloatTensor map_reals(const FloatTensor& a, const FloatTensor& b, DType type,
                      const std::function<double(double, double)>& function);
/// The elements of `x` repeated to fill `shape`, numpy rules.
FloatTensor broadcast_reals(const FloatTensor& x, const Shape& shape);

/// Combines the elements along `axes` (kept as 1), in flat order: out = step(out, x), from the first element on.
FloatTensor reduce_reals(const FloatTensor& x, const std::vector<std::int64_t>& axes,
                         const std::function<double(double, double)>& step);

/// scale·count. errors: Fault::range beyond ±2^20.
int times_scale(const OpContext& ctx, int scale, std::int64_t count);

/// 2^exponent. errors: Fault::range unless 0 <= exponent < 63.
Int128 power_of_two(const OpContext& ctx, int exponent);

}  // namespace ezkl::ops
