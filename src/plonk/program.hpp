#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "field/fr.hpp"
#include "plonk/expression.hpp"

namespace ezkl::plonk {

/// A cell of column `slot`, `rotation` rows away from the row in hand. What a slot number means is up to the user.
struct Leaf {
  std::uint32_t slot = 0;
  std::int32_t rotation = 0;

  bool operator==(const Leaf&) const = default;
};

/// What the leaves of an Expression stand for.
struct LeafNames {
  std::uint32_t advice = 0, fixed = 0, instance = 0, selector = 0;  ///< slot of column (or selector) 0 of each kind
  std::span<const Fr> challenges;
};

/// Expressions as one graph in which equal sub-expressions are one node. Constants are folded, so scalars known when
/// the graph is built (challenges, powers of y) cost nothing later. An operand always has a smaller id than its user.
class ExpressionGraph {
 public:
  using Id = std::uint32_t;

  ExpressionGraph() = default;
  /// Leaves of the slots `zero` (ascending) are the constant 0.
  explicit ExpressionGraph(std::vector<std::uint32_t> zero) : zero_(std::move(zero)) {}

  enum class Op : std::uint8_t { constant, leaf, add, sub, mul, neg, scale, shift };
  struct Node {
    Op op;
    Id a;  ///< operand; number of the constant or of the leaf
    Id b;  ///< second operand; number of the constant for scale (a * b) and shift (a + b)
  };

  Id constant(const Fr& value);
  Id leaf(const Leaf& leaf);
  Id add(Id a, Id b);
  Id sub(Id a, Id b);
  Id mul(Id a, Id b);
  Id neg(Id a);
  Id scale(Id a, const Fr& factor);

  Id import(const Expression& expression, const LeafNames& names);
  /// ((e_1 * theta + e_2) * theta + …): a tuple as one value.
  Id compress(std::span<const Expression> tuple, const Fr& theta, const LeafNames& names);

  const std::vector<Node>& nodes() const { return nodes_; }
  const Fr& constant_value(std::uint32_t number) const { return constants_[number]; }
  const Leaf& leaf_value(std::uint32_t number) const { return leaves_[number]; }
  /// The slots that `root` reads, ascending, each once.
  std::vector<std::uint32_t> slots_of(Id root) const;
  /// Value of `root` with the leaves taken from `value`.
  Fr evaluate(Id root, const std::function<Fr(const Leaf&)>& value) const;

 private:
  struct Key {
    Op op;
    Id a, b;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct ValueHash {
    std::size_t operator()(const Fr& value) const { return value.limb[0] ^ (value.limb[3] << 7); }
  };

  Id node(Op op, Id a, Id b);
  std::uint32_t constant_number(const Fr& value);
  bool is(Id a, Op op) const { return nodes_[a].op == op; }
  const Fr& value_of(Id a) const { return constants_[nodes_[a].a]; }
  const Fr& second_constant(Id a) const { return constants_[nodes_[a].b]; }
  std::vector<bool> reachable(std::span<const Id> roots) const;

  std::vector<std::uint32_t> zero_;
  std::vector<Node> nodes_;
  std::vector<Fr> constants_;
  std::vector<Leaf> leaves_;
  std::unordered_map<Key, Id, KeyHash> known_;
  std::unordered_map<Fr, std::uint32_t, ValueHash> constant_numbers_;
  std::unordered_map<std::uint64_t, std::uint32_t> leaf_numbers_;
  friend class Program;
};

/// One step of a Program: registers hold one value a row of the block in hand.
struct ProgramStep {
  enum class Code : std::uint8_t { load, fill, add, sub, mul, neg, scale, shift, mul_add, scale_add, output };
  Code code = Code::load;
  std::uint32_t out = 0;       ///< register; number of the output for `output`
  std::uint32_t a = 0, b = 0;  ///< registers; leaf number for `load`
  std::uint32_t c = 0;         ///< register: what mul_add and scale_add add
  Fr value;                    ///< fill, scale, shift, scale_add
  /// For kernels that leave values unreduced: what is subtracted is at most this many times the modulus, and whether
  /// the result may grow too large and must be brought down (to below twice the modulus).
  std::uint8_t subtrahend_bound = 1;
  bool reduce = false;
};

/// Some roots of a graph as straight-line code over blocks of rows. A block is short enough for its intermediate values
/// to stay in the cache; each step is one vector kernel over the block.
class Program {
 public:
  static constexpr std::size_t block_rows = 256;

  Program(const ExpressionGraph& graph, std::span<const ExpressionGraph::Id> outputs);

  /// Gives `count` rows of a leaf from row `begin` on: a pointer into the column, or `scratch` filled with the values.
  using Fetch = std::function<const Fr*(const Leaf& leaf, std::size_t begin, std::size_t count, Fr* scratch)>;
  /// Takes `count` rows of output number `output`.
  using Sink = std::function<void(std::size_t output, std::size_t begin, std::size_t count, const Fr* values)>;

  /// Rows begin .. end-1, serially. Both functions may be called from several threads when run() is.
  void run(std::size_t begin, std::size_t end, const Fetch& fetch, const Sink& sink) const;
  /// The same in parallel over ranges of rows.
  void run_parallel(std::size_t rows, const Fetch& fetch, const Sink& sink) const;

  std::size_t products() const;  ///< field products a row

 private:
  class Compiler;

  void run_plain(std::size_t begin, std::size_t end, const Fetch& fetch, const Sink& sink) const;

  std::vector<Leaf> leaves_;
  std::vector<ProgramStep> steps_;
  std::size_t registers_ = 0;
};

}  // namespace ezkl::plonk
