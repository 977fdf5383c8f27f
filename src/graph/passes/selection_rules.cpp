#include <cmath>

#include "graph/passes/constant_scales.hpp"
#include "graph/passes/rules.hpp"

namespace ezkl {
namespace {

/// k when the constant is a single 2^-k with k > 0, decided in single precision as the published package does.
std::optional<int> negative_power_of_two(const Rewriter& r, std::uint32_t index) {
  if (!r.is_constant(index) || r.node(index).constant->floats.size() != 1) return std::nullopt;
  const float value = static_cast<float>(r.node(index).constant->floats.front());
  if (!(value > 0.0f && value < 1.0f)) return std::nullopt;
  const float exponent = std::log2(1.0f / value);
  if (!std::isfinite(exponent) || exponent != std::trunc(exponent)) return std::nullopt;
  return static_cast<int>(exponent);
}

/// A product with 2^-k leaves the integer alone and adds k to its scale.
std::optional<Value> product_to_scale_shift(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult")) return std::nullopt;
  for (const std::size_t k : {1, 0}) {
    const auto shift = negative_power_of_two(r, r.operand(i, k));
    if (!shift) continue;
    const Value x = r.out().expand(r.mapped_operand(i, 1 - k), r.node(i).shape);
    return r.out().apply("Identity", {{"shift", std::int64_t{*shift}}}, {x});
  }
  return std::nullopt;
}

/// The whole number whose reciprocal a constant is, as single precision writes it.
std::optional<double> whole_divisor(double factor) {
  if (factor == 0) return std::nullopt;
  const double divisor = std::round(1 / factor);
  if (std::fabs(divisor) < 3 || std::fabs(divisor) > 0x1p24) return std::nullopt;
  return std::fabs(divisor * factor - 1) < 1e-6 ? std::optional(divisor) : std::nullopt;
}

/// A product with a small constant loses what the constant's own scale cannot hold: 1/n becomes a division by n, and of
/// any other the scale takes a power of two. The published package does neither.
std::optional<Value> product_with_small_constant(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult") || !is_float(r.node(i).type) || !r.out().onnx_semantics()) return std::nullopt;
  const int usual = r.out().args().param_scale;
  for (const std::size_t k : {1, 0}) {
    const auto factor = r.uniform(r.operand(i, k));
    if (!factor || r.is_constant(r.operand(i, 1 - k)) || !std::isfinite(*factor)) continue;
    if (*factor == 0 || std::fabs(*factor) >= 1) continue;
    const std::optional<int> scale = scale_of_factor(*factor, usual);
    if (scale == usual) continue;
    const Value x = r.out().expand(r.mapped_operand(i, 1 - k), r.node(i).shape);
    if (const auto divisor = whole_divisor(*factor)) return r.out().apply("Div", {{"denom", *divisor}}, {x});
    if (!scale) continue;
    const int shift = *scale - usual;
    const Value shifted = r.out().apply("Identity", {{"shift", std::int64_t{shift}}}, {x});
    return r.out().mul(shifted, std::ldexp(*factor, shift));
  }
  return std::nullopt;
}

/// A product with a computed reciprocal is a division, which keeps the digits that 1/x loses at one scale for all x.
std::optional<Value> product_with_reciprocal(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult") || !is_float(r.node(i).type) || !r.out().onnx_semantics()) return std::nullopt;
  for (const std::size_t k : {1, 0}) {
    const std::uint32_t factor = r.operand(i, k);
    const std::uint32_t inverse = r.is(factor, "Reshape") ? r.operand(factor, 0) : factor;
    const bool root = r.is(inverse, "Rsqrt");
    if (!root && !r.is(inverse, "Recip")) continue;
    const Value x = r.out().reshape(r.mapped_operand(inverse, 0), r.node(factor).shape);
    return r.out().apply("Quotient", {}, {r.mapped_operand(i, 1 - k), root ? r.out().unary("Sqrt", x) : x});
  }
  return std::nullopt;
}

std::optional<Value> max_to_relu(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Max")) return std::nullopt;
  for (const std::size_t k : {1, 0}) {
    if (r.uniform(r.operand(i, k)) != 0.0 || r.node(r.operand(i, 1 - k)).shape != r.node(i).shape) continue;
    return r.out().relu(r.mapped_operand(i, 1 - k));
  }
  return std::nullopt;
}

/// Flat place in a tensor of `shape` that element `flat` of its broadcast to `wide` shows; both have the same rank.
std::size_t broadcast_place(std::size_t flat, const Shape& shape, const Shape& wide) {
  std::size_t place = 0;
  std::size_t step = 1;
  for (std::size_t axis = wide.size(); axis-- > 0;) {
    const std::size_t index = flat % wide[axis];
    flat /= wide[axis];
    if (shape[axis] != 1) place += index * step;
    step *= shape[axis];
  }
  return place;
}

/// A choice by a constant mask moves elements and computes nothing. The published package selects all the same; what
/// both give has the same integers, since concatenation brings its parts to one scale as selection does.
std::optional<Value> constant_choice_to_movement(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Iff") || !r.is_constant(r.operand(i, 0))) return std::nullopt;
  const Node& mask = r.node(r.operand(i, 0));
  const Shape& wide = r.node(i).shape;
  const Shape& yes = r.node(r.operand(i, 1)).shape;
  const Shape& no = r.node(r.operand(i, 2)).shape;
  Builder& b = r.out();
  const auto fill = r.uniform(r.operand(i, 2));
  const bool filled = fill.has_value() && b.onnx_semantics() && !r.is_constant(r.operand(i, 1));
  const std::size_t offset = volume(yes);
  Integers map(b.charged_volume(wide));
  for (std::size_t flat = 0; flat < map.size(); ++flat) {
    const bool chosen = mask.constant->floats[broadcast_place(flat, mask.shape, wide)] != 0;
    const std::size_t place = chosen ? broadcast_place(flat, yes, wide) : offset + broadcast_place(flat, no, wide);
    map[flat] = !chosen && filled ? -1 : static_cast<std::int64_t>(place);
  }
  if (filled) return b.remap(r.mapped_operand(i, 1), wide, std::move(map), {*fill});
  const Value joined =
      b.concat({b.reshape(r.mapped_operand(i, 1), {offset}), b.reshape(r.mapped_operand(i, 2), {volume(no)})}, 0);
  return b.remap(joined, wide, std::move(map));
}

constexpr Rewriter::Rule rules[] = {product_to_scale_shift, product_with_small_constant, product_with_reciprocal,
                                    max_to_relu, constant_choice_to_movement};

}  // namespace

std::span<const Rewriter::Rule> selection_rules() { return rules; }

}  // namespace ezkl
