#include "evm/arithmetic.hpp"

#include <algorithm>

#include "ezkl/error.hpp"

namespace ezkl::evm {
namespace {

constexpr unsigned deepest_nesting = 7;
constexpr unsigned largest_bound = 5;  // 5r < 2^256 < 6r

// Gas; a load or a store includes its address.
constexpr unsigned push_gas = 3;
constexpr unsigned mod_gas = 5;
constexpr unsigned load_gas = 6;
constexpr unsigned mulmod_gas = 8;

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

std::string YulWriter::reduced(const Rendered& value) {
  return value.bound == 1 ? value.text : "mod(" + value.text + ", r)";
}

std::string YulWriter::sum_text(const std::string& term, Arithmetic::Id id, std::vector<std::string>& lines) {
  const auto value = render(id, lines);
  if (value.bound < largest_bound) return "add(" + term + ", " + value.text + ')';
  return "addmod(" + term + ", " + value.text + ", r)";
}

YulWriter::Rendered YulWriter::render(Arithmetic::Id id, std::vector<std::string>& lines) {
  using Kind = Arithmetic::Kind;
  const auto& node = graph_.node(id);
  switch (node.kind) {
    case Kind::constant:
      return {hex(node.value), 1, 1, push_gas};
    case Kind::calldata:
      return {"calldataload(" + hex(node.address) + ')', 1, 1, load_gas};
    case Kind::memory:
      if (const auto name = variables_.find(node.address); name != variables_.end()) return {name->second, 1, 1, push_gas};
      return {"mload(" + hex(node.address) + ')', 1, 1, load_gas};
    default:
      break;
  }
  if (const auto place = stored_.find(id); place != stored_.end()) {
    return {"mload(" + hex(place->second.word) + ')', 1, place->second.bound, load_gas};
  }
  Rendered out;
  if (node.kind == Kind::negated) {
    const auto operand = render(node.a, lines);
    // r - v must not wrap around
    out = {"sub(r, " + reduced(operand) + ')', operand.depth + 1, 1,
           operand.gas + 2 * push_gas + (operand.bound == 1 ? 0 : push_gas + mod_gas)};
  } else {
    auto a = render(node.a, lines);
    auto b = render(node.b, lines);
    if (a.depth > b.depth) std::swap(a, b);
    const std::string operands = a.text + ", " + b.text;
    if (node.kind == Kind::sum && a.bound + b.bound <= largest_bound) {
      out = {"add(" + operands + ')', std::max(b.depth, a.depth + 1), a.bound + b.bound, a.gas + b.gas + push_gas};
    } else {
      out = {(node.kind == Kind::sum ? "addmod(" : "mulmod(") + operands + ", r)", std::max(b.depth + 1, a.depth + 2), 1,
             a.gas + b.gas + push_gas + mulmod_gas};
    }
  }
  const unsigned uses = uses_[id];
  const bool is_worth_a_word = uses > 1 && (uses - 1) * out.gas > load_gas * (uses + 1);
  if (!is_worth_a_word && out.depth <= deepest_nesting) return out;
  const Address word = take_word();
  stored_[id] = {word, out.bound};
  lines.push_back("mstore(" + hex(word) + ", " + out.text + ')');
  return {"mload(" + hex(word) + ')', 1, out.bound, load_gas};
}

}  // namespace ezkl::evm
