// LeakyReLU; with slope 0 it is Relu.
#include "graph/claims/compound.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"
#include "tensor/quantize.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Writer;

/// A slope other than 0 is a constant at param_scale, or at the attribute `scale`.
int slope_scale(const OpContext& ctx) {
  return ctx.op.real("slope") == 0 ? 0 : static_cast<int>(ctx.op.integer("scale", ctx.args.param_scale));
}

int leaky_relu_scale(const OpContext& ctx) { return ctx.scales[0] + slope_scale(ctx); }

FloatTensor leaky_relu_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const double slope = ctx.op.real("slope");
  return map_reals(in[0], [slope](double x) { return x > 0 ? x : slope == 0 ? 0 : slope * x; });
}

constexpr AttributeRule leaky_relu_attributes[] = {attribute::real("slope"), scale_attribute[0]};

Tensor leaky_relu_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  const double slope = ctx.op.real("slope");
  const Tensor positive = claims::relu(w, in[0]);
  if (slope == 0) return positive;
  // a·x + (1 - a)·max(x, 0)
  const int scale = slope_scale(ctx);
  const Int128 one = power_of_two(ctx, scale), a = quantize(round_to(DType::f32, slope), scale);
  constexpr Int128 largest = Int128{1} << 62;
  if (a <= -largest || a >= largest) refuse(ctx, Fault::range, "slope " + std::to_string(slope) + " is too large");
  const claims::Term terms[] = {{a, in[0]}, {one - a, positive}};
  return w.linear(terms, 0);
}

const OpEntry entries[] = {
    {"LeakyReLU",
     {1, 1, leaky_relu_attributes},
     shape_of_first,
     leaky_relu_scale,
     no_positions,
     leaky_relu_reference,
     leaky_relu_emit},
};

}  // namespace

std::span<const OpEntry> activation_ops() { return entries; }

}  // namespace ezkl::ops
