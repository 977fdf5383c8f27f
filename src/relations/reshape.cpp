#include "relations/reshape.hpp"

#include <algorithm>
#include <bit>

#include "base/ensure.hpp"

namespace ezkl::relations {

std::vector<AxisGroup> axis_groups(const Shape& from, const Shape& to) {
  EZKL_ENSURE(volume(from) == volume(to) && volume(from) > 0, "shapes of one volume");
  const auto wide = [](const Shape& shape) {
    std::vector<std::size_t> out;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if (shape[axis] > 1) out.push_back(axis);
    }
    return out;
  };
  const std::vector<std::size_t> left = wide(from), right = wide(to);
  std::vector<AxisGroup> out;
  for (std::size_t i = 0, j = 0; i < left.size();) {
    AxisGroup group{{left[i]}, {right[j]}};
    std::size_t a = from[left[i++]], b = to[right[j++]];
    while (a != b) {
      if (a < b) {
        group.from.push_back(left[i]);
        a *= from[left[i++]];
      } else {
        group.to.push_back(right[j]);
        b *= to[right[j++]];
      }
    }
    out.push_back(std::move(group));
  }
  return out;
}

bool is_aligned(const Shape& from, const Shape& to, const AxisGroup& group) {
  const auto powers = [](const Shape& shape, const std::vector<std::size_t>& axes) {
    return std::all_of(axes.begin() + 1, axes.end(),
                       [&](std::size_t axis) { return std::has_single_bit(shape[axis]); });
  };
  return powers(from, group.from) && powers(to, group.to);
}

bool is_aligned(const Shape& from, const Shape& to) {
  const std::vector<AxisGroup> groups = axis_groups(from, to);
  return std::all_of(groups.begin(), groups.end(), [&](const AxisGroup& group) { return is_aligned(from, to, group); });
}

bool keeps_points(const Plan& plan, const PlanTensor& tensor) {
  return tensor.kind == TensorKind::linear ||
         (tensor.kind == TensorKind::reshape && is_aligned(tensor.shape, plan.tensors[tensor.sources[0]].shape));
}

}  // namespace ezkl::relations
