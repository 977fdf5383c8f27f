#include "graph/passes/rules.hpp"

namespace ezkl {
namespace {

std::optional<Value> kept(Rewriter& r, std::uint32_t index, std::size_t operand) {
  return r.out().expand(r.mapped_operand(index, operand), r.node(index).shape);
}

std::optional<Value> drop_zero_term(Rewriter& r, std::uint32_t i) {
  const bool sum = r.is(i, "Add");
  if (!sum && !r.is(i, "Sub")) return std::nullopt;
  if (r.uniform(r.operand(i, 1)) == 0.0) return kept(r, i, 0);
  if (sum && r.uniform(r.operand(i, 0)) == 0.0) return kept(r, i, 1);
  return std::nullopt;
}

std::optional<Value> drop_unit_factor(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult")) return std::nullopt;
  for (const std::size_t k : {1, 0}) {
    const auto factor = r.uniform(r.operand(i, k));
    if (factor == 1.0) return kept(r, i, 1 - k);
    if (factor == 0.0) return r.out().constant(r.node(i).type, r.node(i).shape, 0);
  }
  return std::nullopt;
}

std::optional<Value> find_square(Rewriter& r, std::uint32_t i) {
  if (!r.is(i, "Mult") || r.operand(i, 0) != r.operand(i, 1)) return std::nullopt;
  return r.out().square(r.mapped_operand(i, 0));
}

constexpr Rewriter::Rule rules[] = {drop_zero_term, drop_unit_factor, find_square};

}  // namespace

std::span<const Rewriter::Rule> neutral_rules() { return rules; }

}  // namespace ezkl
