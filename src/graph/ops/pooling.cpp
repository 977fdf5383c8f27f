// SumPool (average pooling when normalized) and MaxPool over windows of an image [N, C, spatial...].
#include <algorithm>
#include <map>

#include "graph/claims/compound.hpp"
#include "graph/ops/contraction.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/window.hpp"

namespace ezkl::ops {
namespace {

using claims::AxisMap;
using claims::Rounding;
using claims::Tensor;
using claims::Writer;

Sliding pool_window(const OpContext& ctx) { return sliding(ctx, ctx.op.integers("kernel")); }

/// Elements of a window. errors: Fault::range for more than 2^40.
std::size_t taps_of(const Sliding& window) { return volume({window.kernel.begin(), window.kernel.end()}); }

Shape pool_shape(const OpContext& ctx) {
  const Sliding window = pool_window(ctx);
  taps_of(window);
  const Shape spatial = spatial_shape(ctx, window);
  Shape shape{ctx.shapes[0][0], ctx.shapes[0][1]};
  shape.insert(shape.end(), spatial.begin(), spatial.end());
  return shape;
}

Contraction window_sum(const OpContext& ctx, const Sliding& window) {
  Contraction result;
  result.out = pool_shape(ctx);
  for (const std::int64_t taps : window.kernel) result.sum.push_back(static_cast<std::size_t>(taps));
  std::vector<AxisMap> image{along(0), along(1)};
  for (std::size_t a = 0; a < window.rank(); ++a) {
    AxisMap at = along(2 + a, window.strides[a], -window.begins[a]);
    at.strides.emplace_back(static_cast<std::uint32_t>(result.out.size() + a), window.dilations[a]);
    image.push_back(std::move(at));
  }
  result.factor(0, std::move(image));
  return result;
}

/// How many taps of window number `position` along axis `a` lie within the image.
std::int64_t taps_within(const Sliding& window, std::size_t a, std::size_t position, std::size_t extent) {
  const std::int64_t first = static_cast<std::int64_t>(position) * window.strides[a] - window.begins[a];
  const std::int64_t room = static_cast<std::int64_t>(extent) - 1 - first, dilation = window.dilations[a];
  if (room < 0) return 0;
  const std::int64_t lowest = first >= 0 ? 0 : (-first + dilation - 1) / dilation;
  return std::max<std::int64_t>(0, std::min(room / dilation, window.kernel[a] - 1) - lowest + 1);
}

/// What each element of the output is divided by: the whole kernel, or, where padding does not count, the taps within
/// the image. The published package always takes the whole kernel.
std::vector<std::int64_t> divisors(const OpContext& ctx, const Sliding& window) {
  const auto whole = static_cast<std::int64_t>(taps_of(window));
  const Shape shape = pool_shape(ctx);
  charge(ctx, volume(shape));
  std::vector<std::int64_t> result(volume(shape), whole);
  if (ctx.semantics == Semantics::published || ctx.op.integer("count_include_pad", 1) != 0) return result;
  std::size_t i = 0;
  for_each_index(shape, [&](std::span<const std::size_t> index) {
    std::int64_t count = 1;
    for (std::size_t a = 0; a < window.rank(); ++a) count *= taps_within(window, a, index[2 + a], ctx.shapes[0][2 + a]);
    result[i++] = std::max<std::int64_t>(1, count);
  });
  return result;
}

FloatTensor sum_pool_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Sliding window = pool_window(ctx);
  FloatTensor out = contract(window_sum(ctx, window), in);
  if (ctx.op.integer("normalized", 0) == 0) return out;
  const std::vector<std::int64_t> by = divisors(ctx, window);
  for (std::size_t i = 0; i < by.size(); ++i)
    out.data[i] = round_to(out.type, out.data[i] / static_cast<double>(by[i]));
  return out;
}

Tensor sum_pool_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Sliding window = pool_window(ctx);
  const Tensor sums = contract(w, window_sum(ctx, window), in);
  if (ctx.op.integer("normalized", 0) == 0) return sums;
  const std::vector<std::int64_t> by = divisors(ctx, window);
  std::map<std::int64_t, std::vector<std::int64_t>> places;
  for (std::size_t i = 0; i < by.size(); ++i) places[by[i]].push_back(static_cast<std::int64_t>(i));
  if (places.size() == 1) return claims::divide(w, sums, by[0], Rounding::half_away);
  // One division for each divisor, on the elements that have it.
  std::vector<Tensor> pieces;
  std::vector<std::int64_t> map(by.size());
  std::int64_t start = 0;
  for (const auto& [divisor, elements] : places) {
    const Tensor sources[] = {sums};
    const Tensor piece = w.remap({elements.size()}, sources, elements, {});
    pieces.push_back(claims::divide(w, piece, divisor, Rounding::half_away));
    for (const std::int64_t element : elements) map[static_cast<std::size_t>(element)] = start++;
  }
  return w.remap(w.shape(sums), pieces, std::move(map), {});
}

