#pragma once

#include <cstddef>
#include <vector>

#include "relations/plan.hpp"
#include "tensor/shape.hpp"

namespace ezkl::relations {

/// Axes of two shapes of one volume that are merged or split with each other, extents of 1 left out.
struct AxisGroup {
  std::vector<std::size_t> from, to;
};
std::vector<AxisGroup> axis_groups(const Shape& from, const Shape& to);

/// Whether the group keeps points: on both sides all extents but the most significant are powers of two, so that an
/// element has the same bits on both cubes.
bool is_aligned(const Shape& from, const Shape& to, const AxisGroup& group);
/// All groups do.
bool is_aligned(const Shape& from, const Shape& to);
/// Whether the tensor at a point is its sources at points: a linear one, or an aligned reshape.
bool keeps_points(const Plan& plan, const PlanTensor& tensor);

}  // namespace ezkl::relations
