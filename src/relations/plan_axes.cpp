// Affine accesses in the form in which a plan keeps them.
#include <algorithm>
#include <map>

#include "relations/plan_steps.hpp"

namespace ezkl::relations {

using claims::AxisMap;

std::vector<AxisMap> normal(const std::vector<AxisMap>& axes, const Shape& loops) {
  std::vector<AxisMap> out;
  for (const AxisMap& axis : axes) {
    std::map<std::uint32_t, std::int64_t> strides;
    for (const auto& [loop, stride] : axis.strides) {
      if (loops[loop] > 1) strides[loop] += stride;
    }
    AxisMap& kept = out.emplace_back();
    kept.base = axis.base;
    for (const auto& [loop, stride] : strides) {
      if (stride != 0) kept.strides.emplace_back(loop, stride);
    }
  }
  return out;
}

std::vector<AxisMap> whole_axes(const Shape& shape) {
  std::vector<AxisMap> out(shape.size());
  for (std::uint32_t axis = 0; axis < shape.size(); ++axis) out[axis].strides = {{axis, 1}};
  return out;
}

bool same_axes(const std::vector<AxisMap>& a, const std::vector<AxisMap>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const AxisMap& x, const AxisMap& y) { return x.base == y.base && x.strides == y.strides; });
}

bool is_plain(const AxisMap& axis, const Shape& loops, std::size_t extent) {
  return axis.base == 0 && axis.strides.size() == 1 && axis.strides[0].second == 1 &&
         loops[axis.strides[0].first] == extent;
}

bool is_plain_factor(const std::vector<AxisMap>& axes, const Shape& loops, const Shape& dims) {
  std::vector<bool> driven(loops.size());
  for (std::size_t a = 0; a < axes.size(); ++a) {
    if (axes[a].strides.empty()) {
      if (axes[a].base < 0 || axes[a].base >= static_cast<std::int64_t>(dims[a])) return false;
      continue;
    }
    if (!is_plain(axes[a], loops, dims[a]) || driven[axes[a].strides[0].first]) return false;
    driven[axes[a].strides[0].first] = true;
  }
  return true;
}

}  // namespace ezkl::relations
