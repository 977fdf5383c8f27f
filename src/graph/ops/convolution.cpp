// Conv: image [N, C, spatial...], kernel [M, C / group, spatial...], bias [M] if there.
// DeConv (ONNX ConvTranspose): kernel [C, M / group, spatial...].
#include <algorithm>
#include <iterator>
#include <numeric>

#include "graph/ops/contraction.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "graph/ops/window.hpp"

namespace ezkl::ops {
namespace {

using claims::AxisMap;
using claims::Tensor;
using claims::Writer;

std::vector<std::int64_t> kernel_extents(const OpContext& ctx) {
  require(ctx, ctx.shapes.size() >= 2 && ctx.shapes[1].size() >= 3, "a kernel needs two channel axes and spatial ones");
  return {ctx.shapes[1].begin() + 2, ctx.shapes[1].end()};
}

std::size_t group_count(const OpContext& ctx) {
  const std::int64_t group = ctx.op.integer("group", 1);
  require(ctx, group >= 1 && ctx.shapes[0][1] % static_cast<std::size_t>(group) == 0,
          "channels do not divide into groups");
  return static_cast<std::size_t>(group);
}

void check_bias(const OpContext& ctx, std::size_t channels) {
  if (ctx.shapes.size() < 3) return;
  const std::size_t n = volume(ctx.shapes[2]);
  require(ctx, n == channels || n == 1,
          "a bias " + to_string(ctx.shapes[2]) + " for " + std::to_string(channels) + " channels");
}

int product_scale(const OpContext& ctx) { return ctx.scales[0] + ctx.scales[1]; }

Shape conv_shape(const OpContext& ctx) {
  const Sliding window = sliding(ctx, kernel_extents(ctx));
  const std::size_t group = group_count(ctx);
  require(ctx, ctx.shapes[1][1] * group == ctx.shapes[0][1] && ctx.shapes[1][0] % group == 0,
          "a kernel " + to_string(ctx.shapes[1]) + " for an image " + to_string(ctx.shapes[0]) + " in " +
              std::to_string(group) + " groups");
  check_bias(ctx, ctx.shapes[1][0]);
  Shape shape{ctx.shapes[0][0], ctx.shapes[1][0]};
  const Shape spatial = spatial_shape(ctx, window);
  shape.insert(shape.end(), spatial.begin(), spatial.end());
  return shape;
}

/// Loops: N, group, channel of the group, spatial positions; sums: input channel of the group, kernel taps.
Contraction convolve(const OpContext& ctx) {
  const Sliding window = sliding(ctx, kernel_extents(ctx));
  const std::size_t group = group_count(ctx), rank = window.rank();
  const Shape spatial = spatial_shape(ctx, window);
  const std::size_t out_channels = ctx.shapes[1][0] / group, in_channels = ctx.shapes[0][1] / group;
  Contraction result;
  result.out = {ctx.shapes[0][0]};
  const bool grouped = group > 1;
  if (grouped) result.out.push_back(group);
  result.out.push_back(out_channels);
  const std::size_t channel_loop = result.out.size() - 1;
  result.out.insert(result.out.end(), spatial.begin(), spatial.end());
  result.sum.push_back(in_channels);
  for (const std::int64_t taps : window.kernel) result.sum.push_back(static_cast<std::size_t>(taps));
  const auto sum_loop = static_cast<std::uint32_t>(result.out.size());

  std::vector<AxisMap> image{along(0), along(sum_loop)}, kernel{along(channel_loop), along(sum_loop)};
  if (grouped) {
    image[1].strides.emplace_back(1, static_cast<std::int64_t>(in_channels));
    kernel[0].strides.emplace_back(1, static_cast<std::int64_t>(out_channels));
  }
  for (std::size_t a = 0; a < rank; ++a) {
    AxisMap at = along(channel_loop + 1 + a, window.strides[a], -window.begins[a]);
    at.strides.emplace_back(sum_loop + 1 + a, window.dilations[a]);
    image.push_back(std::move(at));
    kernel.push_back(along(sum_loop + 1 + a));
  }
  result.factor(0, std::move(image));
  result.factor(1, std::move(kernel));
  return result;
}

FloatTensor conv_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  FloatTensor out = contract(convolve(ctx), in);
  out.shape = conv_shape(ctx);
  return in.size() == 3 ? add_channels(out, in[2]) : out;
}

Tensor conv_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const Tensor out = w.reshape(contract(w, convolve(ctx), in), conv_shape(ctx));
  return in.size() == 3 ? add_channels(w, out, in[2]) : out;
}

