#include "graph/ops/window.hpp"

#include "graph/ops/placement.hpp"

namespace ezkl::ops {

std::size_t Sliding::positions(std::size_t a, std::size_t extent) const {
  const std::int64_t covered = dilations[a] * (kernel[a] - 1) + 1;
  const std::int64_t padded = static_cast<std::int64_t>(extent) + begins[a] + ends[a];
  return padded < covered ? 0 : static_cast<std::size_t>((padded - covered) / strides[a]) + 1;
}

Sliding sliding(const OpContext& ctx, const std::vector<std::int64_t>& kernel) {
  const std::size_t rank = kernel.size();
  require(ctx, ctx.shapes[0].size() == rank + 2,
          "an image " + to_string(ctx.shapes[0]) + " for a kernel of " + std::to_string(rank) + " axes");
  Sliding result;
  result.kernel = kernel;
  result.strides = ctx.op.integers("strides", std::vector<std::int64_t>(rank, 1));
  result.dilations = ctx.op.integers("dilations", std::vector<std::int64_t>(rank, 1));
  const std::vector<std::int64_t> pads = ctx.op.integers("pads", std::vector<std::int64_t>(2 * rank, 0));
  require(ctx, result.strides.size() == rank && result.dilations.size() == rank && pads.size() == 2 * rank,
          "strides, dilations and pads must have one entry an axis (pads: two)");
  result.begins.assign(pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(rank));
  result.ends.assign(pads.begin() + static_cast<std::ptrdiff_t>(rank), pads.end());
  for (std::size_t a = 0; a < rank; ++a) {
    constexpr std::int64_t most = most_window;
    require(ctx,
            kernel[a] >= 1 && kernel[a] <= most && result.strides[a] >= 1 && result.strides[a] <= most &&
                result.dilations[a] >= 1 && result.dilations[a] <= most,
            "kernel, strides and dilations must be at least 1");
    require(ctx,
            result.begins[a] >= -most && result.begins[a] <= most && result.ends[a] >= -most && result.ends[a] <= most,
            "pads out of range");
  }
  return result;
}

Shape spatial_shape(const OpContext& ctx, const Sliding& window) {
  Shape shape;
  for (std::size_t a = 0; a < window.rank(); ++a) {
    shape.push_back(window.positions(a, ctx.shapes[0][2 + a]));
    require(ctx, shape.back() > 0, "the window is longer than the padded image");
  }
  return shape;
}

}  // namespace ezkl::ops
