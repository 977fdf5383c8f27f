#include <cmath>

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

std::optional<Value> max_to_relu(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Max")) return std::nullopt;
  for (const std::size_t k : {1, 0}) {
    if (r.uniform(r.operand(i, k)) != 0.0 || r.node(r.operand(i, 1 - k)).shape != r.node(i).shape) continue;
    return r.out().relu(r.mapped_operand(i, 1 - k));
  }
  return std::nullopt;
}

constexpr Rewriter::Rule rules[] = {product_to_scale_shift, max_to_relu};

}  // namespace

std::span<const Rewriter::Rule> selection_rules() { return rules; }

}  // namespace ezkl