/// The transposed convolution's output along one spatial axis, cut into its `stride` phases: position q·stride + phase
/// meets only the kernel taps of one arithmetic progression, and image elements at q + const - step·tap.
struct Phase {
  std::size_t positions = 0;                           ///< of the output in this phase, at least one
  std::int64_t taps = 0, first_tap = 0, tap_step = 1;  ///< kernel taps first + step·t
  std::int64_t image_base = 0, image_step = 0;         ///< image index = q + base + step·t
};

struct Transposed {
  std::vector<std::int64_t> kernel, strides, begins, dilations;
  Shape spatial;
  std::size_t group = 1, out_channels = 0, in_channels = 0;  ///< channels of one group
};

Transposed transposed(const OpContext& ctx) {
  const std::vector<std::int64_t> kernel = kernel_extents(ctx);
  const Sliding window = sliding(ctx, kernel);
  Transposed result{kernel, window.strides, window.begins, window.dilations, {}, group_count(ctx), 0, 0};
  require(ctx, ctx.shapes[1][0] == ctx.shapes[0][1],
          "a kernel " + to_string(ctx.shapes[1]) + " for an image " + to_string(ctx.shapes[0]));
  result.out_channels = ctx.shapes[1][1];
  result.in_channels = ctx.shapes[0][1] / result.group;
  check_bias(ctx, result.out_channels * result.group);
  const std::vector<std::int64_t> extra =
      ctx.op.integers("output_padding", std::vector<std::int64_t>(kernel.size(), 0));
  require(ctx, extra.size() == kernel.size(), "output_padding must have one entry an axis");
  for (std::size_t a = 0; a < kernel.size(); ++a) {
    const std::int64_t extent = window.strides[a] * (static_cast<std::int64_t>(ctx.shapes[0][2 + a]) - 1) + extra[a] +
                                window.dilations[a] * (kernel[a] - 1) + 1 - window.begins[a] - window.ends[a];
    require(ctx, extent > 0 && extra[a] >= 0, "the output would be empty");
    result.spatial.push_back(static_cast<std::size_t>(extent));
  }
  return result;
}

/// The phases along one axis that have positions.
std::vector<Phase> phases_of(const Transposed& t, std::size_t a) {
  const std::int64_t stride = t.strides[a], dilation = t.dilations[a];
  const auto extent = static_cast<std::int64_t>(t.spatial[a]);
  std::vector<Phase> phases(static_cast<std::size_t>(std::min(stride, extent)));
  // Tap u meets the phase where (phase + begin - u·dilation) is a multiple of the stride: each phase has every
  // tap_step-th tap.
  const std::int64_t tap_step = stride / std::gcd(stride, dilation);
  for (std::int64_t phase = 0; phase < std::ssize(phases); ++phase) {
    phases[static_cast<std::size_t>(phase)].positions =
        static_cast<std::size_t>((extent - phase + stride - 1) / stride);
  }
  for (std::int64_t first = 0; first < std::min(tap_step, t.kernel[a]); ++first) {
    const std::int64_t offset = first * dilation - t.begins[a];
    const std::int64_t number = (offset % stride + stride) % stride;
    if (number >= std::ssize(phases)) continue;
    Phase& phase = phases[static_cast<std::size_t>(number)];
    phase.tap_step = tap_step;
    phase.first_tap = first;
    phase.taps = (t.kernel[a] - first + tap_step - 1) / tap_step;
    phase.image_base = (number - offset) / stride;
    phase.image_step = -(tap_step * dilation) / stride;
  }
  return phases;
}

/// Calls `visit` with the phases of all axes, for each combination; `offsets` are the phases' numbers.
template <class Visit>
void for_each_phase(const Transposed& t, const Visit& visit) {
  Shape counts;
  std::vector<std::vector<Phase>> axes;
  for (std::size_t a = 0; a < t.strides.size(); ++a) {
    axes.push_back(phases_of(t, a));
    counts.push_back(axes.back().size());
  }
  for_each_index(counts, [&](std::span<const std::size_t> offsets) {
    std::vector<Phase> phases;
    for (std::size_t a = 0; a < offsets.size(); ++a) phases.push_back(axes[a][offsets[a]]);
    visit(offsets, phases);
  });
}

