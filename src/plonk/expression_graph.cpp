#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "plonk/program.hpp"

namespace ezkl::plonk {

std::size_t ExpressionGraph::KeyHash::operator()(const Key& key) const {
  std::uint64_t h = (std::uint64_t{key.a} << 32 | key.b) * 0x9e3779b97f4a7c15u;
  h ^= h >> 29;
  return static_cast<std::size_t>((h + static_cast<std::uint64_t>(key.op)) * 0xbf58476d1ce4e5b9u);
}

ExpressionGraph::Id ExpressionGraph::node(Op op, Id a, Id b) {
  const auto [at, fresh] = known_.try_emplace({op, a, b}, static_cast<Id>(nodes_.size()));
  if (fresh) nodes_.push_back({op, a, b});
  return at->second;
}

std::uint32_t ExpressionGraph::constant_number(const Fr& value) {
  const auto [at, fresh] = constant_numbers_.try_emplace(value, static_cast<std::uint32_t>(constants_.size()));
  if (fresh) constants_.push_back(value);
  return at->second;
}

ExpressionGraph::Id ExpressionGraph::constant(const Fr& value) { return node(Op::constant, constant_number(value), 0); }

ExpressionGraph::Id ExpressionGraph::leaf(const Leaf& leaf) {
  if (std::binary_search(zero_.begin(), zero_.end(), leaf.slot)) return constant(Fr::zero());
  const std::uint64_t key = std::uint64_t{leaf.slot} << 32 | static_cast<std::uint32_t>(leaf.rotation);
  const auto [at, fresh] = leaf_numbers_.try_emplace(key, static_cast<std::uint32_t>(leaves_.size()));
  if (fresh) leaves_.push_back(leaf);
  return node(Op::leaf, at->second, 0);
}

ExpressionGraph::Id ExpressionGraph::add(Id a, Id b) {
  if (is(a, Op::constant)) std::swap(a, b);
  if (is(b, Op::constant)) {
    const Fr value = value_of(b);
    if (is(a, Op::constant)) return constant(value_of(a) + value);
    if (value.is_zero()) return a;
    if (is(a, Op::shift)) return add(nodes_[a].a, constant(second_constant(a) + value));
    return node(Op::shift, a, constant_number(value));
  }
  if (is(b, Op::neg)) return sub(a, nodes_[b].a);
  if (is(a, Op::neg)) return sub(b, nodes_[a].a);
  if (b < a) std::swap(a, b);
  return node(Op::add, a, b);
}

ExpressionGraph::Id ExpressionGraph::sub(Id a, Id b) {
  if (a == b) return constant(Fr::zero());
  if (is(b, Op::constant)) return add(a, constant(-value_of(b)));
  if (is(a, Op::constant)) return add(neg(b), a);
  if (is(b, Op::neg)) return add(a, nodes_[b].a);
  if (is(b, Op::scale)) return add(a, scale(nodes_[b].a, -second_constant(b)));
  return node(Op::sub, a, b);
}

ExpressionGraph::Id ExpressionGraph::neg(Id a) {
  switch (nodes_[a].op) {
    case Op::constant:
      return constant(-value_of(a));
    case Op::neg:
      return nodes_[a].a;
    case Op::sub:
      return sub(nodes_[a].b, nodes_[a].a);
    case Op::scale:
      return scale(nodes_[a].a, -second_constant(a));
    default:
      return node(Op::neg, a, 0);
  }
}

ExpressionGraph::Id ExpressionGraph::mul(Id a, Id b) {
  if (is(a, Op::constant)) return scale(b, Fr(value_of(a)));
  if (is(b, Op::constant)) return scale(a, Fr(value_of(b)));
  for (int side = 0; side < 2; ++side) {
    // Scalars move outwards, where they meet the power of y that multiplies the constraint anyway.
    if (is(a, Op::neg)) return neg(mul(nodes_[a].a, b));
    if (is(a, Op::scale)) {
      const Fr factor = second_constant(a);
      return scale(mul(nodes_[a].a, b), factor);
    }
    std::swap(a, b);
  }
  if (b < a) std::swap(a, b);
  return node(Op::mul, a, b);
}

ExpressionGraph::Id ExpressionGraph::scale(Id a, const Fr& factor) {
  if (factor.is_zero()) return constant(factor);
  if (factor == Fr::one()) return a;
  if (is(a, Op::constant)) return constant(value_of(a) * factor);
  if (is(a, Op::scale)) return scale(nodes_[a].a, second_constant(a) * factor);
  if (factor == -Fr::one()) return neg(a);
  if (is(a, Op::neg)) return scale(nodes_[a].a, -factor);
  return node(Op::scale, a, constant_number(factor));
}

ExpressionGraph::Id ExpressionGraph::import(const Expression& expression, const LeafNames& names) {
  const Expression::Node& n = expression.node();
  switch (n.op) {
    case Expression::Op::constant:
      return constant(n.value);
    case Expression::Op::selector:
      return leaf({names.selector + n.index, 0});
    case Expression::Op::fixed:
      return leaf({names.fixed + n.index, n.rotation});
    case Expression::Op::advice:
      return leaf({names.advice + n.index, n.rotation});
    case Expression::Op::instance:
      return leaf({names.instance + n.index, n.rotation});
    case Expression::Op::challenge:
      EZKL_ENSURE(n.index < names.challenges.size(), "an expression uses a challenge that was not drawn");
      return constant(names.challenges[n.index]);
    case Expression::Op::negated:
      return neg(import(Expression(n.a), names));
    case Expression::Op::scaled:
      return scale(import(Expression(n.a), names), n.value);
    case Expression::Op::sum: {
      const Id a = import(Expression(n.a), names);
      return add(a, import(Expression(n.b), names));
    }
    case Expression::Op::product: {
      const Id a = import(Expression(n.a), names);
      return mul(a, import(Expression(n.b), names));
    }
  }
  EZKL_ENSURE(false, "an expression with an unknown operation");
}

ExpressionGraph::Id ExpressionGraph::compress(std::span<const Expression> tuple, const Fr& theta,
                                              const LeafNames& names) {
  Id acc = constant(Fr::zero());
  for (const Expression& e : tuple) acc = add(scale(acc, theta), import(e, names));
  return acc;
}

std::vector<bool> ExpressionGraph::reachable(std::span<const Id> roots) const {
  std::vector<bool> seen(nodes_.size(), false);
  for (const Id root : roots) seen[root] = true;
  for (Id i = static_cast<Id>(nodes_.size()); i-- > 0;) {
    if (!seen[i]) continue;
    const Node& n = nodes_[i];
    if (n.op == Op::constant || n.op == Op::leaf) continue;
    seen[n.a] = true;
    if (n.op == Op::add || n.op == Op::sub || n.op == Op::mul) seen[n.b] = true;
  }
  return seen;
}

std::vector<std::uint32_t> ExpressionGraph::slots_of(Id root) const {
  std::vector<std::uint32_t> out;
  std::vector<Id> open{root};
  std::unordered_map<Id, bool> seen;
  while (!open.empty()) {
    const Id at = open.back();
    open.pop_back();
    if (!seen.emplace(at, true).second) continue;
    const Node& n = nodes_[at];
    if (n.op == Op::constant) continue;
    if (n.op == Op::leaf) {
      out.push_back(leaves_[n.a].slot);
      continue;
    }
    open.push_back(n.a);
    if (n.op == Op::add || n.op == Op::sub || n.op == Op::mul) open.push_back(n.b);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Fr ExpressionGraph::evaluate(Id root, const std::function<Fr(const Leaf&)>& value) const {
  const std::vector<bool> wanted = reachable(std::span(&root, 1));
  std::vector<Fr> v(root + 1);
  for (Id i = 0; i <= root; ++i) {
    if (!wanted[i]) continue;
    const Node& n = nodes_[i];
    switch (n.op) {
      case Op::constant:
        v[i] = constants_[n.a];
        break;
      case Op::leaf:
        v[i] = value(leaves_[n.a]);
        break;
      case Op::add:
        v[i] = v[n.a] + v[n.b];
        break;
      case Op::sub:
        v[i] = v[n.a] - v[n.b];
        break;
      case Op::mul:
        v[i] = v[n.a] * v[n.b];
        break;
      case Op::neg:
        v[i] = -v[n.a];
        break;
      case Op::scale:
        v[i] = v[n.a] * constants_[n.b];
        break;
      case Op::shift:
        v[i] = v[n.a] + constants_[n.b];
        break;
    }
  }
  return v[root];
}

}  // namespace ezkl::plonk
