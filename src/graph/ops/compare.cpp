// Max, Min; Greater, Less, GreaterEqual, LessEqual, Equals; And, Or, Xor, Not; Iff (ONNX Where); Masked.
#include <algorithm>
#include <cmath>

#include "graph/claims/compound.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/families.hpp"
#include "graph/ops/placement.hpp"

namespace ezkl::ops {
namespace {

using claims::Tensor;
using claims::Writer;

template <double (*function)(double, double)>
FloatTensor boolean_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], DType::boolean, function);
}

double real_greater(double a, double b) { return a > b; }
double real_less(double a, double b) { return a < b; }
double real_greater_equal(double a, double b) { return a >= b; }
double real_less_equal(double a, double b) { return a <= b; }
double real_equals(double a, double b) { return a == b; }
double real_and(double a, double b) { return a != 0 && b != 0; }
double real_or(double a, double b) { return a != 0 || b != 0; }
double real_xor(double a, double b) { return (a != 0) != (b != 0); }

FloatTensor max_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], in[0].type, [](double a, double b) { return std::max(a, b); });
}
FloatTensor min_reference(const OpContext&, std::span<const FloatTensor> in) {
  return map_reals(in[0], in[1], in[0].type, [](double a, double b) { return std::min(a, b); });
}
FloatTensor not_reference(const OpContext&, std::span<const FloatTensor> in) {
  FloatTensor out = map_reals(in[0], [](double a) { return a == 0; });
  out.type = DType::boolean;
  return out;
}
FloatTensor iff_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  const Shape shape = broadcast_all(ctx);
  const FloatTensor mask = broadcast_reals(in[0], shape), b = broadcast_reals(in[2], shape);
  FloatTensor out = broadcast_reals(in[1], shape);
  for (std::size_t i = 0; i < out.data.size(); ++i) {
    if (mask.data[i] == 0) out.data[i] = b.data[i];
  }
  return out;
}

Tensor max_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return claims::max_of(w, in[0], in[1]); }
Tensor min_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return claims::min_of(w, in[0], in[1]); }
Tensor greater_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  return claims::greater(w, in[0], in[1]);
}
Tensor less_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return claims::greater(w, in[1], in[0]); }
// x >= y is not y > x.
Tensor greater_equal_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  return w.scale(claims::greater(w, in[1], in[0]), -1, 1);
}
Tensor less_equal_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  return w.scale(claims::greater(w, in[0], in[1]), -1, 1);
}
Tensor equals_emit(Writer& w, const OpContext&, std::span<const Tensor> in) { return claims::equals(w, in[0], in[1]); }

/// The published package leaves the 0 or 1 at the scale of what was compared.
int equals_scale(const OpContext& ctx) { return ctx.semantics == Semantics::published ? ctx.scales[0] : 0; }

Tensor and_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  claims::boolean(w, in[0]);
  claims::boolean(w, in[1]);
  return w.mul(in[0], in[1]);
}
/// a + b - factor·a·b, which is 0 or 1 for booleans.
Tensor joined(Writer& w, std::span<const Tensor> in, Int128 factor) {
  const Tensor both = w.scale(w.mul(in[0], in[1]), factor);
  const Tensor out = w.sub(w.add(in[0], in[1]), both);
  w.deduce(out, {0, 1}, {in[0], in[1]});
  return out;
}
Tensor or_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  claims::boolean(w, in[0]);
  claims::boolean(w, in[1]);
  return joined(w, in, 1);
}
Tensor xor_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  claims::boolean(w, in[0]);
  claims::boolean(w, in[1]);
  return joined(w, in, 2);
}
Tensor not_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  claims::boolean(w, in[0]);
  return w.scale(in[0], -1, 1);
}
Tensor iff_emit(Writer& w, const OpContext&, std::span<const Tensor> in) {
  return claims::select(w, in[0], in[1], in[2]);
}
/// x where operand 1 is 1, elsewhere a number beyond which no element of x lies: below all with side -1, above with 1.
/// It stands for an infinity in front of an operator that only compares.
Tensor masked_emit(Writer& w, const OpContext& ctx, std::span<const Tensor> in) {
  // Half of what a range may hold on each side, so that differences are in range, too. No tighter bounds are taken:
  // the number there is the same whatever is known of x.
  const Int128 half = ctx.decomposition_limit() / 2;
  const claims::Interval bounds = w.interval(in[0]);
  if (bounds.lo < -half - 1 || bounds.hi > half) claims::range_around(w, in[0], {-half, half});
  const Int128 end = ctx.op.integer("side") < 0 ? -half - 1 : half;
  return claims::select(w, in[1], in[0], w.constant(Shape(ctx.shapes[0].size(), 1), {end}));
}
constexpr AttributeRule masked_attributes[] = {attribute::integer("side", -1, 1)};
Shape masked_shape(const OpContext& ctx) {
  require(ctx, ctx.shapes[1] == ctx.shapes[0], "the mask has another shape than what it masks");
  return ctx.shapes[0];
}
FloatTensor masked_reference(const OpContext& ctx, std::span<const FloatTensor> in) {
  FloatTensor out = in[0];
  for (std::size_t i = 0; i < out.data.size(); ++i) {
    if (in[1].data[i] == 0) out.data[i] = ctx.op.integer("side") < 0 ? -INFINITY : INFINITY;
  }
  return out;
}
int iff_scale(const OpContext& ctx) { return ctx.scales[1]; }
std::vector<std::size_t> iff_positions(const OpContext&) { return {1, 2}; }

const OpEntry entries[] = {
    {"Max", {2, 2}, broadcast_all, scale_of_first, first_two, max_reference, max_emit},
    {"Min", {2, 2}, broadcast_all, scale_of_first, first_two, min_reference, min_emit},
    {"Greater", {2, 2}, broadcast_all, scale_zero, first_two, boolean_reference<real_greater>, greater_emit},
    {"Less", {2, 2}, broadcast_all, scale_zero, first_two, boolean_reference<real_less>, less_emit},
    {"GreaterEqual",
     {2, 2},
     broadcast_all,
     scale_zero,
     first_two,
     boolean_reference<real_greater_equal>,
     greater_equal_emit},
    {"LessEqual", {2, 2}, broadcast_all, scale_zero, first_two, boolean_reference<real_less_equal>, less_equal_emit},
    {"Equals", {2, 2}, broadcast_all, equals_scale, first_two, boolean_reference<real_equals>, equals_emit},
    {"And", {2, 2}, broadcast_all, scale_zero, no_positions, boolean_reference<real_and>, and_emit},
    {"Or", {2, 2}, broadcast_all, scale_zero, no_positions, boolean_reference<real_or>, or_emit},
    {"Xor", {2, 2}, broadcast_all, scale_zero, no_positions, boolean_reference<real_xor>, xor_emit},
    {"Not", {1, 1}, shape_of_first, scale_zero, no_positions, not_reference, not_emit},
    {"Masked", {2, 2, masked_attributes}, masked_shape, scale_of_first, no_positions, masked_reference, masked_emit},
    {"Iff", {3, 3}, broadcast_all, iff_scale, iff_positions, iff_reference, iff_emit},
};

}  // namespace

std::span<const OpEntry> compare_ops() { return entries; }

}  // namespace ezkl::ops