Contraction phase_contraction(const OpContext& ctx, const Transposed& t, const std::vector<Phase>& phases) {
  Contraction result;
  result.out = {ctx.shapes[0][0], t.group, t.out_channels};
  result.sum = {t.in_channels};
  for (const Phase& phase : phases) {
    result.out.push_back(phase.positions);
    result.sum.push_back(static_cast<std::size_t>(phase.taps));
  }
  const auto sum_loop = static_cast<std::uint32_t>(result.out.size());
  AxisMap channel{0, {{1, static_cast<std::int64_t>(t.in_channels)}, {sum_loop, 1}}};
  std::vector<AxisMap> image{along(0), channel}, kernel{channel, along(2)};
  for (std::size_t a = 0; a < phases.size(); ++a) {
    const Phase& phase = phases[a];
    image.push_back(
        {phase.image_base,
         {{static_cast<std::uint32_t>(3 + a), 1}, {static_cast<std::uint32_t>(sum_loop + 1 + a), phase.image_step}}});
    kernel.push_back(along(sum_loop + 1 + a, phase.tap_step, phase.first_tap));
  }
  result.factor(0, std::move(image));
  result.factor(1, std::move(kernel));
  return result;
}

Shape deconv_shape(const OpContext& ctx) {
  const Transposed t = transposed(ctx);
  Shape shape{ctx.shapes[0][0], t.group * t.out_channels};
  shape.insert(shape.end(), t.spatial.begin(), t.spatial.end());
  return shape;
}

/// Runs every phase's contraction and says where its elements go. Phases that meet no tap stay zero.
template <class Item, class Contract>
Placement assemble(const OpContext& ctx, std::vector<Item>& pieces, const Contract& contract_phase) {
  const Transposed t = transposed(ctx);
  Placement placement{deconv_shape(ctx), {}, {0.0}};
  charge(ctx, volume(placement.shape));
  placement.map.assign(volume(placement.shape), -1);
  const std::vector<std::size_t> steps = strides(placement.shape);
  std::int64_t start = 0;
  for_each_phase(t, [&](std::span<const std::size_t> offsets, const std::vector<Phase>& phases) {
    for (const Phase& phase : phases) {
      if (phase.taps == 0) return;
    }
    const Contraction contraction = phase_contraction(ctx, t, phases);
    pieces.push_back(contract_phase(contraction));
    for_each_index(contraction.out, [&](std::span<const std::size_t> index) {
      std::size_t at = index[0] * steps[0] + (index[1] * t.out_channels + index[2]) * steps[1];
      for (std::size_t a = 0; a < phases.size(); ++a) {
        at += (index[3 + a] * static_cast<std::size_t>(t.strides[a]) + offsets[a]) * steps[2 + a];
      }
      placement.map[at] = start++;
    });
  });
  return placement;
}

FloatTensor deconv_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  std::vector<FloatTensor> pieces;
  const Placement placement = assemble(ctx, pieces, [&](const Contraction& c) { return contract(c, in); });
  if (pieces.empty()) pieces.push_back({in[0].type, {0}, {}});
  const FloatTensor out = place(placement, pieces);
  return in.size() == 3 ? add_channels(out, in[2]) : out;
}

Tensor deconv_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  std::vector<Tensor> pieces;
  const Placement placement = assemble(ctx, pieces, [&](const Contraction& c) { return contract(w, c, in); });
  const bool whole = pieces.size() == 1 && volume(w.shape(pieces[0])) == placement.map.size();
  const Tensor out =
      whole ? w.reshape(pieces[0], placement.shape) : w.remap(placement.shape, pieces, placement.map, {0});
  return in.size() == 3 ? add_channels(w, out, in[2]) : out;
}

constexpr AttributeRule conv_attributes[] = {strides_attribute, pads_attribute, dilations_attribute,
                                             attribute::integer("group", 1).optional()};
constexpr AttributeRule deconv_attributes[] = {strides_attribute, pads_attribute, dilations_attribute,
                                               attribute::integer("group", 1).optional(),
                                               attribute::integers("output_padding", 0, most_window).optional()};

const OpEntry entries[] = {
    {"Conv", {2, 3, conv_attributes}, conv_shape, product_scale, no_positions, conv_reference, conv_emit},
    {"DeConv", {2, 3, deconv_attributes}, deconv_shape, product_scale, no_positions, deconv_reference, deconv_emit},
};

}  // namespace

std::span<const OpEntry> convolution_ops() { return entries; }

}  // namespace ezkl::ops
