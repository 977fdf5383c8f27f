#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "field/fr.hpp"
#include "plonk/column.hpp"

namespace ezkl::plonk {

/// An expression over cells, kept as the tree in which it was written: the key digest prints trees, so shape counts
/// (spec of the published system: `a - b` is sum(a, neg(b)), nothing is ever simplified).
class Expression {
 public:
  enum class Op : std::uint8_t { constant, selector, fixed, advice, instance, challenge, negated, sum, product, scaled };

  struct Node {
    Op op = Op::constant;
    Fr value;                       ///< constant, and the factor of scaled
    std::uint32_t index = 0;        ///< selector / challenge number, column index of a query
    std::uint32_t query = 0;        ///< position in the list of queries of the column's kind
    std::int32_t rotation = 0;      ///< queries
    std::uint8_t phase = 0;         ///< advice queries and challenges
    bool simple = false;            ///< selectors
    std::shared_ptr<const Node> a;  ///< first operand
    std::shared_ptr<const Node> b;  ///< second operand of sum and product
  };

  Expression() = default;
  explicit Expression(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

  static Expression constant(const Fr& value);
  static Expression selector(std::uint32_t index, bool simple);
  static Expression query(const Column& column, std::uint32_t query, std::int32_t rotation);
  static Expression challenge(std::uint32_t index, std::uint8_t phase);

  Expression operator-() const;
  Expression operator+(const Expression& other) const;
  Expression operator-(const Expression& other) const { return *this + (-other); }
  Expression operator*(const Expression& other) const;
  Expression scaled(const Fr& factor) const;

  const Node& node() const { return *node_; }
  const std::shared_ptr<const Node>& shared() const { return node_; }
  bool empty() const { return node_ == nullptr; }
  /// Degree with every query and selector counted as 1.
  unsigned degree() const;
  /// Text by which lookup tables are told apart and ordered.
  std::string identifier() const;

 private:
  std::shared_ptr<const Node> node_;
};

}  // namespace ezkl::plonk
