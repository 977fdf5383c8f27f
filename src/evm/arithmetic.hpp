#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "evm/proof_layout.hpp"
#include "field/fr.hpp"
#include "plonk/expression.hpp"

namespace ezkl::evm {

/// Arithmetic modulo r as a graph in which equal nodes are one node, so that what several constraints share is
/// computed once. Constants fold; sums with 0 and products with 0 or 1 disappear.
class Arithmetic {
 public:
  using Id = std::uint32_t;
  enum class Kind : std::uint8_t { constant, calldata, memory, negated, sum, product };
  struct Node {
    Kind kind = Kind::constant;
    Fr value;             ///< constant
    Address address = 0;  ///< calldata, memory
    Id a = 0, b = 0;
  };

  Id constant(const Fr& value);
  Id calldata(Address address) { return intern({Kind::calldata, {}, address, 0, 0}); }
  Id memory(Address address) { return intern({Kind::memory, {}, address, 0, 0}); }
  Id add(Id a, Id b);
  Id neg(Id a);
  Id sub(Id a, Id b) { return add(a, neg(b)); }
  Id mul(Id a, Id b);
  /// `leaf` gives the node of a query or a challenge.
  Id expression(const plonk::Expression::Node& node, const std::function<Id(const plonk::Expression::Node&)>& leaf);

  const Node& node(Id id) const { return nodes_[id]; }
  bool is_constant(Id id, std::uint64_t value) const;

 private:
  Id intern(const Node& node);

  using Key = std::tuple<Kind, std::array<std::uint64_t, 4>, Address, Id, Id>;
  std::map<Key, Id> ids_;
  std::vector<Node> nodes_;
};

/// Renders nodes as Yul expressions in which `r` is the modulus. Operands are below r, but sums are reduced only when they
/// might pass 256 bits: an expression is congruent to its node, not necessarily below r. What is used more than once and
/// costs more than a memory word, or is nested too deep for the EVM's stack, goes to memory first.
class YulWriter {
 public:
  /// Memory words are taken from `free` upwards.
  YulWriter(const Arithmetic& graph, Address free) : graph_(graph), free_(free) {}

  /// Forgets the counts; what is stored stays stored.
  void forget_uses() { uses_.clear(); }
  /// Counts the uses below a node that will be rendered.
  void count(Arithmetic::Id id);
  /// From now on the memory word is also a variable of the block.
  void name_word(Address word, std::string variable) { variables_[word] = std::move(variable); }
  /// An expression; the statements that must come before it are appended to `lines`.
  std::string text(Arithmetic::Id id, std::vector<std::string>& lines) { return render(id, lines).text; }
  /// The same, at most r.
  std::string reduced_text(Arithmetic::Id id, std::vector<std::string>& lines) { return reduced(render(id, lines)); }
  /// The expression plus `term`, which is at most r.
  std::string sum_text(const std::string& term, Arithmetic::Id id, std::vector<std::string>& lines);

  /// Takes a memory word.
  Address take_word() { return std::exchange(free_, free_ + 0x20); }
  Address free() const { return free_; }

 private:
  struct Rendered {
    std::string text;
    unsigned depth;  ///< stack slots while it is evaluated
    unsigned bound;  ///< the value is at most bound * r
    unsigned gas;
  };
  struct Stored {
    Address word;
    unsigned bound;
  };
  static std::string reduced(const Rendered& value);
  Rendered render(Arithmetic::Id id, std::vector<std::string>& lines);

  const Arithmetic& graph_;
  Address free_;
  std::map<Arithmetic::Id, unsigned> uses_;
  std::map<Arithmetic::Id, Stored> stored_;
  std::map<Address, std::string> variables_;
};

/// "0x" and digits without leading zeros.
std::string hex(Address value);
std::string hex(const Fr& value);
std::string hex(const Fq& value);

}  // namespace ezkl::evm