/// The windows as lines [outputs, taps]. ONNX pads with minus infinity: a tap outside the image is replaced by another
/// tap of its window, which leaves the maximum as it is. The published package pads with 0.
Placement window_lines(const OpContext& ctx, const Sliding& window, bool pad_with_zero) {
  const Shape spatial = spatial_shape(ctx, window);
  const Shape& image = ctx.shapes[0];
  const std::vector<std::size_t> steps = strides(image);
  Shape loops{image[0], image[1]};
  loops.insert(loops.end(), spatial.begin(), spatial.end());
  loops.insert(loops.end(), window.kernel.begin(), window.kernel.end());
  const std::size_t taps = taps_of(window);
  const std::size_t rank = window.rank();
  Placement result{{volume(loops) / taps, taps}, {}, {0.0}};
  charge(ctx, volume(loops));
  result.map.reserve(volume(loops));
  for_each_index(loops, [&](std::span<const std::size_t> index) {
    std::int64_t at = static_cast<std::int64_t>(index[0] * steps[0] + index[1] * steps[1]);
    for (std::size_t a = 0; a < rank; ++a) {
      const auto extent = static_cast<std::int64_t>(image[2 + a]);
      const std::int64_t first = static_cast<std::int64_t>(index[2 + a]) * window.strides[a] - window.begins[a];
      std::int64_t tap = static_cast<std::int64_t>(index[2 + rank + a]);
      const std::int64_t dilation = window.dilations[a];
      if (!pad_with_zero) {
        const std::int64_t lowest = first >= 0 ? 0 : (-first + dilation - 1) / dilation;
        const std::int64_t highest = (extent - 1 - first) / dilation;
        require(ctx, first < extent && lowest <= highest && lowest < window.kernel[a], "a window lies in the padding");
        tap = std::clamp(tap, lowest, std::min(highest, window.kernel[a] - 1));
      }
      const std::int64_t pixel = first + tap * dilation;
      if (pixel < 0 || pixel >= extent || at < 0) {
        at = -1;
      } else {
        at += pixel * static_cast<std::int64_t>(steps[2 + a]);
      }
    }
    result.map.push_back(at);
  });
  return result;
}

bool pads_with_zero(const OpContext& ctx) { return ctx.semantics == Semantics::published; }

FloatTensor max_pool_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const FloatTensor lines = place(window_lines(ctx, pool_window(ctx), pads_with_zero(ctx)), in);
  FloatTensor out = reduce_reals(lines, {1}, [](double a, double b) { return std::max(a, b); });
  out.shape = pool_shape(ctx);
  return out;
}

Tensor max_pool_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Sliding window = pool_window(ctx);
  const Contraction sum = window_sum(ctx, window);
  claims::View view = sum.factors[0];
  view.source = in[0];
  bool padded = false;
  for (std::size_t a = 0; a < window.rank(); ++a) padded = padded || window.begins[a] > 0 || window.ends[a] > 0;
  const std::size_t taps = taps_of(window);
  Tensor lines;
  if (padded) {
    lines = place(w, window_lines(ctx, window, pads_with_zero(ctx)), in, ctx.scales[0]);
  } else {
    lines = w.reshape(w.view(view), {volume(sum.out), taps});
  }
  return w.reshape(claims::maximum(w, lines, 1), sum.out);
}

constexpr AttributeRule max_pool_attributes[] = {attribute::integers("kernel", 1), strides_attribute, pads_attribute,
                                                 dilations_attribute};
constexpr AttributeRule sum_pool_attributes[] = {
    attribute::integers("kernel", 1),
    strides_attribute,
    pads_attribute,
    dilations_attribute,
    attribute::integer("normalized").optional(),
    attribute::integer("count_include_pad").optional(),
};

const OpEntry entries[] = {
    {"SumPool",
     {1, 1, sum_pool_attributes},
     pool_shape,
     scale_of_first,
     no_positions,
     sum_pool_reference,
     sum_pool_emit},
    {"MaxPool",
     {1, 1, max_pool_attributes},
     pool_shape,
     scale_of_first,
     no_positions,
     max_pool_reference,
     max_pool_emit},
};

}  // namespace

std::span<const OpEntry> pooling_ops() { return entries; }

}  // namespace ezkl::ops
