#include <cmath>

#include "graph/passes/rules.hpp"

namespace ezkl {
namespace {

std::optional<Value> find_rsqrt(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Recip") || r.uses(r.operand(i, 0)) != 1) return std::nullopt;
  const std::uint32_t inner = r.operand(i, 0);
  if (r.is(inner, "Sqrt")) return r.out().unary("Rsqrt", r.mapped_operand(inner, 0));
  if (r.is(inner, "Rsqrt")) return r.out().unary("Sqrt", r.mapped_operand(inner, 0));
  return std::nullopt;
}

/// Σ x² over axes, times a constant near enough to 1/n.
std::optional<Value> find_mean_of_squares(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult")) return std::nullopt;
  for (const std::size_t k : {0, 1}) {
    const std::uint32_t sum = r.operand(i, k);
    const auto factor = r.uniform(r.operand(i, 1 - k));
    if (!factor || !r.is(sum, "Sum") || r.uses(sum) != 1) continue;
    const std::uint32_t square = r.operand(sum, 0);
    if (!r.is(square, "Pow") || r.node(square).op.integer("exponent") != 2 || r.uses(square) != 1) continue;
    if (r.node(sum).shape != r.node(i).shape) continue;
    const double count =
        static_cast<double>(volume(r.node(square).shape)) / static_cast<double>(volume(r.node(sum).shape));
    if (std::fabs(1 / count - *factor) > 1e-7 + 1e-7 * std::fabs(*factor)) continue;
    return r.out().apply("MeanOfSquares", {{"axes", r.node(sum).op.integers("axes")}}, {r.mapped_operand(square, 0)});
  }
  return std::nullopt;
}

/// x · rsqrt(mean of x² + epsilon), as exporters spell out normalizations.
std::optional<Value> find_standardize(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult") || !r.out().onnx_semantics()) return std::nullopt;
  for (const std::size_t k : {1, 0}) {
    const std::uint32_t x = r.operand(i, 1 - k);
    const std::uint32_t inverse = r.operand(i, k);
    if (!r.is(inverse, "Rsqrt") || r.node(x).shape != r.node(i).shape) continue;
    std::uint32_t mean = r.operand(inverse, 0);
    double epsilon = 0;
    if (r.is(mean, "Add")) {
      const std::size_t at = r.is_constant(r.operand(mean, 0)) ? 0 : 1;
      const auto term = r.uniform(r.operand(mean, at));
      if (!term || *term < 0) continue;
      epsilon = *term;
      mean = r.operand(mean, 1 - at);
    }
    if (!r.is(mean, "MeanOfSquares") || r.operand(mean, 0) != x) continue;
    return r.out().apply("Standardize", {{"axes", r.node(mean).op.integers("axes")}, {"epsilon", epsilon}},
                         {r.mapped_operand(i, 1 - k)});
  }
  return std::nullopt;
}

/// ln Σ exp(x), whose sum is as large as the largest exponential: ln Σ exp(x - max) + max stays small. The published
/// package computes it as it stands.
std::optional<Value> find_log_sum_exp(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Ln") || !r.out().onnx_semantics()) return std::nullopt;
  std::uint32_t sum = r.operand(i, 0);
  if (r.is(sum, "Reshape") && r.uses(sum) == 1) sum = r.operand(sum, 0);
  if (!r.is(sum, "Sum") || r.uses(sum) != 1 || !r.is(r.operand(sum, 0), "Exp")) return std::nullopt;
  const std::uint32_t exponential = r.operand(sum, 0);
  const OpSpec& op = r.node(exponential).op;
  if (r.uses(exponential) != 1 || std::fabs(op.real("base") - M_E) > 1e-6) return std::nullopt;
  // What stands below its own largest element is small already: the result of this rule among others.
  const std::uint32_t argument = r.operand(exponential, 0);
  if (r.is(argument, "Sub") && r.is(r.operand(argument, 1), "ReduceMax")) return std::nullopt;
  Builder& b = r.out();
  const Value x = r.mapped_operand(exponential, 0);
  const Integers axes = r.node(sum).op.integers("axes");
  const Value top = b.reduce("ReduceMax", x, axes, true);
  const Value log = b.unary("Ln", b.reduce("Sum", b.apply("Exp", op.attributes, {b.sub(x, top)}), axes, true));
  return b.reshape(b.add(log, top), r.node(i).shape);
}

constexpr Rewriter::Rule rules[] = {find_rsqrt, find_mean_of_squares, find_standardize, find_log_sum_exp};

}  // namespace

std::span<const Rewriter::Rule> mean_rules() { return rules; }

}  // namespace ezkl
