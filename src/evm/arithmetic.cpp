#include "evm/arithmetic.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr unsigned deepest_nesting = 6;

std::string without_leading_zeros(const std::string& text) {
  const std::size_t first = text.find_first_not_of('0', 2);
  return first == std::string::npos ? "0x0" : "0x" + text.substr(first);
}

}  // namespace

std::string hex(Address value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), digits[value & 15]);
    value >>= 4;
  } while (value != 0);
  return "0x" + out;
}

std::string hex(const Fr& value) { return without_leading_zeros(value.to_hex_be()); }

std::string hex(const Fq& value) { return without_leading_zeros(value.to_hex_be()); }

Arithmetic::Id Arithmetic::intern(const Node& node) {
  const Key key{node.kind, node.value.to_canonical(), node.address, node.a, node.b};
  const auto [place, is_new] = ids_.try_emplace(key, static_cast<Id>(nodes_.size()));
  if (is_new) nodes_.push_back(node);
  return place->second;
}

bool Arithmetic::is_constant(Id id, std::uint64_t value) const {
  return nodes_[id].kind == Kind::constant && nodes_[id].value == Fr::from_u64(value);
}

Arithmetic::Id Arithmetic::constant(const Fr& value) { return intern({Kind::constant, value, 0, 0, 0}); }

Arithmetic::Id Arithmetic::add(Id a, Id b) {
  if (nodes_[a].kind == Kind::constant && nodes_[b].kind == Kind::constant) {
    return constant(nodes_[a].value + nodes_[b].value);
  }
  if (is_constant(a, 0)) return b;
  if (is_constant(b, 0)) return a;
  return intern({Kind::sum, {}, 0, a, b});
}

Arithmetic::Id Arithmetic::neg(Id a) {
  if (nodes_[a].kind == Kind::constant) return constant(-nodes_[a].value);
  if (nodes_[a].kind == Kind::negated) return nodes_[a].a;
  return intern({Kind::negated, {}, 0, a, 0});
}

Arithmetic::Id Arithmetic::mul(Id a, Id b) {
  if (nodes_[a].kind == Kind::constant && nodes_[b].kind == Kind::constant) {
    return constant(nodes_[a].value * nodes_[b].value);
  }
  if (is_constant(a, 0) || is_constant(b, 0)) return constant(Fr::zero());
  if (is_constant(a, 1)) return b;
  if (is_constant(b, 1)) return a;
  return intern({Kind::product, {}, 0, a, b});
}

Arithmetic::Id Arithmetic::expression(const plonk::Expression::Node& node,
                                      const std::function<Id(const plonk::Expression::Node&)>& leaf) {
  using Op = plonk::Expression::Op;
  switch (node.op) {
    case Op::constant:
      return constant(node.value);
    case Op::negated:
      return neg(expression(*node.a, leaf));
    case Op::scaled:
      return mul(expression(*node.a, leaf), constant(node.value));
    case Op::sum:
    case Op::product: {
      const Id a = expression(*node.a, leaf);
      const Id b = expression(*node.b, leaf);
      return node.op == Op::sum ? add(a, b) : mul(a, b);
    }
    default:
      return leaf(node);
  }
}

void YulWriter::count(Arithmetic::Id id) {
  const auto& node = graph_.node(id);
  using Kind = Arithmetic::Kind;
  if (node.kind != Kind::negated && node.kind != Kind::sum && node.kind != Kind::product) return;
  if (++uses_[id] > 1) return;
  count(node.a);
  if (node.kind != Kind::negated) count(node.b);
}

std::pair<std::string, unsigned> YulWriter::render(Arithmetic::Id id, std::vector<std::string>& lines) {
  using Kind = Arithmetic::Kind;
  const auto& node = graph_.node(id);
  switch (node.kind) {
    case Kind::constant:
      return {hex(node.value), 1};
    case Kind::calldata:
      return {"calldataload(" + hex(node.address) + ')', 1};
    case Kind::memory:
      return {"mload(" + hex(node.address) + ')', 1};
    default:
      break;
  }
  if (const auto place = stored_.find(id); place != stored_.end()) return {"mload(" + hex(place->second) + ')', 1};
  std::string text;
  unsigned depth = 0;
  if (node.kind == Kind::negated) {
    const auto operand = render(node.a, lines);
    text = "sub(r, " + operand.first + ')';
    depth = operand.second + 1;
  } else {
    auto a = render(node.a, lines);
    auto b = render(node.b, lines);
    if (a.second > b.second) std::swap(a, b);
    text = std::string(node.kind == Kind::sum ? "addmod(" : "mulmod(") + a.first + ", " + b.first + ", r)";
    depth = std::max(b.second + 1, a.second + 2);
  }
  const bool is_shared = uses_[id] > 1 && node.kind != Kind::negated;
  if (!is_shared && depth <= deepest_nesting) return {text, depth};
  const Address word = take_word();
  stored_[id] = word;
  lines.push_back("mstore(" + hex(word) + ", " + text + ')');
  return {"mload(" + hex(word) + ')', 1};
}

}  // namespace ezkl::evm
